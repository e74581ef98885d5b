"""The platform's limits, each one a setting, so that a test or a demo can make them small."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any

from infra.local.wecom.errors import SimulatorError

CAPS = ("month", "week", "day")


@dataclass(frozen=True)
class Rules:
    """Defaults are the documented values; docs/simulator.md says which are assumptions."""

    token_lifetime: timedelta = timedelta(hours=2)
    wrong_secrets: int = 5
    """Wrong secrets from one address within `ban`, after which gettoken answers 45009."""
    ban: timedelta = timedelta(hours=1)
    welcome_window: timedelta = timedelta(seconds=20)
    dispatch_delay: timedelta = timedelta(seconds=60)
    """How long the results of a new group-send answer 41063."""
    cap: str = "month"
    """How often a customer may receive: as many as the month has days, 7 a week, or 1 a day."""
    reminders_a_day: int = 3
    refuse_escapes: bool = True
    r"""Whether a JSON body with \uXXXX is refused with 40033."""
    calls_a_minute: int = 10_000
    calls_an_hour: int = 150_000
    calls_at_once: int = 0
    """Calls in flight for one corp and API, beyond which 45033 is answered; 0 is no limit."""
    latency: timedelta = timedelta(0)
    """How long every call takes."""
    hang: timedelta = timedelta(seconds=30)
    """How long a call that is never answered holds its connection."""
    trusted_ips: tuple[str, ...] = ()
    """Who may call; empty is everybody. Others are answered 60020."""
    staff_messages_a_minute: int = 30
    staff_messages_an_hour: int = 1_000
    images_a_day: int = 1_000
    images_a_month: int = 3_000

    def changed(self, values: Mapping[str, Any]) -> "Rules":
        """Return these rules with some replaced; durations are given in seconds. Raises SimulatorError."""
        known = {field.name: getattr(self, field.name) for field in fields(self)}
        if unknown := sorted(set(values) - set(known)):
            raise SimulatorError(f"unknown rules: {', '.join(unknown)}")
        rules = replace(self, **{name: _like(known[name], value, name) for name, value in values.items()})
        if rules.cap not in CAPS:
            raise SimulatorError(f"cap must be one of {', '.join(CAPS)}")
        return rules


def _like(current: Any, value: Any, name: str) -> Any:
    if isinstance(current, timedelta) and isinstance(value, int | float) and not isinstance(value, bool):
        return timedelta(seconds=value)
    if isinstance(current, tuple) and isinstance(value, list | tuple):
        return tuple(str(item) for item in value)
    if type(current) is not type(value):
        raise SimulatorError(f"rule {name} takes {type(current).__name__}, not {type(value).__name__}")
    return value
