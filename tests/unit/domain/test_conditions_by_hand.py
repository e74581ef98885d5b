"""Random conditions about random customers, against their meaning written out as plain functions."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.customer import Customer, Scalar
from tests.unit.domain.people import NOW, ago, customer, is_true, signal, tag, tie


def is_keen(who: Customer) -> bool:
    keen = [who.tags[name] for name in ("keen", "keen#1") if name in who.tags]
    return any(one.until is None or one.until > NOW for one in keen)


FACTS: list[tuple[dict[str, Any], Any]] = [
    ({"tag": "keen"}, is_keen),
    ({"tag": "warm"}, lambda who: "warm" in who.tags and (who.tags["warm"].until or NOW + timedelta(1)) > NOW),
    ({"attribute": {"name": "city", "equals": "北京"}}, lambda who: who.profile.get("city") == "北京"),
    (
        {"attribute": {"name": "age", "at_least": 30}},
        lambda who: type(who.profile.get("age")) is int and who.profile["age"] >= 30,
    ),
    (
        {"behaviour": {"name": "page", "at_least": 2, "within": "90m"}},
        lambda who: "page" in who.signals and len([m for m in who.signals["page"].recent if ago(1.5) <= m <= NOW]) >= 2,
    ),
    (
        {"behaviour": {"name": "page", "at_most": 1}},
        lambda who: "page" not in who.signals or who.signals["page"].total < 2,
    ),
    ({"friend": True}, lambda who: "friend" in [one.state for one in who.relations.values()]),
    ({"friend": False}, lambda who: "friend" not in [one.state for one in who.relations.values()]),
    ({"segment": "hot"}, is_keen),
    ({"segment": "cold"}, lambda who: not is_keen(who)),
]
FACT = st.integers(0, len(FACTS) - 1).map(lambda number: ({**FACTS[number][0]}, FACTS[number][1]))


def joined(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return conditions made of others, each with its meaning as a plain function."""
    several = st.lists(parts, min_size=1, max_size=4)
    return st.one_of(
        several.map(lambda ps: ({"all": [c for c, _ in ps]}, lambda who: min(bool(m(who)) for _, m in ps))),
        several.map(lambda ps: ({"any": [c for c, _ in ps]}, lambda who: max(bool(m(who)) for _, m in ps))),
        parts.map(lambda p: ({"not": p[0]}, lambda who: not p[1](who))),
    )


PROFILES: st.SearchStrategy[dict[str, Scalar]] = st.fixed_dictionaries(
    {}, optional={"city": st.sampled_from(["北京", "上海", 5]), "age": st.sampled_from([29, 30, "30", True])}
)
TAGS = st.dictionaries(
    st.sampled_from(["keen", "keen#1", "warm", "keener"]),
    st.builds(tag, st.integers(1, 9), st.sampled_from([None, NOW, ago(1), NOW + timedelta(hours=1)])),
)
SIGNALS = st.dictionaries(
    st.sampled_from(["page", "other"]),
    st.lists(st.floats(-2, 4), min_size=1, max_size=5).map(lambda hours: signal(*hours)),
)
CUSTOMERS = st.builds(
    customer,
    tags=TAGS,
    profile=PROFILES,
    signals=SIGNALS,
    relations=st.sampled_from([{}, tie("friend"), tie("half"), tie("removed_by_staff")]),
)


@settings(max_examples=400)
@given(st.recursive(FACT, joined, max_leaves=12), CUSTOMERS)
def test_conditions_agree_with_their_meaning_written_out_by_hand(
    made: tuple[dict[str, Any], Any], who: Customer
) -> None:
    condition, meaning = made
    assert is_true(condition, who) == bool(meaning(who))
