"""The JSON interface under /_sim: how another process drives the world.

A POST names one of the world's methods and gives its arguments as an object. What cannot be done is
answered 400 with `{"error": …}`; an unknown path 404.
"""

import inspect
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from infra.local.wecom.acts.confirmations import ConfirmPolicy
from infra.local.wecom.api.request import Request
from infra.local.wecom.errors import PlatformError, SimulatorError
from infra.local.wecom.state.people import Account
from infra.local.wecom.web import views
from infra.local.wecom.web.reply import Reply, json_reply
from infra.local.wecom.world import WecomWorld

PLAIN_TYPES = (str, int, bool)
METHODS = {
    "follow",
    "half_follow",
    "complete",
    "unfollow",
    "delete",
    "edit",
    "chat",
    "welcome_elsewhere",
    "confirm",
    "confirm_all",
    "send_by_hand",
    "create_chat",
    "update_chat",
    "dismiss_chat",
    "create_tag",
    "rename_tag",
    "delete_tag",
    "click_card",
    "happen",
    "subscribe",
    "unsubscribe",
    "scan",
    "click_menu",
    "write",
    "revoke_tokens",
    "reset",
}


def reply(world: WecomWorld, request: Request) -> Reply:
    """Answer one call of the interface."""
    name = request.path.removeprefix("/_sim/")
    try:
        if request.method == "GET":
            return _shown(world, name, request.query)
        return _done(world, name, request.body)
    except (SimulatorError, PlatformError) as error:
        return json_reply({"error": str(error)}, 400)


def _shown(world: WecomWorld, name: str, query: Mapping[str, str]) -> Reply:
    head, _, rest = name.partition("/")
    if head == "inbox" and rest:
        return json_reply(world.inbox(rest, query.get("corp_id", "")))
    if head == "staff_inbox" and rest:
        return json_reply(world.staff_inbox(rest, query.get("corp_id", "")))
    view = views.VIEWS.get(name)
    if view is None:
        return json_reply({"error": f"nothing to show at {name}"}, 404)
    return json_reply(view(world, query))


def _done(world: WecomWorld, name: str, body: bytes) -> Reply:
    special = SPECIAL.get(name)
    if special is None and name not in METHODS:
        return json_reply({"error": f"nothing to do at {name}"}, 404)
    values = _values(body)
    result = special(world, values) if special else _called(getattr(world, name), values)
    return json_reply({"ok": True, "result": result})


def _values(body: bytes) -> dict[str, Any]:
    try:
        values = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise SimulatorError("body is not JSON") from error
    if not isinstance(values, dict):
        raise SimulatorError("body must be an object")
    return values


def _called(method: Callable[..., Any], values: dict[str, Any]) -> Any:
    """Call a method with named arguments, after comparing them with its signature."""
    signature = inspect.signature(method)
    try:
        signature.bind(**values)
    except TypeError as error:
        raise SimulatorError(str(error)) from error
    for name, value in values.items():
        wanted = signature.parameters[name].annotation
        if wanted is timedelta and isinstance(value, int | float):
            values[name] = timedelta(seconds=value)
        elif wanted in PLAIN_TYPES and type(value) is not wanted:
            raise SimulatorError(f"{name} must be {wanted.__name__}")
    return method(**values)


def _add_account(world: WecomWorld, values: dict[str, Any]) -> str:
    account: Account = _called(Account, values)
    world.add_account(account)
    return account.name


def _add_staff(world: WecomWorld, values: dict[str, Any]) -> str:
    return str(_called(world.add_staff, values).userid)


def _set_policy(world: WecomWorld, values: dict[str, Any]) -> None:
    """`after_seconds`, `probability` and `seed`; an empty object leaves confirming to `confirm`."""
    if not values:
        world.set_confirm_policy(None)
        return
    unknown = set(values) - {"after_seconds", "probability", "seed"}
    if unknown or not all(isinstance(value, int | float) for value in values.values()):
        raise SimulatorError("a policy takes the numbers after_seconds, probability and seed")
    after = timedelta(seconds=values.get("after_seconds", 0))
    world.set_confirm_policy(ConfirmPolicy(after, values.get("probability", 1.0), int(values.get("seed", 0))))


def _add_fault(world: WecomWorld, values: dict[str, Any]) -> Any:
    if values.get("clear"):
        world.faults.clear()
        return None
    return _called(world.faults.add, values)


def _change_rules(world: WecomWorld, values: dict[str, Any]) -> None:
    world.change_rules(values)


SPECIAL: dict[str, Callable[[WecomWorld, dict[str, Any]], Any]] = {
    "accounts": _add_account,
    "staff": _add_staff,
    "confirm_policy": _set_policy,
    "faults": _add_fault,
    "rules": _change_rules,
}
