"""API Gateway: an HTTP request as the REST API hands it to the function, and its answer."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from tests.harness.remote import Json

Query = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Reply:
    """What the caller gets."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def json(self) -> Any:
        """Return the body's JSON."""
        return json.loads(self.body)


def event_of(
    template: str,
    method: str,
    path: str,
    body: bytes,
    headers: Mapping[str, str],
    query: Query,
    binary: tuple[str, ...],
) -> Json:
    """Return the proxy event. A body of a type that is not declared binary goes through as text, whatever it was."""
    many = {name: value if isinstance(value, list) else [value] for name, value in query.items()}
    as_bytes = is_binary(headers, binary)
    text = base64.b64encode(body).decode() if as_bytes else body.decode("utf-8", "replace")
    return {
        "resource": template,
        "path": path,
        "httpMethod": method,
        "headers": dict(headers) or None,
        "multiValueHeaders": {name: [value] for name, value in headers.items()} or None,
        "queryStringParameters": {name: values[-1] for name, values in many.items()} or None,
        "multiValueQueryStringParameters": many or None,
        "pathParameters": parameters_of(template, path) or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": template,
            "httpMethod": method,
            "path": f"/api{path}",
            "stage": "api",
            "identity": {"sourceIp": "203.0.113.7"},
            "requestId": "harness",
        },
        "body": text if body else None,
        "isBase64Encoded": as_bytes and bool(body),
    }


def is_binary(headers: Mapping[str, str], binary: tuple[str, ...]) -> bool:
    """Whether API Gateway hands the body on byte by byte."""
    types = [value for name, value in headers.items() if name.lower() == "content-type"]
    media_type = types[0].partition(";")[0].strip() if types else "application/json"
    return any(fnmatchcase(media_type, pattern) for pattern in binary)


def route_of(routes: Mapping[str, Mapping[str, Any]], method: str, path: str) -> str | None:
    """Return the template of the route that takes a request; None when there is none."""
    found = [template for template, methods in routes.items() if method in methods and fits(template, path)]
    return min(found, key=lambda template: template.count("{"), default=None)


def fits(template: str, path: str) -> bool:
    """Whether a path has a template's form."""
    pairs = list(zip(template.split("/"), path.split("/"), strict=False))
    same_length = template.count("/") == path.count("/")
    return same_length and all(part.startswith("{") or part == given for part, given in pairs)


def parameters_of(template: str, path: str) -> dict[str, str]:
    """Return the values of a path's parameters."""
    pairs = zip(template.split("/"), path.split("/"), strict=True)
    return {part[1:-1]: given for part, given in pairs if part.startswith("{")}


def reply_of(answer: Any) -> Reply:
    """Return what the caller gets for a function's answer; 502 for a function that failed."""
    if not isinstance(answer, Mapping):
        return Reply(502, b'{"message": "Internal server error"}')
    body = answer.get("body") or ""
    raw = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
    repeated = {name: values[-1] for name, values in answer.get("multiValueHeaders", {}).items()}
    return Reply(answer["statusCode"], raw, {**answer.get("headers", {}), **repeated})
