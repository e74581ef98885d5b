"""On whose behalf a use case works, said to the meter in the ledger's words."""

from collections import Counter
from collections.abc import Iterable

from chalicelib import metering
from chalicelib.domain.enrolment import Enrolment
from chalicelib.domain.push import Push
from chalicelib.metering import Key, key_of


def charge_pushes(pushes: Iterable[Push]) -> None:
    """Charge pushes, each as much as any other."""
    metering.share(Counter(key_of_push(push) for push in pushes))


def charge_enrolments(enrolments: Iterable[Enrolment]) -> None:
    """Charge runs, each as much as any other; none leaves the charge where it was."""
    metering.share(Counter(key_of_enrolment(enrolment) for enrolment in enrolments))


def key_of_push(push: Push) -> Key:
    """Return whose a push is. A welcome belongs to no journey."""
    journey = push.run.partition("#")[0]
    return key_of(
        account=push.account,
        journey=journey_key(push.rule.partition("@")[0], journey),
        stage=push.stage,
        step=push.step,
        content=push.content,
        staff=push.staff,
    )


def key_of_enrolment(enrolment: Enrolment) -> Key:
    """Return whose a run is."""
    journey = journey_key(enrolment.playbook, enrolment.journey)
    return key_of(journey=journey, stage=enrolment.stage, step=enrolment.step or "")


def journey_key(playbook: str, journey: str) -> str:
    """Return a journey's name among those of all playbooks, the same in all versions: `consultation/tea`."""
    return f"{playbook}/{journey}" if journey else ""
