"""One corp app's access to WeCom: a call, with a token, and what its answer decides."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from chalicelib.domain.push import digest
from chalicelib.errors import ChaoxiError
from chalicelib.gateways.wecom.codes import Decision, decision_of, is_listed
from chalicelib.gateways.wecom.tokens import Tokens
from chalicelib.gateways.wecom.transport import READ_SECONDS, Request, Transport
from chalicelib.gateways.wecom.trouble import CurableError, NoAnswerError, RefusedError
from chalicelib.observability import count, logger

GET_TOKEN = "gettoken"  # noqa: S105 (the name of an API, no secret)

BUSY_SECONDS = (1.0, 3.0)
WITHOUT_A_TOKEN: tuple[Decision, ...] = ("success", "retry", "cool_down", "alarm")  # any other code: a wrong secret

Json = dict[str, Any]
Answer = TypeVar("Answer", bound=BaseModel)


class Lenient(BaseModel):
    """A part of WeCom's answer; the platform adds fields without notice."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class NewToken(Lenient):
    """The answer of gettoken; `expires_in` is seconds."""

    access_token: str
    expires_in: int = 7200


@dataclass
class WeComApp:
    """A corp app. `account` is our name for it, `senders` what its workers have learned of who confirms what."""

    account: str
    corp_id: str
    secret: str = field(repr=False)
    transport: Transport
    tokens: Tokens
    senders: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)

    @property
    def mark(self) -> str:
        """What stands for the secret in the table that all workers share."""
        return digest("secret", self.account, self.corp_id, self.secret)

    def call(
        self,
        api: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        patience: float = READ_SECONDS,
        once: bool = False,
    ) -> Json:
        """Call an API: POST with a body, GET without. `once`: asked twice, the platform would do it twice.

        Raises NotSentError, NoAnswerError, CurableError, HeldError or RefusedError.
        """
        self.tokens.require_open(self.account, api, self.mark)
        encoded = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        request = Request(api, query or {}, encoded, patience, once)
        token = self.tokens.token(self.account, self.fetch_token)
        answer = self.ask(request, token)
        if decision_of(code_of(answer)) == "refresh":
            token = self.tokens.token(self.account, self.fetch_token, refused=token)
            answer = self.ask(request, token)
        return self.judged(api, answer)

    def call_patiently(self, api: str, body: Mapping[str, Any], once: bool = False) -> Json:
        """Call an API, and again after one second and after three while the platform says that it is busy."""
        for seconds in BUSY_SECONDS:
            try:
                return self.call(api, body, once=once)
            except CurableError as error:
                if error.decision != "retry":
                    raise
                self.tokens.pause(seconds)
        return self.call(api, body, once=once)

    def fetch_token(self) -> tuple[str, timedelta]:
        """Ask the platform for a token; return it and its lifetime.

        Without a token nothing can be called, so a refusal is about the account, never about a customer or a content.
        """
        self.tokens.require_open(self.account, GET_TOKEN, self.mark)
        query = {"corpid": self.corp_id, "corpsecret": self.secret}
        answer = json_of(GET_TOKEN, self.transport(Request(GET_TOKEN, query)))
        if decision_of(code_of(answer)) not in WITHOUT_A_TOKEN:
            raise self.tokens.suspend(self.account, self.mark)
        self.judged(GET_TOKEN, answer)
        new = parsed(NewToken, GET_TOKEN, answer)
        return new.access_token, timedelta(seconds=new.expires_in)

    def ask(self, request: Request, token: str) -> Json:
        """Make one attempt."""
        query = {"access_token": token, **request.query}
        attempt = Request(request.api, query, request.body, request.patience, request.once)
        return json_of(request.api, self.transport(attempt))

    def judged(self, api: str, answer: Json) -> Json:
        """Return a good answer. Raises what the code of any other one decides."""
        code = code_of(answer)
        decision = decision_of(code)
        if decision == "success":
            return answer
        raise self.trouble(api, code, decision)

    def trouble(self, api: str, code: int, decision: Decision) -> ChaoxiError:
        """Return the error that a code stands for, with what everybody must know of it shared."""
        if decision == "suspend":
            return self.tokens.suspend(self.account, self.mark)
        if decision == "cool_down":
            return self.tokens.cool_down(self.account, api)
        if decision in ("refresh", "retry", "delay"):
            return CurableError(api, code, decision)
        if decision != "business" or not is_listed(code):
            count("WeComAlarm")
            logger.error("WeCom refused", extra={"account": self.account, "api": api, "code": code})
        return RefusedError(api, code, decision)


def code_of(answer: Json) -> int:
    """Return an answer's errcode; one without is a success."""
    code = answer.get("errcode", 0)
    return code if isinstance(code, int) else 0


def json_of(api: str, body: bytes) -> Json:
    """Return a body's object. Raises NoAnswerError for anything else: who answered was not the platform."""
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise NoAnswerError(f"{api}: the answer is no JSON object")
    return answer


def parsed(model: type[Answer], api: str, answer: Json) -> Answer:
    """Return an answer as a value. Raises NoAnswerError when it lacks what it must have."""
    try:
        return model.model_validate(answer)
    except ValidationError as error:
        raise NoAnswerError(f"{api}: the answer lacks {error.errors()[0]['loc']}") from None
