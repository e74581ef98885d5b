"""Hooks into every AWS client of the process, whoever builds it: units and calls are taken from the answers."""

import json
from math import ceil
from typing import Any

import botocore

from chalicelib.metering.meter import called

READS = frozenset({"GetItem", "BatchGetItem", "Query", "Scan", "TransactGetItems"})
ASKED = "chaoxi.asked"
FAILED_CONDITION = "ConditionalCheckFailedException"
CANCELLED = "TransactionCanceledException"


def watch(session: Any) -> None:
    """Register the hooks of a new session."""
    session.register("provide-client-params.dynamodb", ask_for_units)
    session.register("after-call", count_call)
    session.register("after-call-error", count_unanswered)


def ask_for_units(params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
    """Have DynamoDB say what a call costs; keep what was asked, for refusals do not say it."""
    if "ReturnConsumedCapacity" in model.input_shape.members:
        params.setdefault("ReturnConsumedCapacity", "TOTAL")
    context[ASKED] = params


def count_call(parsed: Any, model: Any, context: dict[str, Any], **_: Any) -> None:
    """Count a call that was answered, and the units it took. A refused one has a name of its own: few are billed."""
    service, refused = model.service_model.service_name, "Error" in parsed
    name = f"{model.name}.refused" if refused else model.name
    if service != "dynamodb":
        return called(service, name)
    units = refused_units(parsed, context.get(ASKED) or {}) if refused else units_of(parsed)
    return called(service, name, rru=units) if model.name in READS else called(service, name, wru=units)


def count_unanswered(context: dict[str, Any], **_: Any) -> None:
    """Count a call that got no answer: it may have been made and billed, but nobody says for what."""
    called("aws", "unanswered")


def units_of(parsed: dict[str, Any]) -> int:
    """Return the thousandths of units that an answer names: one operation names one table's, a batch each table's."""
    found = parsed.get("ConsumedCapacity") or ()
    consumed = found if isinstance(found, list) else (found,) if found else ()
    return sum(round(each["CapacityUnits"] * 1000) for each in consumed)


def refused_units(parsed: dict[str, Any], asked: dict[str, Any]) -> int:
    """Return what a refused write took: one whose condition failed is billed like a write, and twice in a transaction.

    The answer does not say how much, so it is taken from the size of what was to be written.
    """
    code = parsed["Error"].get("Code")
    if code == FAILED_CONDITION:
        return write_units(asked)
    if code == CANCELLED:
        return sum(2 * write_units(act) for item in asked.get("TransactItems", ()) for act in item.values())
    return 0


def write_units(written: dict[str, Any]) -> int:
    """Return the thousandths of units of one write: a unit for each KB begun of the item."""
    return 1000 * max(1, ceil(len(json.dumps(written.get("Item", {}), ensure_ascii=False)) / 1024))


def watch_every_session() -> None:
    """Have every session that is made from now on watched. Twice is once: a module is imported once."""
    botocore.register_initializer(watch)
