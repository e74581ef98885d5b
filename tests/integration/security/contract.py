"""The contract of today's routes as OpenAPI 3.1, from the schemas that read what arrives."""

from typing import Any

from chalicelib.domain.costs.grouping import KEYS
from chalicelib.schemas.tracking.calls import CALLS

Document = dict[str, Any]
REFERENCES = "#/components/schemas/{model}"
SINGLE = ("track", "identify", "page", "group", "alias")
STORED: Document = {"type": "object", "properties": {"success": {"const": True}}, "required": ["success"]}
TAKEN: Document = {
    "type": "object",
    "properties": {
        "success": {"const": True},
        "accepted": {"type": "integer", "minimum": 0, "maximum": 500},
        "rejected": {"type": "array", "items": {"type": "object", "required": ["index", "reason", "field"]}},
    },
    "required": ["success", "accepted", "rejected"],
    "additionalProperties": False,
}
REFUSED: Document = {
    "type": "object",
    "properties": {
        "success": {"const": False},
        "code": {"enum": ["malformed", "invalid_event", "wrong_key", "too_large"]},
        "message": {"type": "string", "minLength": 1},
        "field": {"type": "string"},
    },
    "required": ["success", "code", "message"],
    "additionalProperties": False,
}


def contract() -> Document:
    """Return the whole document."""
    components: Document = {}
    calls = {kind: schema_of(kind, components) for kind in CALLS}
    paths = {f"/v1/{kind}": {"post": tracking(kind, calls[kind], STORED)} for kind in SINGLE}
    paths["/v1/batch"] = {"post": tracking("batch", batch_of(list(calls.values())), TAKEN)}
    paths["/wechat/{account}"] = {"get": wechat("verify", "echostr"), "post": {**wechat("receive"), **envelope()}}
    paths["/v1/costs"] = {"get": costs()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Chaoxi", "version": "1"},
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": {"key": {"type": "http", "scheme": "basic"}}},
    }


def schema_of(kind: str, components: Document) -> Document:
    """Return a message's schema, its parts among the components."""
    schema = CALLS[kind].model_json_schema(by_alias=True, ref_template=REFERENCES)
    components.update(schema.pop("$defs", {}))
    return schema


def batch_of(kinds: list[Document]) -> Document:
    """Return the schema of a batch, which may hold anything: its neighbours are taken all the same."""
    return {
        "type": "object",
        "properties": {"batch": {"type": "array", "items": {"anyOf": [*kinds[:2], {"type": "object"}]}, "maxItems": 2}},
        "required": ["batch"],
    }


def tracking(kind: str, schema: Document, answer: Document) -> Document:
    """Return a call of the tracking API."""
    responses = {"200": answered(answer), **{status: answered(REFUSED) for status in ("400", "401", "413")}}
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {"operationId": kind, "security": [{"key": []}], "requestBody": body, "responses": responses}


def wechat(name: str, *more: str) -> Document:
    """Return an operation of the callback address."""
    name_of_account = {"type": "string", "pattern": "^[a-z0-9-]+$"}
    account = {"name": "account", "in": "path", "required": True, "schema": name_of_account}
    query = [{"name": each, "in": "query", "schema": {"type": "string"}} for each in ("timestamp", "nonce", *more)]
    signature = {"name": "msg_signature", "in": "query", "schema": {"type": "string", "pattern": "^[0-9a-f]{40}$"}}
    text = {"description": "", "content": {"text/plain": {"schema": {"type": "string"}}}}
    responses = dict.fromkeys(("200", "400", "403", "404", "413"), text)
    return {"operationId": name, "parameters": [account, signature, *query], "responses": responses}


def costs() -> Document:
    """Return the question what things cost."""
    day = {"type": "string", "format": "date"}
    texts = {name: {"type": "string"} for name in ("by", "cursor", *(key for key in KEYS if key != "day"))}
    fields = {"from": day, "to": day, "format": {"enum": ["json", "csv"]}, **texts}
    required = ("from", "to")
    query = [{"name": name, "in": "query", "required": name in required, "schema": fields[name]} for name in fields]
    table = {"text/csv": {"schema": {"type": "string"}}, **answered({"type": "object"})["content"]}
    refused = {**REFUSED["properties"], "code": {"enum": ["wrong_key", "invalid_query"]}}
    no = answered({**REFUSED, "properties": refused})
    responses = {"200": {"description": "", "content": table}, "400": no, "401": no}
    return {"operationId": "costs", "security": [{"key": []}], "parameters": query, "responses": responses}


def envelope() -> Document:
    """Return the body of a callback."""
    schema = {"type": "object", "properties": {"encrypt": {"type": "string"}}, "required": ["encrypt"]}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def answered(schema: Document) -> Document:
    """Return a JSON answer."""
    return {"description": "", "content": {"application/json": {"schema": schema}}}
