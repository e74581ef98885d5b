from collections.abc import Iterator

import pytest

from infra.local.wecom import WecomServer, WecomWorld
from tests.unit.simulator.scene import Clock, small_world


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> WecomWorld:
    return small_world(clock)


@pytest.fixture
def server(world: WecomWorld) -> Iterator[WecomServer]:
    with WecomServer(world) as running:
        yield running
