"""One cell of the matrix: what became of a story with a fault, in one sign."""

import sys

from tests.integration.faults.invariants import broken
from tests.integration.faults.matrix import Row, clean_runs, outcome
from tests.integration.faults.playing import Played, played

SAME, PUT_BACK, REASONED, WRONG = "=", "↩", "✎", "✗"
MEANING = {
    SAME: "as if nothing had happened: what was not finished was delivered again",
    PUT_BACK: "it was set aside with its reason, or given up after all retries; `redrive` put it back, "
              "and it ended as if nothing had happened",
    REASONED: "it ended otherwise: later, elsewhere, or not sent with a stored reason",
    PUT_BACK + REASONED: "put back by `redrive`, and ended otherwise for the time that was lost",
}


def sign(row: Row) -> str:
    """Play a row and return its sign; `✗`, told on standard error, where an invariant does not hold."""
    try:
        return checked_sign(row)
    except AssertionError as wrong:
        print(f"\n{row.id}: {wrong}", file=sys.stderr)
        return WRONG


def checked_sign(row: Row) -> str:
    """Play a row and return its sign. Raises AssertionError when an invariant does not hold."""
    with played(row.point.story, row.point, row.fault) as stage:
        assert stage.interruption
        assert stage.interruption.happened, "it never came to that"
        wrong = broken(stage)
        assert not wrong, wrong
        return sign_of(stage, row.point.story)


def sign_of(stage: Played, story: str) -> str:
    """Return the sign of a story that has been played with a fault."""
    is_put_back = len(stage.set_aside) > clean_runs().set_aside[story]
    is_other = outcome(stage) != clean_runs().ends[story]
    return (PUT_BACK if is_put_back else "") + (REASONED if is_other else "") or SAME
