"""Any remote call of any function may go wrong, in seven ways; what it did not finish is delivered again, or put back.

The rows are found by watching the stories run: see docs/fault-matrix.md.
"""

from tests.integration.faults.invariants import broken
from tests.integration.faults.kinds import PASSING
from tests.integration.faults.matrix import Row, all_rows, clean_runs, nameless, outcome, sample
from tests.integration.faults.playing import played

READS_THE_NAME = ("http GET /cgi-bin/gettoken", "http GET /cgi-bin/externalcontact/get")


def pytest_generate_tests(metafunc):
    """Draw a sample of the matrix, or take all of it."""
    if "row" in metafunc.fixturenames:
        rows = all_rows() if metafunc.config.getoption("--prove") else sample()
        metafunc.parametrize("row", rows, ids=[row.id for row in rows])


def test_whatever_goes_wrong_with_a_call_nothing_is_sent_twice_lost_or_half_done(row):
    with played(row.point.story, row.point, row.fault) as stage:
        assert stage.interruption
        assert stage.interruption.happened
        assert broken(stage) == []
        if row.fault in PASSING:
            assert_nothing_changed(row, outcome(stage))


def assert_nothing_changed(row: Row, found: dict[str, object]) -> None:
    """A fault that passes may delay, but it changes nothing."""
    clean = clean_runs().ends[row.point.story]
    if row.point.call in READS_THE_NAME and row.point.function == "greet" and not row.fault.startswith("killed"):
        assert nameless(found) == nameless(clean)
    else:
        assert found == clean
