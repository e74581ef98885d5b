"""Making one customer of two, when a source vouches that they are one person."""

from collections import Counter

from chalicelib.domain.customer import Customer, Signal
from chalicelib.domain.folding import later_of
from chalicelib.domain.signals import DAYS, RECENT


def merged(kept: Customer, other: Customer) -> tuple[Customer, Customer]:
    """Return both as they are written: the kept one with all that was known of the other, and the other closed."""
    tags = {
        name: later_of(kept.tags.get(name, tag), tag).model_copy(update={"revision": kept.version + 1})
        for name, tag in other.tags.items()
    }
    signals = {
        name: added(kept.signals[name], signal) if name in kept.signals else signal
        for name, signal in other.signals.items()
    }
    whole = kept.model_copy(update={
        "version": kept.version + 1,
        "profile": {**other.profile, **kept.profile},
        "profile_revision": kept.version + 1,
        "tags": {**kept.tags, **tags},
        "signals": {**kept.signals, **signals},
        "lost": {**other.lost, **kept.lost},
        "relations": {**other.relations, **kept.relations},
        "consent": max((c for c in (kept.consent, other.consent) if c), key=lambda c: c.at, default=None),
        "zone": kept.zone or other.zone,
        "paused": kept.paused or other.paused,
        "folded": {**other.folded, **kept.folded},
        "redriven": (*kept.redriven, *other.redriven),
    })
    closed = other.model_copy(update={"version": other.version + 1, "merged_into": kept.customer_id})
    return whole, closed


def added(one: Signal, two: Signal) -> Signal:
    """Return the counters of two as one."""
    days = Counter(one.days) + Counter(two.days)
    return Signal.model_validate({
        **one.model_dump(),
        "first_at": min(one.first_at, two.first_at),
        "last_at": max(one.last_at, two.last_at),
        "recent": tuple(sorted((*one.recent, *two.recent))[-RECENT:]),
        "days": {name: days[name] for name in sorted(days)[-DAYS:]},
        "total": one.total + two.total,
    })
