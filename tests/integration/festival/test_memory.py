"""How much memory a function takes for the largest batches, in a process of its own, over real sockets.

The number is the kernel's high-water mark of the resident set (VmHWM) of a process that holds nothing but the function:
the tables, the queues and WeCom are in the test's process. It is what Lambda's `Max Memory Used` counts, but for the
runtime's own few megabytes and for TLS.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.push import Push, digest
from chalicelib.models import playbooks
from chalicelib.models.pushes import PushRow
from chalicelib.models.tokens import TokenRow
from infra.local.wecom.state.people import Account
from infra.local.wecom.web.server import WecomServer
from infra.local.wecom.world import WecomWorld
from tests.harness.wecom import WecomCloud
from tests.integration.festival.crowd import ACCOUNT, CORP, PLAYBOOK, customer_item, document, enrolment_item
from tests.integration.festival.express import express
from tests.integration.festival.services import Services, served

LIMIT_MB = 256
SECRET = "main-secret"
SETTINGS = {"kind": "wecom", "corp_id": CORP, "token": "t", "aes_key": "k", "secret": SECRET}
STAFF = "staff0000"
BATCH = f"{ACCOUNT}/{STAFF}/festival@1/spring/20260302T0200Z"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """1,000 members of a batch; in full 30,000, which are three tasks."""
    if "members" in metafunc.fixturenames:
        metafunc.parametrize("members", [30_000 if metafunc.config.getoption("--prove") else 1_000])


class Stage:
    """AWS and WeCom on sockets, and functions that are called there."""

    def __init__(self, services: Services, world: WecomWorld, urls: dict[str, str]) -> None:
        self.services, self.world, self.urls = services, world, urls

    def befriends(self, number: int) -> list[str]:
        """Let customers be friends of the staff member."""
        names = [f"wm{one:07d}" for one in range(number)]
        for name in names:
            self.world.follow(STAFF, name, corp_id=CORP)
        return names

    def calls(self, function: str, *bodies: dict[str, Any]) -> dict[str, Any]:
        """Call a function in its own process with a message an event, and say what it took."""
        events = [{"Records": [{"messageId": "m", "body": json.dumps(body)}]} for body in bodies]
        return self.calls_with(function, *events)

    def calls_with(self, function: str, *events: dict[str, Any]) -> dict[str, Any]:
        """Call a function in its own process with events, and say what it took."""
        given = {**os.environ, **WecomCloud().stack.environments[LAMBDA[function]], **self.urls}
        done = subprocess.run(
            [sys.executable, "-m", "tests.integration.festival.function", f"app.{function}"],
            input="\n".join(json.dumps(event) for event in events),
            env={**given, "_HANDLER": f"app.{function}"},
            capture_output=True,
            text=True,
            check=True,
        )
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        times = f"{told['seconds']:.0f} s, {told['tries']} tries at most"
        print(f"{function}: {told['loaded']:.0f} MB loaded, {told['peak']:.0f} MB at most, {times}")
        print("\n".join(line for line in done.stdout.splitlines() if "a record comes back" in line))
        return told


LAMBDA = {"pushes_planned": "deliver", "results_due": "collect", "step_due": "run_step"}


@pytest.fixture
def stage() -> Iterator[Stage]:
    """Stand up what a function finds around it."""
    world = WecomWorld(lambda: datetime.now(UTC))
    world.change_rules({"dispatch_delay": 0})
    world.add_account(Account(ACCOUNT, CORP, SECRET))
    world.add_staff(CORP, STAFF)
    services = Services(parameters={f"/chaoxi/chaoxi-test/accounts/{ACCOUNT}": json.dumps(SETTINGS)})
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    token = TokenRow(account=ACCOUNT, version=1, token=world.token(ACCOUNT), expires_at=soon)
    services.tables.hold("tokens", [token.to_dynamodb_dict()])
    with express(services.tables):
        playbooks.store_version(PLAYBOOK)
    with ExitStack() as up:
        url, wecom = up.enter_context(served(services)), up.enter_context(WecomServer(world))
        yield Stage(services, world, {"AWS_ENDPOINT_URL": url, "WECOM_BASE_URL": wecom.base_url})


def planned(customer: str) -> Push:
    """Return a push that waits in the batch."""
    now = datetime.now(UTC)
    return Push(
        batch=BATCH, member=digest("push", customer), channel="group_send", customer_id=f"c-{digest(customer)}",
        run="spring", stage="in", step="greet", rule="festival@1/spring/in/greet", content="festival@1/spring",
        account=ACCOUNT, staff=STAFF, external_userid=customer, slot=now, planned_at=now, bucket=1, state="planned",
        because=f"wecom:{CORP}:{customer}/2026-03-02T01:00:00.000Z#{digest('x', customer)}",
    )  # fmt: skip


def fates(stage: Stage) -> Counter[str]:
    """Count the pushes of the batch by state."""
    return Counter(document(item)["state"] for item in stage.services.tables.all("pushes") if "customer_id" in item)


def test_a_staff_members_whole_batch_fits_into_256_mb_when_it_is_sent_and_when_its_results_come(
    stage: Stage, members: int
) -> None:
    names = stage.befriends(members)
    stage.services.tables.hold("pushes", (PushRow.holding(planned(name)).to_dynamodb_dict() for name in names))
    delivered = stage.calls("pushes_planned", {"batch": BATCH, "bucket": 1})
    assert fates(stage) == {"submitted": members}
    sends = list(stage.world.state.corp(CORP).group_sends.values())
    assert len(sends) == -(-members // 10_000)
    stage.world.confirm_all()
    wakeups = [json.loads(schedule["Target"]["Input"]) for schedule in stage.services.schedules]
    assert len(wakeups) == len(sends)
    collected = [stage.calls("results_due", wakeup) for wakeup in wakeups]
    assert fates(stage) == {"delivered": members}
    assert max(told["peak"] for told in (delivered, *collected)) <= LIMIT_MB


def test_steps_fit_into_256_mb_however_many_a_process_runs(stage: Stage, members: int) -> None:
    names = stage.befriends(members // 20)
    for name in names:
        stage.services.tables.hold("customers", [customer_item(name, STAFF)])
        stage.services.tables.hold("enrolments", [enrolment_item(name, "spring")])
    due = [{"customer_id": f"c-{name}", "run": "spring", "version": 1} for name in names]
    records = [{"messageId": f"m{number}", "body": json.dumps(body)} for number, body in enumerate(due)]
    batches = [{"Records": records[start : start + 10]} for start in range(0, len(records), 10)]
    told = stage.calls_with("step_due", *batches)
    assert told["answers"] == [{"batchItemFailures": []}] * len(batches)
    assert fates(stage) == {"planned": len(names)}
    assert told["peak"] <= LIMIT_MB
