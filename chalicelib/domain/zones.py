"""Time zones by name."""

from zoneinfo import ZoneInfo


def zone_named(name: str) -> ZoneInfo | None:
    """Return the IANA time zone of a name; None when there is none."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return None
