"""Whatever happens, in whatever order: the loop does what a page of plain Python says, and nothing else."""

import os
import random

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.integration.model.machine import Loop

SHARDS = 4
QUIETLY = settings(
    deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink)
)
SAMPLE = settings(QUIETLY, max_examples=5, stateful_step_count=20)
PROOF = settings(QUIETLY, max_examples=80, stateful_step_count=40)


@pytest.mark.parametrize("shard", range(SHARDS))
def test_whatever_happens_nobody_gets_anything_twice_and_nothing_due_is_forgotten(shard, request):
    is_proof = request.config.getoption("--prove")
    chosen = int(os.environ.get("LOOP_SEED", random.SystemRandom().randrange(10**6) if is_proof else 0))
    print(f"LOOP_SEED={chosen} plays the same examples again")
    run_state_machine_as_test(played(chosen * SHARDS + shard), settings=PROOF if is_proof else SAMPLE)


def played(number: int) -> type[Loop]:
    """Return a machine of its own, which draws what a number says."""
    return seed(number)(type("Loop", (Loop,), {}))
