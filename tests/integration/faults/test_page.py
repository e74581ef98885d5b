"""docs/fault-matrix.md tells of the calls that the functions make, and of no others."""

from tests.integration.faults.cells import MEANING
from tests.integration.faults.matrix import clean_runs
from tests.integration.faults.page import PAGE, read, written

HOW = "write the page anew: python -m tests.integration.faults --write --new"


def test_the_page_has_a_line_for_every_call_that_a_function_makes_and_for_no_other():
    assert sorted(read(PAGE.read_text())) == sorted(point.id for point in clean_runs().points), HOW


def test_what_the_page_says_is_read_as_it_was_written():
    signs = {point.id: ["=", "↩", "✎", "↩✎", "=", "=", "="] for point in clean_runs().points}
    assert read(written(clean_runs().points, signs)) == signs


def test_every_sign_on_the_page_is_explained():
    assert {sign for signs in read(PAGE.read_text()).values() for sign in signs} <= MEANING.keys()
