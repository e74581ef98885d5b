"""Events drawn by lot, as alike as they can be: different ones are different rows, the same one is the same row."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.schemas.wechat.event import Origin
from chalicelib.schemas.wechat.events import read_event
from tests.integration.dedup.events import CORP, FANS, MINI, NOW, OTHER_CORP, SENT_AT, Fields, sent

FEW = st.sampled_from(["a", "b", "c"])
SECONDS = st.sampled_from(["1700000000", "1700000001"])
DEEP = st.recursive(
    FEW, lambda inner: st.lists(inner, min_size=1, max_size=2) | st.dictionaries(FEW, inner, min_size=1), max_leaves=4
)
SYSTEM = {"MsgType": st.just("event"), "CreateTime": SECONDS, "FromUserName": st.just("sys")}
CONTACTS = st.fixed_dictionaries(
    {
        **SYSTEM,
        "Event": st.just("change_external_contact"),
        "ChangeType": st.sampled_from(
            ["add_external_contact", "add_half_external_contact", "del_external_contact", "del_follow_user"]
        ),
        "UserID": FEW,
        "ExternalUserID": FEW,
    },
    optional={"State": FEW, "Source": FEW, "FailReason": FEW},
)
TAGS = st.fixed_dictionaries(
    {**SYSTEM, "Event": st.just("change_external_tag"), "ChangeType": st.sampled_from(["create", "update", "delete"])},
    optional={"Id": FEW, "TagType": st.sampled_from(["tag", "tag_group"]), "StrategyId": FEW},
)
CHATS = st.fixed_dictionaries(
    {**SYSTEM, "Event": st.just("change_external_chat"), "ChangeType": st.just("update"), "ChatId": FEW},
    optional={"UpdateDetail": FEW, "CurMemVer": FEW, "LastMemVer": FEW, "MemChangeList": st.fixed_dictionaries(
        {"Item": FEW | st.lists(FEW, min_size=2, max_size=3)}
    )},
)  # fmt: skip
STAFF = st.fixed_dictionaries(
    {
        "MsgType": st.just("event"),
        "CreateTime": SECONDS,
        "FromUserName": FEW,
        "Event": st.sampled_from(["click", "view", "template_card_event", "scancode_push", "brand_new"]),
    },
    optional={"AgentID": FEW, "EventKey": FEW, "TaskId": FEW, "ResponseCode": FEW, "ScanCodeInfo": DEEP, "New": DEEP},
)
FANS_EVENTS = st.fixed_dictionaries(
    {
        "MsgType": st.just("event"),
        "CreateTime": SECONDS,
        "FromUserName": FEW,
        "Event": st.sampled_from(["subscribe", "SCAN", "CLICK", "VIEW", "user_enter_tempsession", "brand_new"]),
    },
    optional={"EventKey": FEW, "Ticket": FEW, "SessionFrom": FEW, "UnionId": FEW, "New": DEEP},
)
WECOM_EVENTS = st.tuples(st.sampled_from([CORP, OTHER_CORP]), CONTACTS | TAGS | CHATS | STAFF)
EVENTS = WECOM_EVENTS | st.tuples(st.sampled_from([FANS, MINI]), FANS_EVENTS)

VALUES = st.none() | st.booleans() | st.integers(-2, 2) | st.floats(allow_nan=False, allow_infinity=False) | FEW
CALLS = st.tuples(
    st.sampled_from(["shop", "club"]),
    st.sampled_from(["track", "page", "screen", "identify"]),
    st.fixed_dictionaries(
        {"event": FEW, "timestamp": st.sampled_from([SENT_AT, "2026-11-22T09:00:00.001Z"])},
        optional={
            "anonymousId": FEW,
            "name": FEW,
            "properties": st.dictionaries(FEW, VALUES, max_size=3),
            "traits": st.dictionaries(FEW, VALUES, max_size=3),
            "context": st.fixed_dictionaries({"page": FEW}),
        },
    ),
)


def said(value: object) -> str:
    """Return what an event says, the same for the same."""
    return json.dumps(value, sort_keys=True)


def key_of(event: tuple[Origin, Fields], more: Fields | None = None) -> str:
    """Return the key of the row that an event becomes."""
    origin, fields = event
    return read_event({**fields, **(more or {})}, origin, NOW).key


def shuffled(value: Any) -> Any:
    """Return an event whose fields come in another order."""
    return dict(reversed(value.items())) if isinstance(value, dict) else value


@settings(max_examples=300, deadline=None)
@given(st.lists(EVENTS, min_size=2, max_size=40, unique_by=lambda event: said((event[0].receive_id, event[1]))))
def test_different_events_of_wechat_are_different_rows(events: list[tuple[Origin, Fields]]) -> None:
    assert len({key_of(event) for event in events}) == len(events)


@settings(max_examples=300, deadline=None)
@given(EVENTS, st.sampled_from([{}, {"WelcomeCode": "x"}, {"Id2": ""}]))
def test_an_event_of_wechat_that_comes_again_is_the_same_row(event: tuple[Origin, Fields], more: Fields) -> None:
    assert key_of((event[0], shuffled(event[1])), more) == key_of(event)


@settings(max_examples=300, deadline=None)
@given(st.lists(CALLS, min_size=2, max_size=40, unique_by=said))
def test_different_calls_without_an_id_are_different_rows(calls: list[tuple[str, str, Fields]]) -> None:
    assert len({sent(kind, source, **fields).key for source, kind, fields in calls}) == len(calls)


@settings(max_examples=300, deadline=None)
@given(CALLS, st.sampled_from([{"sentAt": "x"}, {"type": "x"}, {"writeKey": "x"}]))
def test_a_call_that_is_sent_again_is_the_same_row(call: tuple[str, str, Fields], more: Fields) -> None:
    source, kind, fields = call
    assert sent(kind, source, **{**shuffled(fields), **more}).key == sent(kind, source, **fields).key
