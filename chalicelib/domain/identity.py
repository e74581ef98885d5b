"""Identities: the keys by which touch-points know a person, and which of them says most."""

from collections.abc import Iterable

from chalicelib.domain.push import digest

STRENGTH = ("wecom", "unionid", "openid", "phone", "user", "anonymous")


def strongest_first(identities: Iterable[str]) -> list[str]:
    """Return identities without doubles, the one that most surely is one person first."""
    return sorted(set(identities), key=lambda identity: (rank(identity), identity))


def rank(identity: str) -> int:
    """Return how sure an identity's scheme is, 0 being the surest."""
    scheme = identity.partition(":")[0]
    return STRENGTH.index(scheme) if scheme in STRENGTH else len(STRENGTH)


def customer_id_for(identity: str) -> str:
    """Return the id of the customer whom an identity makes known first; the same however often it is asked."""
    return f"c-{digest(identity)}"
