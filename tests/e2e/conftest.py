"""One emulator, one simulator and one deployment for all end-to-end tests. Every test has customers of its own."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from infra.local.demo.cast import staff_of
from infra.local.demo.options import Options
from infra.local.demo.scene import scene
from infra.local.wecom import ConfirmPolicy
from tests.e2e.cloud import Cloud


@pytest.fixture(scope="session")
def cloud() -> Iterator[Cloud]:
    with scene(Options(), staff_of(3)) as built:
        built.world.set_confirm_policy(ConfirmPolicy(timedelta(seconds=1)))
        yield Cloud(built)
