from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import urllib3

from infra.local.wecom.state.faults import FaultKind
from tests.harness import Cloud, Delivery
from tests.harness.wecom import MAIN, WecomCloud

pytestmark = pytest.mark.integration
NOTHING: dict[str, Any] = {"Records": []}
TOKEN = "https://qyapi.weixin.qq.com/cgi-bin/gettoken?corpid=wwcorp&corpsecret=main-secret"


def ask(event: Any, context: Any) -> Any:
    """Ask the platform for a token, with a patience of five seconds."""
    answer = urllib3.PoolManager().request("GET", TOKEN, timeout=urllib3.Timeout(read=5), retries=False)
    return answer.json()["errcode"]


@pytest.fixture
def platform() -> Iterator[WecomCloud]:
    """A cloud whose one function asks the platform."""
    with WecomCloud({"ask": ask}) as cloud:
        yield cloud


@pytest.fixture
def cloud() -> Iterator[WecomCloud]:
    """The whole stack."""
    with WecomCloud() as up:
        up.wecom.add_staff(MAIN.corp_id, "zhang")
        yield up


def outcomes(cloud: Cloud) -> list[str]:
    return [one.outcome for one in cloud.invocations if one.function == "api_handler"]


def test_the_platform_answers_the_products_calls(platform: WecomCloud) -> None:
    invocation = platform.invoke("ask", NOTHING)
    assert invocation.answer == 0
    assert [str(call) for call in invocation.calls] == ["http GET /cgi-bin/gettoken"]
    assert [call.path for call in platform.wecom.calls] == ["gettoken"]


def test_a_call_that_hangs_costs_the_callers_patience_and_ends_as_urllib3_ends_it(platform: WecomCloud) -> None:
    platform.wecom.faults.add("gettoken", FaultKind.TIMEOUT_BEFORE)
    before = platform.now
    error = platform.invoke("ask", NOTHING).error
    assert isinstance(error, urllib3.exceptions.ReadTimeoutError)
    assert platform.now == before + timedelta(seconds=5)


def test_an_answer_that_is_slower_than_the_caller_waits_is_lost(platform: WecomCloud) -> None:
    platform.wecom.change_rules({"latency": 6})
    error = platform.invoke("ask", NOTHING).error
    assert isinstance(error, urllib3.exceptions.ReadTimeoutError)


def test_a_connection_that_breaks_after_the_call_is_a_broken_one(platform: WecomCloud) -> None:
    platform.wecom.faults.add("gettoken", FaultKind.DROP_AFTER)
    assert isinstance(platform.invoke("ask", NOTHING).error, urllib3.exceptions.ProtocolError)
    assert [call.path for call in platform.wecom.calls] == ["gettoken"]


def test_a_follow_reaches_the_product_as_an_encrypted_callback_and_is_stored(cloud: WecomCloud) -> None:
    followed = cloud.wecom.follow("zhang", "wm1", "李雷")
    assert followed.deliveries["main"].is_accepted
    assert [row["subject"] for row in cloud.tables()["behaviours"]] == ["wecom:wwcorp:wm1"]


def test_a_callback_that_dies_is_sent_again_by_the_platform(cloud: WecomCloud) -> None:
    cloud.crash("api_handler", "before", 1)
    assert cloud.wecom.follow("zhang", "wm1").deliveries["main"].attempts == 2
    assert outcomes(cloud) == ["crashed", "ok"]


def test_with_duplicates_every_callback_comes_twice_and_is_stored_once() -> None:
    with WecomCloud(delivery=Delivery(duplicates=True)) as cloud:
        cloud.wecom.add_staff(MAIN.corp_id, "zhang")
        cloud.wecom.follow("zhang", "wm1")
        assert outcomes(cloud) == ["ok", "ok"]
        assert len(cloud.tables()["behaviours"]) == 1
