"""The routes of app.py, as API Gateway calls them."""

import json

import pytest
from chalice.test import Client

from app import app
from tests.integration.incoming.senders import Integrator, WeChatServer, stored

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics to publish:UserWarning")


@pytest.mark.parametrize("media", ["text/xml", "application/json", "text/plain; charset=utf-8"])
def test_a_callback_of_any_content_type_is_answered_with_an_empty_text(wecom: WeChatServer, media: str) -> None:
    query, body = wecom.seal("<xml><CreateTime>1</CreateTime><MsgType>event</MsgType><Event>low_active</Event></xml>")
    path = "/wechat/main?" + "&".join(f"{name}={value}" for name, value in query.items())
    with Client(app) as client:
        response = client.http.post(path, headers={"Content-Type": media}, body=body)
    assert (response.status_code, response.body) == (200, b"")
    assert response.headers["Content-Type"].startswith("text/plain")
    assert len(stored()) == 1


def test_an_address_without_any_query_is_refused(cloud: None) -> None:
    with Client(app) as client:
        assert client.http.get("/wechat/main").status_code == 400
        assert client.http.get("/wechat/nobody").status_code == 404


@pytest.mark.parametrize("kind", ["track", "identify", "page", "group", "alias", "batch"])
def test_every_call_of_the_tracking_api_has_its_route(shop: Integrator, kind: str) -> None:
    message = {"type": "track", "userId": "u1", "event": "Read", "groupId": "g", "previousId": "p"}
    body = json.dumps({"batch": [message]} if kind == "batch" else message).encode()
    with Client(app) as client:
        response = client.http.post(
            f"/v1/{kind}", headers={**shop.headers, "Content-Type": "application/json"}, body=body
        )
    assert (response.status_code, json.loads(response.body)["success"]) == (200, True)
    assert response.headers["Content-Type"] == "application/json"
    assert len(stored()) == 1
