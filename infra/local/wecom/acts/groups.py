"""Customer groups and tags as people change them in the client or the console."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from infra.local.wecom.acts.customers import staff_of
from infra.local.wecom.acts.events import Event, Part, corp_event
from infra.local.wecom.errors import SimulatorError
from infra.local.wecom.state.corp import Corp
from infra.local.wecom.state.people import Chat
from infra.local.wecom.state.tags import Tag, TagGroup
from infra.local.wecom.state.world_state import WorldState

DETAILS = ("add_member", "del_member", "change_owner", "change_name", "change_notice")


def create_chat(corp: Corp, chat_id: str, owner: str, name: str, members: Sequence[str], now: datetime) -> Event:
    """A staff member opens a customer group."""
    if chat_id in corp.chats:
        raise SimulatorError(f"group exists: {chat_id}")
    corp.chats[chat_id] = Chat(chat_id, staff_of(corp, owner).userid, name, list(members))
    return _chat_event(corp, chat_id, "create", now)


def update_chat(corp: Corp, chat_id: str, detail: str, who: Sequence[str], now: datetime) -> Event:
    """Members come (`add_member`) or go (`del_member`), or owner, name or notice change."""
    if detail not in DETAILS:
        raise SimulatorError(f"detail must be one of {', '.join(DETAILS)}")
    chat = _chat(corp, chat_id)
    before = _version(chat)
    if detail == "add_member":
        chat.members = list(dict.fromkeys([*chat.members, *who]))
    if detail == "del_member":
        chat.members = [member for member in chat.members if member not in who]
    chat.version += 1
    parts: list[Part] = [("UpdateDetail", detail)]
    if detail in ("add_member", "del_member"):
        parts += [
            ("JoinScene", 3 if detail == "add_member" else 0),
            ("QuitScene", 0),
            ("MemChangeCnt", len(who)),
            ("MemChangeList", [("Item", member) for member in who]),
            ("LastMemVer", before),
            ("CurMemVer", _version(chat)),
        ]
    return _chat_event(corp, chat_id, "update", now, parts)


def dismiss_chat(corp: Corp, chat_id: str, now: datetime) -> Event:
    """The owner closes the group."""
    _chat(corp, chat_id)
    del corp.chats[chat_id]
    return _chat_event(corp, chat_id, "dismiss", now)


def create_tag(world: WorldState, corp: Corp, group_name: str, name: str, now: datetime) -> tuple[str, Event]:
    """An administrator adds a tag in the console; return its id and the event."""
    group = corp.tags.named(group_name) or TagGroup(world.new_id("egSIM"), group_name, now)
    if group.has_name(name):
        raise SimulatorError(f"tag exists: {group_name}/{name}")
    corp.tags.groups[group.group_id] = group
    tag = Tag(world.new_id("etSIM"), name, now)
    group.tags[tag.tag_id] = tag
    return tag.tag_id, _tag_event(corp, tag.tag_id, "create", now)


def rename_tag(corp: Corp, tag_id: str, name: str, now: datetime) -> Event:
    """An administrator renames a tag."""
    found = corp.tags.find(tag_id)
    if found is None:
        raise SimulatorError(f"no such tag: {tag_id}")
    found[1].name = name
    return _tag_event(corp, tag_id, "update", now)


def delete_tag(corp: Corp, tag_id: str, now: datetime) -> Event:
    """An administrator deletes a tag: relations lose it, and the last one takes its group along."""
    if corp.tags.find(tag_id) is None:
        raise SimulatorError(f"no such tag: {tag_id}")
    corp.tags.remove(tag_id)
    for relation in corp.relations():
        relation.tag_ids = [each for each in relation.tag_ids if each != tag_id]
    return _tag_event(corp, tag_id, "delete", now)


def _chat(corp: Corp, chat_id: str) -> Chat:
    if chat_id not in corp.chats:
        raise SimulatorError(f"no such group: {chat_id}")
    return corp.chats[chat_id]


def _version(chat: Chat) -> str:
    return hashlib.md5(f"{chat.chat_id}/{chat.version}".encode(), usedforsecurity=False).hexdigest()


def _chat_event(corp: Corp, chat_id: str, change: str, now: datetime, parts: Sequence[Part] = ()) -> Event:
    return corp_event(corp.corp_id, "change_external_chat", now, [("ChatId", chat_id), ("ChangeType", change), *parts])


def _tag_event(corp: Corp, tag_id: str, change: str, now: datetime) -> Event:
    parts: list[Part] = [("Id", tag_id), ("TagType", "tag"), ("ChangeType", change)]
    return corp_event(corp.corp_id, "change_external_tag", now, parts)
