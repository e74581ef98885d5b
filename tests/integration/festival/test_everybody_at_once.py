"""Everybody is due at ten o'clock: few tasks, nothing twice, caps hold, every fate is known in the end."""

from collections import Counter
from datetime import timedelta

import pytest

from infra.local.wecom.acts.confirmations import ConfirmPolicy
from tests.integration.festival.crowd import CORP, DUE, GREEDY, Crowd, document
from tests.integration.festival.festival import Festival

SAMPLE = Crowd(staff=10, customers=2_000)
FULL = Crowd(staff=1_000, customers=200_000, regulars=20_500)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """2,000 customers of 10 staff; in full 200,000 of 1,000, one of whom has more than two tasks can hold."""
    if "crowd" in metafunc.fixturenames:
        full = metafunc.config.getoption("--prove")
        metafunc.parametrize("crowd", [FULL if full else SAMPLE], ids=["full" if full else "sample"])


def test_everybody_who_is_due_at_ten_is_reached_once_by_few_tasks(crowd: Crowd) -> None:
    with Festival(crowd) as cloud:
        cloud.gather_people()
        cloud.wecom.set_confirm_policy(ConfirmPolicy(timedelta(minutes=10)))
        cloud.strike_ten()
        cloud.go_on(timedelta(minutes=4))
        sends = list(cloud.wecom.state.corp(CORP).group_sends.values())
        assert len(sends) == crowd.group_sends()
        asked = Counter(customer for send in sends for part in send.receivers.values() for customer in part)
        people = crowd.customers + crowd.regulars
        assert (len(asked), set(asked.values())) == (people, {1})
        cloud.go_on(timedelta(minutes=45))
        pushes = [document(item) for item in cloud.memory.all("pushes") if "customer_id" in item]
        greedy = len(range(0, people, GREEDY))
        assert Counter((push["state"], push.get("reason")) for push in pushes) == {
            ("delivered", None): people,
            ("skipped", "cap_day"): greedy,
        }
        assert Counter(item["state"]["S"] for item in cloud.memory.all("pushes") if item["member"]["S"][0] == "~") == {
            "send_closed": crowd.group_sends()
        }
        names = Counter(document(item)["name"] for item in cloud.memory.all("behaviours"))
        assert names == {"chaoxi.push_delivered": people}
        runs = [document(item) for item in cloud.memory.all("enrolments")]
        assert {tuple(run["done"]) for run in runs} == {("greet",)}
        assert not any(queue.messages for queue in cloud.queues.by_arn.values())
        assert cloud.calls["deliver"] <= 2 * len({send.content.text for send in sends}) * crowd.staff + 1


def test_who_is_due_at_0946_is_gathered_for_ten_and_nothing_goes_out_before() -> None:
    crowd = Crowd(staff=4, customers=80, due=DUE - timedelta(minutes=14))
    with Festival(crowd) as cloud:
        cloud.gather_people()
        cloud.strike_ten()
        cloud.run_until(DUE)
        sends = cloud.wecom.state.corp(CORP).group_sends
        assert len(sends) == 0
        cloud.run_for(timedelta(minutes=3))
        assert len(sends) == crowd.group_sends()
        assert {push["state"] for push in map(document, cloud.memory.all("pushes")) if "batch" in push} == {
            "submitted", "skipped",
        }  # fmt: skip
