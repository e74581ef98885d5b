"""What comes in over HTTP, through API Gateway, the zip and the table."""

import gzip
import json

import pytest

from infra.local.demo.scene import CORP
from infra.local.wecom import CallbackDriver
from tests.e2e.cloud import Cloud, eventually

pytestmark = pytest.mark.e2e


def test_the_address_can_be_saved_in_the_console(cloud: Cloud) -> None:
    verified = CallbackDriver.of(cloud.account, cloud.scene.world.now).verify()
    assert (verified.is_accepted, verified.error) == (True, "")


def test_the_same_callback_three_times_is_one_behaviour(cloud: Cloud) -> None:
    cloud.follow("wmTHRICE")
    event = cloud.event_of("wmTHRICE")
    assert [cloud.deliver(event).status for _ in range(2)] == [200, 200]
    assert cloud.names("wmTHRICE").count("wecom.add_external_contact") == 1


def test_two_customers_who_follow_in_the_same_second_are_two(cloud: Cloud) -> None:
    cloud.follow("wmSECONDA")
    assert cloud.deliver(cloud.event_of("wmSECONDA").replace("wmSECONDA", "wmSECONDB")).status == 200
    assert "wecom.add_external_contact" in cloud.names("wmSECONDA")
    assert "wecom.add_external_contact" in cloud.names("wmSECONDB")


def test_a_callback_with_a_bad_signature_is_refused(cloud: Cloud) -> None:
    status, _ = cloud.ask("POST", "/wechat/main", b"<xml/>", msg_signature="0" * 40, timestamp="1", nonce="n")
    assert 400 <= status < 500


def test_an_unknown_account_is_not_found(cloud: Cloud) -> None:
    status, _ = cloud.ask("POST", "/wechat/nobody", b"<xml/>", msg_signature="0" * 40, timestamp="1", nonce="n")
    assert status == 404


def test_a_wrong_write_key_is_unauthorized(cloud: Cloud) -> None:
    body = json.dumps({"event": "Price Asked", "userId": "u-1", "messageId": "m-1"}).encode()
    headers = {"Authorization": "Basic c2hvcC53cm9uZzo=", "Content-Type": "application/json"}
    assert cloud.ask("POST", "/v1/track", body, headers)[0] == 401


def test_gzip_is_accepted(cloud: Cloud) -> None:
    event = {"event": "Price Asked", "userId": "u-gzip", "timestamp": cloud.scene.world.now().isoformat()}
    body = gzip.compress(json.dumps(event).encode())
    status, answer = cloud.ask("POST", "/v1/track", body, cloud.tracker.headers | {"Content-Encoding": "gzip"})
    assert (status, json.loads(answer)["success"]) == (200, True)
    assert [row["name"] for row in cloud.rows("behaviours", "subject", "user:u-gzip")] == ["Price Asked"]


def test_what_a_shop_reports_joins_the_customer_that_wecom_knows(cloud: Cloud) -> None:
    cloud.follow("wmJOIN")
    assert cloud.tracker.send("track", "wmJOIN", "Link Clicked", {"url": "https://example.com/plan/1"}) == 200
    tags = eventually(lambda: "看过方案" in cloud.customer("wmJOIN").get("tags", {}), 30)
    assert tags
    known = cloud.customer("wmJOIN")["customer_id"]
    assert cloud.rows("identities", "identity", "user:u-wmJOIN")[0]["customer_id"]["S"] == known
    assert f"{CORP}:wmJOIN" in cloud.behaviours("wmJOIN")[0]["subject"]
