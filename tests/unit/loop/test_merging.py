"""Two customers turn out to be one person."""

from datetime import datetime, timedelta

from chalicelib.domain.customer import Signal
from chalicelib.domain.identity import customer_id_for, strongest_first
from chalicelib.domain.merging import merged
from tests.unit.loop.world import NOON, customer, tag

DAY = timedelta(days=1)


def signal(*moments: datetime) -> Signal:
    return Signal(
        first_at=min(moments), last_at=max(moments), recent=moments, total=len(moments),
        days={moment.date().isoformat(): 1 for moment in moments},
    )


def test_the_kept_customer_has_what_was_known_of_both_and_the_other_is_closed():
    kept = customer("followed", version=3, signals={"page": signal(NOON)}, folded={"a": "5"})
    other = customer("keen", version=2, signals={"page": signal(NOON - DAY)}, folded={"b": "9"}).model_copy(
        update={"customer_id": "c-2", "profile": {"name": "王"}}
    )
    whole, closed = merged(kept, other)
    assert set(whole.tags) == {"followed", "keen"}
    assert whole.signals["page"].total == 2
    assert whole.folded == {"a": "5", "b": "9"}
    assert (whole.version, whole.profile) == (4, {"name": "王"})
    assert (closed.merged_into, closed.version) == ("c-1", 3)


def test_what_came_with_the_merger_counts_as_news():
    whole, _ = merged(customer(version=9), customer("keen", version=2))
    assert whole.tags["keen"] == tag(10)


def test_the_surest_identity_names_a_new_customer():
    names = ["anonymous:1", "user:7", "wecom:ww:wm", "user:7"]
    assert strongest_first(names) == ["wecom:ww:wm", "user:7", "anonymous:1"]
    assert customer_id_for("user:7") == customer_id_for("user:7") != customer_id_for("user:8")
