"""One corp app's access to WeCom, on a platform that says what the test wants."""

import json
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.access import Access, cooled_until
from chalicelib.errors import TransientError
from chalicelib.gateways.wecom.client import WeComApp
from chalicelib.gateways.wecom.tokens import Tokens
from chalicelib.gateways.wecom.transport import Request
from chalicelib.gateways.wecom.trouble import CurableError, HeldError, NoAnswerError, RefusedError
from tests.unit.outgoing.shared_tokens import SharedTokens

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
API = "externalcontact/get"


class Platform:
    """Issues a token a call of gettoken, and answers the codes in its script, then 0."""

    def __init__(self, *codes: int) -> None:
        self.codes = list(codes)
        self.token_codes: list[int] = []
        self.requests: list[Request] = []
        self.tokens = 0
        self.lock = threading.Lock()

    def __call__(self, request: Request) -> bytes:
        with self.lock:
            self.requests.append(request)
            return json.dumps(self.answer(request)).encode()

    def answer(self, request: Request) -> dict[str, Any]:
        if request.api == "gettoken":
            self.tokens += 1
            code = self.token_codes.pop(0) if self.token_codes else 0
            return {"errcode": code, "access_token": f"token-{self.tokens}", "expires_in": 7200}
        return {"errcode": self.codes.pop(0) if self.codes else 0, "used": request.query["access_token"]}


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shared() -> SharedTokens:
    return SharedTokens()


Worker = Callable[..., WeComApp]


@pytest.fixture
def worker(clock: Clock, shared: SharedTokens) -> Worker:
    """Return a maker of workers: each has nothing warm, all share the tokens."""

    def make(platform: Platform, account: str = "main") -> WeComApp:
        return WeComApp(account, "wwcorp", "top-secret", platform, Tokens(shared, clock, clock.pause))

    return make


def test_workers_share_one_token(worker: Worker) -> None:
    platform = Platform()
    assert [worker(platform).call(API, query={})["used"] for _ in range(3)] == ["token-1"] * 3
    assert platform.tokens == 1


def test_accounts_do_not_share_one(worker: Worker) -> None:
    platform = Platform()
    assert {worker(platform, name).call(API, query={})["used"] for name in ("main", "other")} == {"token-1", "token-2"}


@pytest.mark.parametrize(("after", "token"), [(0, "token-1"), (114, "token-1"), (116, "token-2")])
def test_a_token_is_renewed_five_minutes_before_its_end(worker: Worker, clock: Clock, after: int, token: str) -> None:
    platform = Platform()
    worker(platform).call(API, query={})
    clock.now += after * MINUTE
    assert worker(platform).call(API, query={})["used"] == token


@pytest.mark.parametrize("code", [40014, 42001])
def test_a_token_that_is_turned_down_is_replaced_and_the_call_made_once_more(worker: Worker, code: int) -> None:
    platform = Platform(code)
    assert worker(platform).call(API, query={})["used"] == "token-2"


def test_a_token_that_another_worker_replaced_meanwhile_is_used_and_not_replaced_again(
    worker: Worker, shared: SharedTokens
) -> None:
    platform = Platform()
    late = worker(platform)
    for _ in range(2):
        late.call(API, query={})
    shared.renew(shared.fetch("main"), "token-by-another", NOON + 2 * HOUR)
    platform.codes = [40014]
    assert late.call(API, query={})["used"] == "token-by-another"
    assert platform.tokens == 1


def test_a_second_refusal_of_a_token_ends_the_call(worker: Worker) -> None:
    platform = Platform(40014, 40014)
    with pytest.raises(CurableError):
        worker(platform).call(API, query={})
    assert platform.tokens == 2


def test_many_workers_at_once_fetch_one_token(shared: SharedTokens) -> None:
    platform, used = Platform(), []

    def work() -> None:
        tokens = Tokens(shared, lambda: datetime.now(UTC), time.sleep)
        used.append(WeComApp("main", "wwcorp", "top-secret", platform, tokens).call(API, query={})["used"])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert used == ["token-1"] * 8


def test_a_worker_that_died_while_fetching_holds_the_others_up_for_ten_seconds(
    worker: Worker, shared: SharedTokens, clock: Clock
) -> None:
    shared.lease(Access(name="main"), NOON, NOON + timedelta(seconds=10))
    assert worker(Platform()).call(API, query={})["used"] == "token-1"
    assert timedelta(seconds=10) <= clock.now - NOON <= timedelta(seconds=11)


def test_an_old_token_is_good_enough_while_another_worker_fetches_the_next(
    worker: Worker, shared: SharedTokens, clock: Clock
) -> None:
    platform = Platform()
    worker(platform).call(API, query={})
    clock.now += 117 * MINUTE
    shared.lease(shared.fetch("main"), clock.now, clock.now + HOUR)
    assert worker(platform).call(API, query={})["used"] == "token-1"


def test_a_token_that_nobody_brings_is_a_passing_trouble(worker: Worker, shared: SharedTokens) -> None:
    shared.lease(Access(name="main"), NOON, NOON + HOUR)
    with pytest.raises(TransientError, match="no token"):
        worker(Platform()).call(API, query={})


def test_a_wrong_secret_is_tried_once_by_all_workers_together_and_harms_no_other_account(
    worker: Worker, clock: Clock
) -> None:
    platform = Platform()
    platform.token_codes = [40001]
    for _ in range(4):
        with pytest.raises(HeldError):
            worker(platform).call(API, query={})
        clock.now += 10 * MINUTE
    assert platform.tokens == 1
    assert worker(platform, "other").call(API, query={})["used"] == "token-2"
    clock.now += 21 * MINUTE
    assert worker(platform).call(API, query={})["used"] == "token-3"


def test_another_secret_is_tried_at_once_and_ends_the_hold_for_everybody(
    worker: Worker, shared: SharedTokens, clock: Clock
) -> None:
    platform = Platform()
    platform.token_codes = [40001]
    with pytest.raises(HeldError):
        worker(platform).call(API, query={})
    corrected = worker(platform)
    corrected.secret = "the right one"
    assert corrected.call(API, query={})["used"] == "token-2"
    assert clock.now == NOON
    assert worker(platform).call(API, query={})["used"] == "token-2"
    assert not shared.fetch("main").is_held(NOON, worker(platform).mark)


def test_a_secret_that_stays_wrong_is_tried_after_an_hour_and_then_once_a_day(worker: Worker, clock: Clock) -> None:
    platform = Platform()
    platform.token_codes = [40001] * 9
    tries = []
    for hour in range(50):
        clock.now = NOON + hour * HOUR
        with pytest.raises(HeldError):
            worker(platform).call(API, query={})
        tries.append(platform.tokens)
    assert [hour for hour in range(1, 50) if tries[hour] > tries[hour - 1]] == [1, 25, 49]


@pytest.mark.parametrize("code", [40001, 40013, 40091, 41004, 99999])
def test_whatever_refuses_a_token_is_taken_for_the_account_and_not_for_the_content(worker: Worker, code: int) -> None:
    platform = Platform()
    platform.token_codes = [code] * 2
    for _ in range(2):
        with pytest.raises(HeldError):
            worker(platform).call(API, query={})
    assert platform.tokens == 1


def test_the_mark_of_a_secret_does_not_tell_it_and_is_another_for_another_account(worker: Worker) -> None:
    marks = {worker(Platform(), name).mark for name in ("main", "other")}
    assert len(marks) == 2
    assert "top-secret" not in "".join(marks)


def test_a_frequency_limit_stops_one_api_of_one_account(worker: Worker) -> None:
    platform = Platform(45009)
    with pytest.raises(HeldError):
        worker(platform).call(API, query={})
    with pytest.raises(HeldError):
        worker(platform).call(API, query={})
    assert worker(platform).call("externalcontact/list", query={})["used"] == "token-1"
    assert worker(platform, "other").call(API, query={})["used"] == "token-2"


def test_a_warm_worker_learns_of_another_ones_limit_within_five_seconds(worker: Worker, clock: Clock) -> None:
    platform = Platform()
    warm = worker(platform)
    warm.call(API, query={})
    platform.codes = [45009]
    with pytest.raises(HeldError):
        worker(platform).call(API, query={})
    clock.now += timedelta(seconds=5)
    with pytest.raises(HeldError):
        warm.call(API, query={})


@pytest.mark.parametrize(
    ("before", "wait"),
    [(None, MINUTE), (-HOUR, MINUTE), (-5 * MINUTE, MINUTE), (-4 * MINUTE, HOUR), (0 * MINUTE, HOUR)],
)
def test_a_limit_that_a_minute_did_not_cure_is_taken_for_the_hours(before: timedelta | None, wait: timedelta) -> None:
    assert cooled_until(None if before is None else NOON + before, NOON) == NOON + wait


@pytest.mark.parametrize(
    ("code", "error", "reason"),
    [
        (-1, CurableError, "wecom:-1"),
        (41063, CurableError, "wecom:41063"),
        (84061, RefusedError, "wecom:84061"),
        (60020, RefusedError, "wecom:60020"),
        (123456, RefusedError, "wecom:123456"),
    ],
)
def test_a_code_becomes_the_error_that_says_what_to_do(
    worker: Worker, code: int, error: type[Exception], reason: str
) -> None:
    with pytest.raises(error) as caught:
        worker(Platform(code)).call(API, query={})
    assert isinstance(caught.value, CurableError | RefusedError)
    assert caught.value.reason == reason


@pytest.mark.parametrize(("busy", "calls", "waited"), [(0, 1, 0), (1, 2, 1), (2, 3, 4)])
def test_a_busy_platform_is_called_up_to_three_times(
    worker: Worker, clock: Clock, busy: int, calls: int, waited: int
) -> None:
    platform = Platform(*[45033] * busy)
    worker(platform).call_patiently(API, {})
    assert len(platform.requests) == calls + 1
    assert clock.now - NOON == timedelta(seconds=waited)


@pytest.mark.parametrize(("code", "calls"), [(-1, 3), (41063, 1), (84061, 1), (45009, 1)])
def test_patience_is_for_a_busy_platform_only(worker: Worker, code: int, calls: int) -> None:
    platform = Platform(*[code] * 9)
    with pytest.raises((CurableError, HeldError, RefusedError)):
        worker(platform).call_patiently(API, {})
    assert len(platform.requests) == calls + 1


@pytest.mark.parametrize("body", [b"", b"\xff\xfe<html>", b"[]", b'"ok"', b"null"])
def test_an_answer_that_is_no_object_is_no_answer(worker: Worker, body: bytes) -> None:
    app = worker(Platform())
    app.call(API, query={})
    app.transport = lambda request: body
    with pytest.raises(NoAnswerError):
        app.call(API, query={})


def test_a_body_goes_out_as_readable_utf_8(worker: Worker) -> None:
    platform = Platform()
    worker(platform).call("externalcontact/remark", {"remark": "老客户"})
    assert platform.requests[-1].body == '{"remark": "老客户"}'.encode()


def test_what_can_be_printed_of_an_app_and_its_requests_holds_no_secret(worker: Worker) -> None:
    platform = Platform()
    app = worker(platform)
    app.call(API, query={})
    printed = repr(app) + "".join(map(repr, platform.requests))
    assert "top-secret" not in printed
    assert "token-1" not in printed
