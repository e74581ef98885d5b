"""What to write, for every way in which a field of a playbook can be wrong."""

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from typing import Any

from pydantic_core import ErrorDetails

from chalicelib.domain.playbook.playbook import Playbook

ADVICE = {
    "missing": "is missing: add it",
    "string_type": "must be a text: write one, in quotes if it looks like a number",
    "string_too_short": "is empty: write something",
    "string_too_long": "has more than {max_length} characters: shorten it",
    "string_pattern_mismatch": "a name begins with no space and holds neither # nor /: write another",
    "literal_error": "write {expected}",
    "int_type": "write a whole number",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "float_type": "write a number",
    "float_parsing": "write a number",
    "finite_number": "write a number",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "tuple_type": "write a list: a line for each entry, beginning with '- '",
    "dict_type": "write fields: a line for each, 'name: value'",
    "model_type": "write fields: a line for each, 'name: value'",
    "model_attributes_type": "write fields: a line for each, 'name: value'",
    "too_short": "is empty: write at least one entry",
    "too_long": "has {actual_length} entries, {max_length} are allowed: take some out",
    "greater_than_equal": "write {ge} or more",
    "less_than_equal": "write {le} or less",
    "union_tag_invalid": "'{tag}' is no type of attachment: write {expected_tags}",
    "union_tag_not_found": "add its type: image, link or miniprogram",
}


def advice(error: ErrorDetails) -> str:
    """Return what is wrong with a field and what to write instead."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return unknown_field(str(error["loc"][-1]))
    if kind == "value_error":
        return str(context["error"])
    if kind == "string_pattern_mismatch" and "http" in context["pattern"]:
        return "an address begins with http:// or https://: write it whole"
    return ADVICE.get(kind, error["msg"]).format(**context) + here(error)


def here(error: ErrorDetails) -> str:
    """Return what was written, as the end of a sentence, when it is short."""
    written = error["input"]
    worth_it = isinstance(written, str | int | float) and 0 < len(str(written)) <= 40
    return f"; here: {str(written).lower() if isinstance(written, bool) else written}" if worth_it else ""


def unknown_field(name: str) -> str:
    """Return that there is no such field, and which one was probably meant."""
    near = get_close_matches(name, field_names(), n=1)
    return f"there is no such field here: {f'did you mean {near[0]}?' if near else 'take it out'}"


@cache
def field_names() -> tuple[str, ...]:
    """Return the names of all fields that any part of a playbook has."""
    schema = Playbook.model_json_schema()
    return tuple(sorted(set(names_in(schema))))


def names_in(schema: dict[str, Any]) -> Iterator[str]:
    """Yield the fields of a schema and of all parts that it defines."""
    yield from schema["properties"]
    for part in schema["$defs"].values():
        yield from part.get("properties", {})
