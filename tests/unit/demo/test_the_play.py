import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

from infra.local.demo.cast import Act, Person
from infra.local.demo.play import CROWD, LONGEST_DELAY, Play, waiting_in
from infra.local.demo.tracking import Tracker
from infra.local.wecom import Account, CallbackAnswer, CallbackDriver, WecomWorld
from infra.local.wecom.envelopes import CallbackRequest

CORP = "wwdemo"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
AES_KEY = base64.b64encode(bytes(32)).decode().rstrip("=")


@dataclass(frozen=True)
class FakeTracker(Tracker):
    """Remembers what it was asked to report, and answers what it was told to."""

    status: int = 200
    sent: list[tuple[str, str, str]] = field(default_factory=list)

    def send(self, kind: str, external_userid: str, name: str, properties: dict[str, Any]) -> int:
        self.sent.append((kind, external_userid, name))
        return self.status


class Hurried(Event):
    """Lets every wait be over at once."""

    def wait(self, timeout: float | None = None) -> bool:
        return False


def person(number: int) -> Person:
    return Person(f"wm{number:04d}", "小王", "staff01", "store-qr")


def world_answering(status: int) -> WecomWorld:
    world = WecomWorld(lambda: NOW)
    world.add_account(Account("main", CORP, "secret", token="token", aes_key=AES_KEY))
    world.add_staff(CORP, "staff01")

    def answer(url: str, request: CallbackRequest) -> CallbackAnswer:
        return CallbackAnswer(status, "")

    driver = CallbackDriver("http://product/wechat/main", "token", AES_KEY, CORP, lambda: NOW, transport=answer)
    world.connect("main", driver.deliver)
    return world


def play_on(world: WecomWorld, status: int = 200, clock: Callable[[], float] = lambda: 0.0) -> tuple[Play, FakeTracker]:
    tracker = FakeTracker("http://product", "key", CORP, status)
    return Play(world, tracker, clock), tracker


def test_every_act_is_made_and_counted() -> None:
    play, tracker = play_on(world_answering(200))
    play.play([
        Act(0, person(1), "follow"),
        Act(0, person(1), "track", "Content Read"),
        Act(0, person(1), "page", "page"),
        Act(0, person(1), "unfollow"),
    ])
    assert dict(play.outcomes) == {"follow taken": 1, "track taken": 1, "page taken": 1, "unfollow taken": 1}
    assert tracker.sent == [("track", "wm0001", "Content Read"), ("page", "wm0001", "page")]


def test_what_the_product_does_not_take_is_counted_as_refused() -> None:
    play, _ = play_on(world_answering(500), status=401)
    play.play([Act(0, person(1), "follow"), Act(0, person(1), "track", "Content Read")])
    assert play.refused == 2


def test_an_act_that_the_platform_forbids_is_refused_and_the_play_goes_on() -> None:
    play, _ = play_on(world_answering(200))
    play.play([Act(0, person(1), "unfollow"), Act(0, person(2), "follow")])
    assert dict(play.outcomes) == {"unfollow refused": 1, "follow taken": 1}


def test_a_play_that_is_stopped_makes_nothing_more() -> None:
    play, _ = play_on(world_answering(200))
    play.stop()
    play.play([Act(0, person(1), "follow")])
    assert not play.outcomes


def test_nobody_new_follows_while_too_many_wait_for_their_welcome() -> None:
    play, _ = play_on(world_answering(200))
    play.stopped = Hurried()
    play.play([Act(0, person(number), "follow") for number in range(CROWD + 1)])
    assert play.delay >= LONGEST_DELAY
    assert play.outcomes["follow taken"] == CROWD + 1


def test_only_those_wait_whose_welcome_may_still_come() -> None:
    moments = [NOW]
    world = WecomWorld(lambda: moments[-1])
    world.add_account(Account("main", CORP, "secret"))
    world.add_staff(CORP, "staff01")
    world.follow("staff01", "wm0001")
    assert waiting_in(world) == 1
    moments.append(NOW + timedelta(seconds=21))
    assert waiting_in(world) == 0


def test_a_report_names_the_customer_as_wecom_knows_them() -> None:
    message = Tracker("http://product", "key", CORP).message("track", "wm0001", "Price Asked", {"product": "x"})
    assert message["context"]["externalIds"] == [
        {"id": "wm0001", "type": "wecom_external_userid", "collection": CORP, "encoding": "none"}
    ]
    assert (message["event"], message["userId"]) == ("Price Asked", "u-wm0001")


def test_the_write_key_is_the_name_of_basic_authentication() -> None:
    header = Tracker("http://product", "shop.secret", CORP).headers["Authorization"]
    assert base64.b64decode(header.removeprefix("Basic ")).decode() == "shop.secret:"
