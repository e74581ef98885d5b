import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from chalice.app import Chalice, Response

from tests.harness import Cloud
from tests.unit.harness.small_stack import template

pytestmark = pytest.mark.integration
ROUND_TRIP = {"Content-Type": "application/json", "Content-Encoding": "gzip"}


def small_app() -> Chalice:
    """An app that says what it was asked."""
    app = Chalice("small", configure_logs=False)

    @app.route("/hear/{who}", methods=["GET", "POST"], content_types=["*/*"])
    def hear(who: str) -> Response:
        request: Any = app.current_request
        queries = {name: request.query_params.getlist(name) for name in request.query_params or {}}
        said = {"who": who, "size": len(request.raw_body), "query": queries, "agent": request.headers.get("user-agent")}
        headers: dict[str, str | list[str]] = {"Content-Type": "application/json", "X-Said": "yes"}
        return Response(json.dumps(said), headers=headers, status_code=201)

    @app.route("/fail", methods=["POST"], content_types=["*/*"])
    def fail() -> None:
        raise SystemError

    return app


def cloud_with(binary: list[str]) -> Cloud:
    body: dict[str, Any] = template()
    definition = {"x-amazon-apigateway-binary-media-types": binary}
    body["Resources"]["RestAPI"] = {"Properties": {"DefinitionBody": definition}}
    return Cloud({"api_handler": small_app()}, body)


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with cloud_with(["*/*"]) as up:
        yield up


def test_a_request_reaches_its_route_with_path_query_headers_and_body(cloud: Cloud) -> None:
    reply = cloud.post(
        "/hear/main", b"abc", {"User-Agent": "me", "Content-Type": "text/xml"}, {"a": ["1", "2"], "b": "3"}
    )
    assert reply.status == 201
    assert reply.json() == {"who": "main", "size": 3, "query": {"a": ["1", "2"], "b": ["3"]}, "agent": "me"}
    assert reply.headers["X-Said"] == "yes"


def test_a_get_has_no_body_and_a_path_that_nobody_takes_is_forbidden(cloud: Cloud) -> None:
    assert cloud.get("/hear/main").json()["size"] == 0
    assert cloud.get("/elsewhere").status == 403
    assert cloud.get("/fail").status == 403


def test_bytes_pass_unchanged_only_where_the_template_declares_their_type_binary() -> None:
    packed = gzip.compress(b"{}" * 100)
    for binary, whole in ((["*/*"], True), (["application/octet-stream"], False)):
        with cloud_with(binary) as up:
            assert (up.post("/hear/main", packed, ROUND_TRIP).json()["size"] == len(packed)) is whole


def test_a_function_that_dies_is_a_bad_gateway(cloud: Cloud) -> None:
    def dead(event: Any, context: Any) -> Any:
        raise MemoryError

    app = cloud.functions.functions["api_handler"]
    dead.routes = app.routes  # type: ignore[attr-defined]
    cloud.functions.functions["api_handler"] = dead  # type: ignore[index]
    assert cloud.post("/hear/main", {"a": 1}).status == 502


def test_an_error_in_a_route_is_chalices_500(cloud: Cloud) -> None:
    assert cloud.post("/fail", "text").status == 500
