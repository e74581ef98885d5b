"""A corp at WeCom, our tables beside it, and a clock that both go by."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from chalicelib.domain.behaviour import Behaviour
from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.domain.push import Push, digest
from chalicelib.gateways.accounts import Account
from chalicelib.gateways.wecom.tokens import Tokens
from chalicelib.gateways.wecom.transport import Request
from chalicelib.gateways.wecom.trouble import NoAnswerError
from chalicelib.models import playbooks
from chalicelib.models.behaviours import BehaviourRow
from chalicelib.models.pushes import PushRow
from chalicelib.models.tokens import TokenRow
from chalicelib.services import read_playbooks
from chalicelib.services.wecom_apps import WeComApps
from infra.local.wecom.api.request import Request as WireRequest
from infra.local.wecom.errors import LostConnectionError
from infra.local.wecom.state.people import Account as WorldAccount
from infra.local.wecom.world import WecomWorld
from tests.harness.remote import ATTACHED, Call

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CORP, STAFF, ACCOUNT = "wwcorp", "zhangsan", "main"
BATCH = f"{ACCOUNT}/{STAFF}/demo@1/hello/20261122T1200Z"
PLAYBOOK = Playbook.model_validate({
    "id": "demo",
    "name": "演示",
    "version": 1,
    "zone": "Asia/Shanghai",
    "welcome": [{"content": "welcome"}, {"content": "vip", "channel": "vip"}],
    "contents": {
        "welcome": {
            "text": "${customer_name}，您好",
            "attachments": [{"type": "link", "title": "课表", "url": "https://example.com/a"}],
        },
        "vip": {"text": "贵宾${customer_name}您好"},
        "hello": {"text": "今晚八点直播，$$0 入场"},
    },
    "journeys": [{"id": "main", "name": "主线", "enter": {"when": {"tag": "x"}},
                  "stages": [{"id": "new", "name": "新", "intent": "low", "weight": 1}]}],
})  # fmt: skip


class Clock:
    """The time of a test; a pause moves it on."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, span: timedelta) -> None:
        """Let time pass."""
        self.now += span

    def pause(self, seconds: float) -> None:
        """Sleep without waiting."""
        self.now += timedelta(seconds=seconds)


@dataclass
class Line:
    """Carries requests to the world in this process, counted as remote calls."""

    world: WecomWorld
    requests: list[Request] = field(default_factory=list)

    def __call__(self, request: Request) -> bytes:
        self.requests.append(request)
        call = Call("http", "GET" if request.body is None else "POST", f"/cgi-bin/{request.api}")
        for wire in ATTACHED[-1:]:
            wire.before(call)
        body = self.answered(request)
        for wire in ATTACHED[-1:]:
            wire.after(call)
        return body

    def answered(self, request: Request) -> bytes:
        """Ask the world."""
        method = "GET" if request.body is None else "POST"
        try:
            answer = self.world.call(WireRequest(method, request.api, request.query, request.body or b""))
        except LostConnectionError as error:
            raise NoAnswerError(str(error)) from None
        if answer.status != 200:
            raise NoAnswerError(str(answer.status))
        return answer.body


class Scene:
    """What a test of the outgoing side stands on."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.world = WecomWorld(self.clock, sleep=self.clock.pause)
        self.world.add_account(WorldAccount(ACCOUNT, CORP, "secret"))
        self.world.add_staff(CORP, STAFF)
        self.secret = "secret"
        self.line = Line(self.world)
        self.apps = self.new_worker()
        playbooks.store_version(PLAYBOOK)
        playbooks.make_live(PLAYBOOK, 0)
        read_playbooks.forget()

    def new_worker(self) -> WeComApps:
        """Return the apps of a function that has just started: nothing is warm."""
        return WeComApps(self.line, Tokens(TokenRow, self.clock, self.clock.pause), self.account)

    def account(self, name: str) -> Account:
        """Return our settings of an account."""
        return Account.model_validate({"name": name, "kind": "wecom", "corp_id": CORP, "secret": self.secret})

    def follows(self, customer: str, name: str = "", state: str = "", unionid: str = "") -> Behaviour:
        """A customer adds the staff member; their follow is stored as the callback would."""
        followed = self.world.follow(STAFF, customer, name, state, unionid=unionid)
        follow = Behaviour(
            subject=f"wecom:{CORP}:{customer}",
            occurred_at=self.clock.now.replace(microsecond=0),
            id=digest(customer, followed.welcome_code),
            name="wecom.add_external_contact",
            account=ACCOUNT,
            source="wecom",
            received_at=self.clock.now,
            properties={"state": state} if state else {},
            staff=STAFF,
            welcome_code=followed.welcome_code,
        )
        BehaviourRow.record(follow)
        return follow

    def plans(self, customer: str, bucket: int = 1, content: str = "hello", batch: str = BATCH) -> Push:
        """Plan a push to a customer, who is a friend of the staff member."""
        push = push_to(customer, self.clock.now, bucket, content, batch)
        PushRow.plan(push)
        return push

    def befriends(self, *customers: str) -> None:
        """Customers add the staff member long before."""
        for customer in customers:
            self.world.follow(STAFF, customer)

    def texts(self, customer: str) -> list[str]:
        """Return what a customer can read on their phone."""
        return [message.content.text for message in self.world.inbox(customer)]

    def calls(self, api: str) -> int:
        """Count the calls of an API that reached the platform."""
        return sum(call.path == f"externalcontact/{api}" or call.path == api for call in self.world.calls)

    def sends(self) -> list[list[str]]:
        """Return the customers of every group-send that the platform made."""
        made = self.world.state.corps[CORP].group_sends.values()
        return [sorted(customer for part in send.receivers.values() for customer in part) for send in made]


def push_to(customer: str, now: datetime, bucket: int = 1, content: str = "hello", batch: str = BATCH) -> Push:
    """Return a planned push."""
    return Push(
        batch=batch,
        member=digest("push", customer),
        channel="group_send",
        customer_id=f"c-{customer}",
        run="main",
        stage="new",
        step="one",
        rule="demo@1/main/new/one",
        content=f"demo@1/{content}",
        account=ACCOUNT,
        staff=STAFF,
        external_userid=customer,
        slot=START,
        planned_at=now,
        bucket=bucket,
        state="planned",
        because="test",
    )


@contextmanager
def attached(wire: object) -> Iterator[None]:
    """Let a wire see every remote call of the block."""
    ATTACHED.append(wire)  # type: ignore[arg-type]
    try:
        yield
    finally:
        ATTACHED.remove(wire)  # type: ignore[arg-type]
