"""`write-key` and `read-key`: what sources of behaviours, and readers of costs, prove themselves with.

A key is printed once and stored nowhere. Both commands are the same but for the kind of key.
"""

from argparse import Namespace
from datetime import UTC, datetime, timedelta

from chalicelib.domain.write_key import SOURCE, SourceKeys
from chalicelib.models.catalog import CatalogRow
from chalicelib.models.write_keys import change_keys, fetch_keys
from chalicelib.services.rotate_write_key import rotate_write_key
from infra.cli.connect import Connection
from infra.cli.screen import remark, say, say_json, show_table
from infra.failure import Failure


def run(chosen: Namespace, connection: Connection) -> int:
    """Make, rotate, revoke or list keys."""
    now = datetime.now(UTC)
    if chosen.action == "list":
        show(chosen, connection, now)
        return 0
    if not SOURCE.fullmatch(chosen.source):
        raise Failure(f"'{chosen.source}' is no source's name: 1 to 32 lower-case letters, digits and hyphens")
    known = fetch_keys(chosen.source, chosen.kind)
    command = chosen.kind.replace("_", "-")
    if chosen.action == "create" and known and known.valid(now):
        raise Failure(f"{chosen.source} has a key: `{command} rotate {chosen.source}` makes the next one")
    if chosen.action != "create" and known is None:
        raise Failure(f"there is no source {chosen.source}: `{command} create {chosen.source}` makes its first key")
    if chosen.action == "revoke":
        revoke(chosen)
    else:
        grace = getattr(chosen, "grace", timedelta(0))
        hand_out(chosen, rotate_write_key(chosen.source, now, grace, chosen.kind), now)
    return 0


def revoke(chosen: Namespace) -> None:
    """End all keys of a source at once."""
    change_keys(chosen.source, lambda keys: SourceKeys(source=keys.source), chosen.kind)
    if chosen.json:
        say_json({"source": chosen.source, "keys": 0})
    else:
        say(f"no key of {chosen.source} is valid any more")


def hand_out(chosen: Namespace, key: str, now: datetime) -> None:
    """Print a new key, and until when the old ones are good."""
    until = now + chosen.grace if chosen.action == "rotate" else None
    if chosen.json:
        say_json({"source": chosen.source, chosen.kind: key, "old_keys_valid_until": until})
        return
    say(key)
    remark(f"this is the only time that it is shown{f'; the old keys end at {moment(until)}' if until else ''}")


def show(chosen: Namespace, connection: Connection, now: datetime) -> None:
    """List the sources and the times of their keys."""
    sources = [SourceKeys.model_validate_json(document) for _, document in CatalogRow.of_kind(chosen.kind)]
    if chosen.json:
        say_json([one.model_dump(mode="json", exclude={"keys": {"__all__": {"sha256"}}}) for one in sources])
        return
    rows = [(one.source, moment(key.created_at), moment(key.expires_at)) for one in sources for key in one.valid(now)]
    rows += [(one.source, "no valid key", "-") for one in sources if not one.valid(now)]
    show_table(f"{chosen.kind.replace('_', ' ')}s of {connection.stack}", ("source", "key made", "ends"), sorted(rows))


def moment(at: datetime | None) -> str:
    """Return an instant, or that there is none."""
    return f"{at:%Y-%m-%d %H:%M}Z" if at else "-"
