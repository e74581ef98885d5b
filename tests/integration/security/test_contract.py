"""Every route keeps its contract whatever it is sent: documented statuses and content types, and never a 5xx."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import requests
import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import GenerationMode, Response
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app import app
from tests.harness.http import Reply
from tests.integration.security.calls import Call, with_key
from tests.integration.security.contract import contract
from tests.integration.security.front import Front, front
from tests.integration.security.many import many

SCHEMA = schemathesis.openapi.from_dict(contract())
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ROUTES = [(path, method) for path, methods in contract()["paths"].items() for method in methods]


def test_the_contract_names_every_route() -> None:
    served = {(path, method.lower()) for path, methods in app.routes.items() for method in methods}
    assert set(ROUTES) == served


@pytest.fixture(scope="module")
def door() -> Iterator[Front]:
    with front() as opened:
        yield opened


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as agreed", "against it"])
@pytest.mark.parametrize(("path", "method"), ROUTES)
def test_a_route_keeps_its_contract(
    pytestconfig: pytest.Config, door: Front, path: str, method: str, mode: GenerationMode
) -> None:
    cases = SCHEMA[path][method.upper()].as_strategy(generation_mode=mode)

    @many(pytestconfig, 25, 1_000)
    @given(case=cases, is_known=st.sampled_from([True, True, True, False]))
    def check(case: Any, is_known: bool) -> None:
        request = requests.Request(**case.as_transport_kwargs(base_url="http://chaoxi")).prepare()
        case.validate_response(answered(door, request, is_known), checks=CHECKS)

    check()


def answered(door: Front, request: requests.PreparedRequest, is_known: bool) -> Response:
    """Make a request through the door."""
    url = urlsplit(str(request.url))
    given: Any = request.body or b""
    body = given.encode() if isinstance(given, str) else bytes(given)
    headers = {name: str(value) for name, value in request.headers.items()}
    key = door.read_key if url.path == "/v1/costs" else door.write_key
    headers = with_key(Call("", b"", headers, is_known), key)
    query = parse_qs(url.query, keep_blank_values=True)
    reply, _ = door.send(str(request.method), unquote(url.path), body, headers, dict(query))
    return response(reply, request)


def response(reply: Reply, request: requests.PreparedRequest) -> Response:
    """Return an answer as the checks take it."""
    headers = {name: [value] for name, value in reply.headers.items()}
    return Response(reply.status, headers, reply.body, request, 0.0, verify=False)
