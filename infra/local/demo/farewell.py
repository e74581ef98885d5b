"""The last lines: how it went, where everything is, and how to stop it."""

from collections.abc import Sequence

from infra.local.demo.board import counts
from infra.local.demo.cast import Person
from infra.local.demo.performance import Performance
from infra.local.demo.scene import CORP


def summary(performance: Performance, wrong: Sequence[str]) -> str:
    """Return how it went."""
    reading, meter = performance.reading, performance.meter
    lines = [
        "",
        f"After {reading.seconds:.0f} s:",
        f"  customers by stage   {counts(reading.stages)}",
        f"  welcomes             {counts(reading.welcomes)}",
        f"  pushes by state      {counts(reading.pushes)}",
        f"  why not sent         {counts(reading.reasons)}",
        f"  group-send tasks     {reading.tasks_waiting} waiting, {reading.tasks_confirmed} confirmed by staff",
        f"  due and unaccounted  {performance.still_waiting}",
        f"  invocations          {meter.invocations:,}",
        f"  cost at list prices  ${meter.cost:.4f} (Lambda and API Gateway, Singapore)",
        *(f"  WRONG: {each}" for each in wrong),
    ]
    return "\n".join(lines if wrong else [*lines, "Every step that was due was sent, or has a reason."])


def whereabouts(performance: Performance, people: Sequence[Person]) -> str:
    """Return where everything is."""
    scene, somebody = performance.scene, performance.liveliest(people)
    story = scene.operator.pasteable("story", f"wecom:{CORP}:{somebody.external_userid}")
    return "\n".join((
        "",
        f"API                   {scene.outputs.api_url}",
        f"Inbox of {somebody.name:<12} {scene.simulator_url}/inbox/{somebody.external_userid}",
        f"All inboxes and staff {scene.simulator_url}/",
        f"Log of the emulator   {scene.emulator.log}",
        f"The whole story of {somebody.name}, from anywhere:",
        f"  {story}",
        "Time goes on in here. Ctrl-C ends everything and leaves nothing running.",
    ))
