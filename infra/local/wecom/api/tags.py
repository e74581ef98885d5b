"""Corp tags, and which relation carries them."""

from infra.local.wecom.api.fields import Fields
from infra.local.wecom.api.request import Scene
from infra.local.wecom.errors import PlatformError
from infra.local.wecom.state.messages import JSON
from infra.local.wecom.state.tags import Tag, TagBook, TagGroup

TAGS_A_CORP = 10_000
NAME_CHARS = 30
LAST_ORDER = 2**32 - 1


def get_corp_tag_list(scene: Scene) -> JSON:
    """List tags in their groups: of the groups asked for, else of the tags asked for, else all."""
    groups, tags = scene.fields.texts("group_id", TAGS_A_CORP), scene.fields.texts("tag_id", TAGS_A_CORP)
    chosen = _groups(scene.corp.tags, groups, tags)
    wanted = None if groups or not tags else set(tags)
    return {"tag_group": [_described(group, wanted) for group in chosen]}


def add_corp_tag(scene: Scene) -> JSON:
    """Add tags to a group, which is made when its name is new."""
    book, fields = scene.corp.tags, scene.fields
    wanted = _wanted(fields)
    group = _group_for(scene)
    if taken := [name for name in wanted if group.has_name(name)]:
        raise PlatformError(40071, taken[0])
    if sum(1 for _ in book.tags()) + len(wanted) > TAGS_A_CORP:
        raise PlatformError(40126)
    book.groups[group.group_id] = group
    for name, order in wanted.items():
        tag = Tag(scene.state.new_id("etSIM"), name, scene.now, order)
        group.tags[tag.tag_id] = tag
    return {"tag_group": _described(group, {tag.tag_id for tag in group.tags.values() if tag.name in wanted})}


def mark_tag(scene: Scene) -> JSON:
    """Give and take tags of one relation; all or none."""
    fields = scene.fields
    relation = scene.corp.relation(fields.text("userid"), fields.text("external_userid"))
    added, removed = fields.texts("add_tag", TAGS_A_CORP), fields.texts("remove_tag", TAGS_A_CORP)
    if not added and not removed:
        raise PlatformError(40063, "add_tag or remove_tag")
    scene.corp.require_tags([*added, *removed])
    kept = [tag_id for tag_id in relation.tag_ids if tag_id not in removed]
    relation.tag_ids = list(dict.fromkeys([*kept, *added]))
    return {}


def _groups(book: TagBook, group_ids: list[str], tag_ids: list[str]) -> list[TagGroup]:
    if group_ids:
        return [book.groups[each] for each in group_ids if each in book.groups]
    if tag_ids:
        found = [book.find(each) for each in tag_ids]
        return list({group.group_id: group for group, _ in filter(None, found)}.values())
    return sorted(book.groups.values(), key=lambda group: -group.order)


def _wanted(fields: Fields) -> dict[str, int]:
    tags = fields.objects("tag", TAGS_A_CORP)
    wanted = {tag.text("name"): tag.number("order", 0, 0, LAST_ORDER) for tag in tags}
    if not wanted:
        raise PlatformError(40063, "tag")
    for name in wanted:
        if len(name) > NAME_CHARS:
            raise PlatformError(40072, name)
    return wanted


def _group_for(scene: Scene) -> TagGroup:
    book, fields = scene.corp.tags, scene.fields
    if group_id := fields.optional("group_id"):
        if group_id not in book.groups:
            raise PlatformError(40068, group_id)
        return book.groups[group_id]
    name = fields.text("group_name")
    if len(name) > NAME_CHARS:
        raise PlatformError(40072, name)
    order = fields.number("order", 0, 0, LAST_ORDER)
    return book.named(name) or TagGroup(scene.state.new_id("egSIM"), name, scene.now, order)


def _described(group: TagGroup, wanted: set[str] | None) -> JSON:
    tags = sorted(group.tags.values(), key=lambda tag: -tag.order)
    return {
        "group_id": group.group_id,
        "group_name": group.name,
        "create_time": int(group.created_at.timestamp()),
        "order": group.order,
        "tag": [
            {"id": tag.tag_id, "name": tag.name, "create_time": int(tag.created_at.timestamp()), "order": tag.order}
            for tag in tags
            if wanted is None or tag.tag_id in wanted
        ],
    }
