import json
from pathlib import Path
from typing import Any

import pytest
from wechatpy.exceptions import InvalidAppIdException, InvalidSignatureException

from infra.local.wecom import CallbackAnswer, CallbackDriver, CallbackRequest, Envelopes
from tests.unit.simulator.scene import AES_KEY, Clock

EVENTS = Path(__file__).parents[2] / "events"
VECTORS: list[dict[str, Any]] = json.loads((EVENTS / "wecom_vectors.json").read_text(encoding="utf-8"))
XML = "<xml><FromUserName><![CDATA[o-1]]></FromUserName><Event><![CDATA[潮]]></Event></xml>"


class Product:
    """Answers callbacks as it is told, the last answer for good; an exception is no answer."""

    def __init__(self, *answers: int | OSError) -> None:
        self.answers = list(answers)
        self.requests: list[CallbackRequest] = []

    def __call__(self, url: str, request: CallbackRequest) -> CallbackAnswer:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, OSError):
            raise answer
        return CallbackAnswer(answer, "")


def driver(product: Product, kind: str = "wecom") -> CallbackDriver:
    return CallbackDriver(
        "http://product.test/wechat/tide", "tok", AES_KEY, "ww-tide", Clock(), kind=kind, transport=product
    )


def envelopes(vector: dict[str, Any]) -> Envelopes:
    kind = "wecom" if vector["kind"].startswith("wecom") else "official_account"
    return Envelopes(vector["token"], vector["aes_key"], vector["receive_id"], kind)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_the_known_vectors_open_and_what_is_sealed_opens_again(vector: dict[str, Any]) -> None:
    envelope, clock = envelopes(vector), Clock()
    if vector["msg_signature"]:
        opened = envelope.open(vector["encrypt"], vector["msg_signature"], vector["timestamp"], vector["nonce"])
        assert opened == vector["plain"]
    sealed = envelope.seal(vector["plain"], clock())
    assert envelope.open(sealed.encrypt, sealed.signature, sealed.timestamp, sealed.nonce) == vector["plain"]
    with pytest.raises(InvalidSignatureException):
        envelope.open(sealed.encrypt, sealed.signature, sealed.timestamp, "other")


def test_an_envelope_for_another_receiver_does_not_open() -> None:
    sealed = Envelopes("tok", AES_KEY, "wx-1", "official_account").seal("hi", Clock()())
    other = Envelopes("tok", AES_KEY, "wx-2", "official_account")
    with pytest.raises(InvalidAppIdException):
        other.open(sealed.encrypt, sealed.signature, sealed.timestamp, sealed.nonce)


def test_a_corps_event_carries_a_signature_over_the_ciphertext() -> None:
    product = Product(200)
    delivery = driver(product).deliver(XML)
    (request,) = product.requests
    assert (delivery.is_accepted, delivery.attempts) == (True, 1)
    assert set(request.query) == {"msg_signature", "timestamp", "nonce"}
    assert request.body.startswith("<xml><ToUserName><![CDATA[ww-tide]]></ToUserName><Encrypt>")
    assert opened(request) == XML


def opened(request: CallbackRequest, kind: str = "wecom") -> str:
    encrypt = request.body.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    query = request.query
    return Envelopes("tok", AES_KEY, "ww-tide", kind).open(
        encrypt, query["msg_signature"], query["timestamp"], query["nonce"]
    )


def test_an_official_accounts_event_names_the_openid_and_has_both_signatures() -> None:
    product = Product(200)
    driver(product, "official_account").deliver(XML)
    (request,) = product.requests
    assert (request.query["openid"], request.query["encrypt_type"]) == ("o-1", "aes")
    assert request.query["signature"] != request.query["msg_signature"]
    assert "AgentID" not in request.body
    assert opened(request, "official_account") == XML


@pytest.mark.parametrize(
    ("answers", "attempts", "status"),
    [
        ([TimeoutError("no answer")], 3, 0),
        ([ConnectionRefusedError("refused"), 200], 2, 200),
        ([TimeoutError("no answer"), TimeoutError("no answer"), 200], 3, 200),
        ([500], 1, 500),
        ([404], 1, 404),
    ],
)
def test_only_silence_is_tried_again_and_three_times_in_all(
    answers: list[int | OSError], attempts: int, status: int
) -> None:
    product = Product(*answers)
    delivery = driver(product).deliver(XML)
    assert (delivery.attempts, delivery.status, len(product.requests)) == (attempts, status, attempts)
    assert bool(delivery.error) is (status == 0)


def test_another_reading_of_the_documentation_tries_every_other_status_again() -> None:
    product = Product(500, 503, 200)
    stubborn = driver(product)
    stubborn.retries_statuses = True
    assert stubborn.deliver(XML).attempts == 3


def test_every_attempt_is_sealed_anew() -> None:
    product = Product(TimeoutError(), 200)
    driver(product).deliver(XML)
    first, second = product.requests
    assert first.body != second.body
    assert opened(first) == opened(second)


@pytest.mark.parametrize("kind", ["wecom", "official_account"])
def test_a_url_is_verified_by_an_exact_echo(kind: str) -> None:
    def echo(url: str, request: CallbackRequest) -> CallbackAnswer:
        assert request.method == "GET"
        query = request.query
        if kind == "official_account":
            return CallbackAnswer(200, query["echostr"])
        envelope = Envelopes("tok", AES_KEY, "ww-tide")
        clear = envelope.open(query["echostr"], query["msg_signature"], query["timestamp"], query["nonce"])
        return CallbackAnswer(200, clear)

    good = CallbackDriver("http://product.test/", "tok", AES_KEY, "ww-tide", Clock(), kind=kind, transport=echo)
    assert good.verify("4375120948345356249").error == ""
    assert driver(Product(200), kind).verify().error == "echostr was not answered"


def test_the_sample_events_are_all_here_and_well_formed() -> None:
    samples = {path.stem: path.read_text(encoding="utf-8") for path in (EVENTS / "wecom").glob("*.xml")}
    assert len(samples) == 28
    for xml in samples.values():
        assert envelopes(VECTORS[0]).seal(xml, Clock()()).encrypt
        assert xml.startswith("<xml><ToUserName>")
