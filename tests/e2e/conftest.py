"""One emulator, one simulator and one deployment for all end-to-end tests. Every test has customers of its own.

The peak has a deployment to itself, whose playbook has no other steps; it is played once, and looked at by many tests.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from infra.local.demo.cast import staff_of
from infra.local.demo.options import Options
from infra.local.demo.scene import scene
from infra.local.festival.stage import stage
from infra.local.wecom import ConfirmPolicy
from tests.e2e.cloud import Cloud
from tests.e2e.crowds import FULL, SMALL, Peak, play


@pytest.fixture(scope="session")
def cloud() -> Iterator[Cloud]:
    with scene(Options(), staff_of(3)) as built:
        built.world.set_confirm_policy(ConfirmPolicy(timedelta(seconds=1)))
        yield Cloud(built)


@pytest.fixture(scope="session")
def peak(request: pytest.FixtureRequest) -> Iterator[Peak]:
    """Play a peak: all of it when the proof is asked for, else a small one."""
    festival = FULL if request.config.getoption("--prove") else SMALL
    with stage(festival) as crowd:
        yield play(crowd, festival)
