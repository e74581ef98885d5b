from typing import Any

import pytest

from infra.local.wecom import WecomWorld
from tests.unit.simulator.scene import APP, CORP, LI, WANG

ADD, LIST, MARK = (f"externalcontact/{name}" for name in ("add_corp_tag", "get_corp_tag_list", "mark_tag"))


def add(world: WecomWorld, *names: str, group: str = "意向") -> dict[str, Any]:
    body = {"group_name": group, "tag": [{"name": name, "order": len(name)} for name in names]}
    return world.post(APP, ADD, body)


def test_tags_are_appended_to_a_group_of_the_same_name_and_make_no_event(world: WecomWorld) -> None:
    first, second = add(world, "高", "中等"), add(world, "低")
    assert first["tag_group"]["group_id"] == second["tag_group"]["group_id"]
    assert [tag["name"] for tag in first["tag_group"]["tag"]] == ["中等", "高"], "a higher order comes first"
    (group,) = world.post(APP, LIST, {})["tag_group"]
    assert {tag["name"] for tag in group["tag"]} == {"高", "中等", "低"}
    assert world.emitted == []


def test_a_name_that_exists_is_refused_and_one_given_twice_is_one(world: WecomWorld) -> None:
    assert len(add(world, "高", "高")["tag_group"]["tag"]) == 1
    assert add(world, "高")["errcode"] == 40071


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({"group_name": "意向"}, 40063),
        ({"tag": [{"name": "高"}]}, 40063),
        ({"group_id": "none", "tag": [{"name": "高"}]}, 40068),
        ({"group_name": "意向", "tag": [{"name": "字" * 31}]}, 40072),
        ({"group_name": "字" * 31, "tag": [{"name": "高"}]}, 40072),
        ({"group_name": "意向", "tag": [{"name": "高", "order": 2**32}]}, 40058),
        ({"group_name": "意向", "tag": [{"name": str(number)} for number in range(10_000)]}, 0),
    ],
)
def test_new_tags_are_checked(world: WecomWorld, body: dict[str, Any], errcode: int) -> None:
    assert world.post(APP, ADD, body)["errcode"] == errcode


def test_a_corp_has_ten_thousand_tags_at_most(world: WecomWorld) -> None:
    world.post(APP, ADD, {"group_name": "a", "tag": [{"name": str(number)} for number in range(10_000)]})
    assert add(world, "more")["errcode"] == 40126


def test_the_list_narrows_to_groups_first_and_tags_second(world: WecomWorld) -> None:
    one, two = add(world, "高", "低")["tag_group"], add(world, "东", group="城区")["tag_group"]
    by_tag = world.post(APP, LIST, {"tag_id": [one["tag"][0]["id"]]})["tag_group"]
    by_both = world.post(APP, LIST, {"tag_id": [one["tag"][0]["id"]], "group_id": [two["group_id"]]})["tag_group"]
    assert [len(group["tag"]) for group in by_tag] == [1]
    assert [group["group_name"] for group in by_both] == ["城区"]


def test_a_mark_belongs_to_one_relation_and_may_be_repeated(world: WecomWorld) -> None:
    tag = add(world, "高")["tag_group"]["tag"][0]["id"]
    world.follow(LI, "wm-a")
    world.follow(WANG, "wm-a")
    body = {"userid": LI, "external_userid": "wm-a", "add_tag": [tag]}
    assert [world.post(APP, MARK, body)["errcode"] for _ in range(2)] == [0, 0]
    followers = world.get(APP, "externalcontact/get", external_userid="wm-a")["follow_user"]
    assert [len(each["tags"]) for each in followers] == [1, 0]
    assert world.post(APP, MARK, body | {"add_tag": [], "remove_tag": [tag]})["errcode"] == 0
    assert len(world.emitted) == 2, "only the two arrivals"


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"add_tag": ["none"]}, 40068),
        ({"add_tag": []}, 40063),
        ({"userid": "ghost"}, 60111),
        ({"external_userid": "wm-ghost"}, 40096),
        ({"userid": WANG}, 84061),
    ],
)
def test_a_mark_is_checked(world: WecomWorld, change: dict[str, Any], errcode: int) -> None:
    tag = world.create_tag(CORP, "意向", "高")
    world.follow(LI, "wm-a")
    body = {"userid": LI, "external_userid": "wm-a", "add_tag": [tag]} | change
    assert world.post(APP, MARK, body)["errcode"] == errcode


def test_deleting_a_tag_takes_it_from_everybody_and_the_last_one_its_group(world: WecomWorld) -> None:
    tag = world.create_tag(CORP, "意向", "高")
    world.follow(LI, "wm-a")
    world.edit(LI, "wm-a", add_tags=[tag])
    world.delete_tag(CORP, tag)
    assert world.post(APP, LIST, {})["tag_group"] == []
    assert world.get(APP, "externalcontact/get", external_userid="wm-a")["follow_user"][0]["tags"] == []
