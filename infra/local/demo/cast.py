"""Who plays in the demonstration, and what they will do: pure, and the same for the same seed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN_NAMES = "伟芳娜敏静丽强磊洋艳勇杰娟涛明超英霞平刚"
CHANNELS = ("live-1121", "store-qr", "official-site")

ActKind = Literal["follow", "unfollow", "track", "page"]


@dataclass(frozen=True)
class Staff:
    """A salesperson of the corp."""

    userid: str
    name: str


@dataclass(frozen=True)
class Person:
    """A customer, whom they add, and by which channel they come."""

    external_userid: str
    name: str
    staff: str
    channel: str


@dataclass(frozen=True)
class Act:
    """What somebody does, `at` seconds after the curtain rises. `name` is the behaviour's for `track` and `page`."""

    at: float
    person: Person
    kind: ActKind
    name: str = ""
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Temper:
    """A sort of customer: how many of a hundred are like that, and what they do so many SOP days after following."""

    share: int
    deeds: tuple[tuple[float, str], ...]


ORDER = "Order Completed"
TEMPERS = {
    "silent": Temper(36, ()),
    "reader": Temper(22, ((0.3, "page"), (0.4, "Content Read"), (1.3, "Content Read"))),
    "clicker": Temper(14, ((0.3, "Content Read"), (0.6, "Link Clicked"), (1.2, "Link Clicked"))),
    "talker": Temper(12, ((0.06, "Message Received"), (0.7, "Price Asked"))),
    "buyer": Temper(6, ((0.06, "Message Received"), (0.5, "Price Asked"), (1.0, "Call Requested"), (1.5, ORDER))),
    "booker": Temper(4, ((0.3, "Link Clicked"), (0.8, "Price Asked"), (1.3, "Appointment Booked"))),
    "leaver": Temper(6, ((0.4, "Content Read"), (0.9, "unfollow"))),
}


def staff_of(number: int) -> list[Staff]:
    """Return the salespeople."""
    return [Staff(f"staff{place:02d}", f"顾问{SURNAMES[place % len(SURNAMES)]}") for place in range(1, number + 1)]


def people_of(number: int, staff: list[Staff], random: Random) -> list[Person]:
    """Return the customers, spread evenly over the staff."""
    return [
        Person(
            external_userid=f"wmDEMO{place:06d}",
            name=random.choice(SURNAMES) + random.choice(GIVEN_NAMES),
            staff=staff[place % len(staff)].userid,
            channel=random.choice(CHANNELS),
        )
        for place in range(number)
    ]


def script_of(people: list[Person], seconds: float, day: float, random: Random) -> list[Act]:
    """Return all acts in order of time: everybody follows within `seconds`; an SOP day takes `day` seconds."""
    pause = seconds / len(people)
    roles = (role_of(person, place * pause, day, random) for place, person in enumerate(people))
    return sorted((act for role in roles for act in role), key=lambda act: act.at)


def role_of(person: Person, follows_at: float, day: float, random: Random) -> Iterator[Act]:
    """Yield what one customer does, in order."""
    temper = random.choices(list(TEMPERS.values()), [temper.share for temper in TEMPERS.values()])[0]
    yield Act(follows_at, person, "follow")
    at = follows_at
    for days, deed in temper.deeds:
        at = max(at, follows_at + days * day * random.uniform(0.9, 1.1))
        yield act_of(at, person, deed, random)


def act_of(at: float, person: Person, deed: str, random: Random) -> Act:
    """Return one deed as an act, with the details that such a behaviour comes with."""
    if deed == "unfollow":
        return Act(at, person, "unfollow")
    return Act(at, person, "page" if deed == "page" else "track", deed, details_of(deed, random))


def details_of(deed: str, random: Random) -> dict[str, Any]:
    """Return the properties of a behaviour."""
    number = random.randrange(10**6)
    details: dict[str, dict[str, Any]] = {
        "page": {"title": "课程介绍", "url": "https://example.com/courses", "seconds": number % 90},
        "Content Read": {"content": f"c{number % 8 + 1:02d}", "seconds": 20 + number % 100},
        "Link Clicked": {"url": f"https://example.com/plan/{number % 5}"},
        "Message Received": {"text": "想了解一下"},
        "Price Asked": {"product": "consultation"},
        "Call Requested": {"slot": "evening"},
        ORDER: {"order_id": f"A{number:06d}", "revenue": 1980, "currency": "CNY"},
        "Appointment Booked": {"appointment_id": f"P{number:06d}"},
    }
    return details[deed]
