"""The stories of the fault matrix: between them they go through every function and every call that it makes.

A story yields at the end of each act how long the next stretch of time is. What one leaves out has no row: a new use
of the system belongs here, a new call in what is here finds its row by itself.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from tests.harness.delivery import Delivery
from tests.harness.remote import AwsError
from tests.harness.troubles import Troubles
from tests.harness.wecom import WecomCloud
from tests.integration.faults.shop import Shop, event, known_as, ordered
from tests.integration.loop.story import DAY, HOUR, published, staffed
from tests.unit.loop.world import DRAFT

MINUTE = timedelta(minutes=1)
SEND = "externalcontact/add_msg_template"
Acts = Iterator[timedelta]


@dataclass
class Stage:
    """What a story plays on."""

    cloud: WecomCloud
    shop: Shop
    troubles: Troubles


def a_day(stage: Stage) -> Acts:
    """Two follow and are greeted, ask, look, order; one leaves; staff confirm; the results come in."""
    cloud, shop = stage.cloud, stage.shop
    published()
    staffed(cloud, "li")
    shop.tells("/v1/track", event("wm2", "Brochure Read"))
    shop.tells("/v1/batch", {"batch": [event("wm2", "Bad", timestamp="2099-01-01T00:00:00Z")]})
    cloud.wecom.follow("li", "wm1", "小王", "expo", unionid="union-1")
    cloud.wecom.follow("li", "wm2", "小李")
    cloud.wecom.follow("li", "wm3", "小赵")
    yield HOUR
    shop.tells("/v1/track", event("wm1", "Message Received", timestamp=cloud.now.isoformat(), **known_as("wm1")))
    shop.tells("/v1/batch", {"batch": [ordered("wm2", "A17")]})
    cloud.wecom.unfollow("li", "wm3")
    yield 3 * HOUR
    for number in range(2):
        shop.tells("/v1/page", event("wm1", "price list", number=number, **known_as("wm1")))
        yield HOUR / 2
    yield HOUR
    cloud.wecom.confirm_all()
    yield 80 * HOUR


def without_answers(stage: Stage) -> Acts:
    """Two group-sends get no answer: the first was made all the same, the second was not. One comes due at night."""
    cloud = stage.cloud
    published(rules=[rule for rule in DRAFT["rules"] if rule["id"] != "silent"])
    staffed(cloud, "li", "mei")
    cloud.wecom.faults.add(SEND, "drop_after")
    cloud.wecom.faults.add(SEND, "timeout_before")
    cloud.wecom.follow("li", "wm1", "小王")
    yield HOUR / 2
    cloud.wecom.follow("mei", "wm2", "小李")
    yield 4 * HOUR
    cloud.wecom.confirm_all()
    cloud.run_until(cloud.now.replace(hour=13, minute=0))
    cloud.wecom.follow("li", "wm4", "小钱")
    yield 12 * HOUR
    cloud.wecom.confirm_all()
    yield 4 * DAY


def put_back(stage: Stage) -> Acts:
    """Every function meets something that it cannot do; what it set aside is put back once that is mended."""
    cloud, shop, lasting = stage.cloud, stage.shop, stage.troubles.lasting
    published()
    staffed(cloud, "li")
    refused = AwsError("ValidationException", "not with this item")
    lasting["tag", "dynamodb PutItem customers"] = refused
    lasting["greet", "dynamodb PutItem pushes"] = refused
    cloud.wecom.follow("li", "wm1", "小王")
    yield MINUTE
    lasting["move", "dynamodb PutItem enrolments"] = refused
    shop.tells("/v1/track", ordered("wm1", "A17"))
    yield MINUTE
    lasting["schedule", "scheduler CreateSchedule s-*"] = refused
    shop.tells("/v1/track", ordered("wm1", "A18"))
    yield MINUTE
    lasting["run_step", "dynamodb PutItem pushes"] = refused
    lasting["pass_time", "dynamodb PutItem behaviours"] = refused
    yield 3 * HOUR
    lasting["deliver", "dynamodb PutItem pushes"] = refused
    yield 10 * MINUTE
    yield 10 * MINUTE
    cloud.wecom.confirm_all()
    lasting["collect", "dynamodb PutItem pushes"] = refused
    yield HOUR
    yield 4 * DAY


@dataclass(frozen=True)
class Story:
    """A story, and how the cloud delivers in it."""

    acts: Callable[[Stage], Acts]
    cold: bool = False

    def delivery(self) -> Delivery:
        """Return how everything is delivered: where functions are cold, each invocation is its process's first."""
        return Delivery(cold=self.cold)


STORIES: Mapping[str, Story] = {
    "a day": Story(a_day),
    "a day, every function cold": Story(a_day, cold=True),
    "group-sends without an answer": Story(without_answers),
    "set aside and put back": Story(put_back),
}
