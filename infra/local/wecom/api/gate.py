"""The way of a call: its fault, its token, the limits, the endpoint, the log."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from infra.local.wecom.api.fields import Fields, parse_body
from infra.local.wecom.api.media import file_of
from infra.local.wecom.api.request import Request, Scene
from infra.local.wecom.api.routes import ROUTES, Route
from infra.local.wecom.errors import LostConnectionError, PlatformError
from infra.local.wecom.state.calls import Call, summed_up
from infra.local.wecom.state.faults import Fault, FaultKind, Faults
from infra.local.wecom.state.frequency import HOUR, MINUTE
from infra.local.wecom.state.people import Account
from infra.local.wecom.state.world_state import WorldState

GARBAGE = b'\xff\xfe<html>{"errcode":'


@dataclass(frozen=True)
class Answer:
    """What the caller gets; `errcode` is what the body says."""

    body: bytes
    status: int = 200
    errcode: int | None = 0
    content_type: str = "application/json; charset=UTF-8"

    def json(self) -> dict[str, Any]:
        """Return the body as an object."""
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed


@dataclass
class Gate:
    """Lets calls in. Only `_answer` touches the world, under its lock; waiting happens outside."""

    state: WorldState
    faults: Faults
    lock: threading.RLock
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    settle: Callable[[], None]

    def call(self, request: Request) -> Answer:
        """Answer one call; LostConnectionError where the caller gets no answer."""
        route = ROUTES.get(request.path)
        if route is None:
            return Answer(b'{"errcode":404,"errmsg":"no such path"}', status=404, errcode=404)
        flight = (self._owner(request), request.path)
        with self.lock:
            self.state.limits.in_flight[flight] += 1
        try:
            return self._meet_fault(request, route, self.faults.take(request.path))
        finally:
            with self.lock:
                self.state.limits.in_flight[flight] -= 1

    def _meet_fault(self, request: Request, route: Route, fault: Fault | None) -> Answer:
        kind = fault.kind if fault else None
        if fault is None or kind is FaultKind.SLOW:
            self._wait(fault)
            return self._answer(request, route, kind)
        if kind is FaultKind.TIMEOUT_BEFORE:
            self._log(request, None, kind)
            raise LostConnectionError(kind, self.state.rules.hang.total_seconds())
        if kind is FaultKind.HTTP_500:
            self._log(request, None, kind)
            return Answer(b"internal error", 500, None, "text/plain")
        if kind is FaultKind.ERRCODE:
            self._log(request, fault.errcode, kind)
            return _refusal(PlatformError(fault.errcode, "on demand"))
        self._answer(request, route, kind)
        if kind is FaultKind.DROP_AFTER:
            raise LostConnectionError(kind)
        return Answer(GARBAGE, 200, None, "text/html")

    def _wait(self, fault: Fault | None) -> None:
        seconds = self.state.rules.latency.total_seconds() + (fault.seconds if fault else 0.0)
        if seconds:
            self.sleep(seconds)

    def _answer(self, request: Request, route: Route, kind: FaultKind | None) -> Answer:
        with self.lock:
            self.settle()
            try:
                answer = _accepted(route.answer(self._scene(request, route)), route)
            except PlatformError as error:
                answer = _refusal(error)
            unread = kind in (FaultKind.DROP_AFTER, FaultKind.GARBAGE)
            self._log(request, None if unread else answer.errcode, kind)
        return answer

    def _scene(self, request: Request, route: Route) -> Scene:
        now, rules = self.now(), self.state.rules
        if request.method != route.method:
            raise PlatformError(40058, f"use {route.method}")
        if rules.trusted_ips and request.address not in rules.trusted_ips:
            raise PlatformError(60020, request.address)
        account = self._caller(request, route, now)
        owner = account.corp_id if account else request.address
        limits = {MINUTE: rules.calls_a_minute, HOUR: rules.calls_an_hour}
        self.state.limits.require(owner, request.path, now, limits)
        at_once = self.state.limits.in_flight[(self._owner(request), request.path)]
        if rules.calls_at_once and at_once > rules.calls_at_once:
            raise PlatformError(45033, request.path)
        fields = parse_body(request.body, rules.refuse_escapes) if route.has_json else Fields({})
        return Scene(self.state, now, request, fields, account)

    def _caller(self, request: Request, route: Route, now: datetime) -> Account | None:
        if not route.realm:
            return None
        name = self.state.tokens.check(request.query.get("access_token", ""), now)
        account = self.state.accounts[name]
        if (account.kind == "wecom") is not (route.realm == "wecom"):
            raise PlatformError(40014, "token of another platform")
        return account

    def _owner(self, request: Request) -> str:
        """Return the corp that a token belongs to, good or bad; calls in flight are counted for it."""
        name = self.state.tokens.account_of(request.query.get("access_token", ""))
        account = self.state.accounts.get(name or "")
        return account.corp_id if account else request.address

    def _log(self, request: Request, errcode: int | None, kind: FaultKind | None) -> None:
        name = self.state.tokens.account_of(request.query.get("access_token", "")) or ""
        call = Call(self.now(), name, request.path, _body_of(request), errcode, kind or "")
        with self.lock:
            self.state.calls.append(call)


def _accepted(answer: dict[str, Any], route: Route) -> Answer:
    """Return success; Official Account tokens come without an errcode."""
    head = {} if route.answer.__name__ == "stable_token" else {"errcode": 0, "errmsg": "ok"}
    return Answer(json.dumps(head | answer, ensure_ascii=False).encode("utf-8", "replace"))


def _refusal(error: PlatformError) -> Answer:
    body = {"errcode": error.errcode, "errmsg": str(error)} | error.extra
    return Answer(json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"), errcode=error.errcode)


def _body_of(request: Request) -> Any:
    if file := file_of(request):
        return {"type": request.query.get("type", ""), "filename": file.filename, "bytes": len(file.data)}
    hidden = ("access_token", "corpsecret")
    if not request.body:
        return {name: value for name, value in request.query.items() if name not in hidden}
    try:
        return summed_up(json.loads(request.body))
    except (ValueError, RecursionError):
        return {"unreadable": len(request.body)}
