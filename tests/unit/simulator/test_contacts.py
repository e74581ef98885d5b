from typing import Any

import pytest

from infra.local.wecom import WecomWorld
from tests.unit.simulator.scene import APP, CORP, LI, WANG, Clock


def get(world: WecomWorld, customer: str, cursor: str = "") -> dict[str, Any]:
    return world.get(APP, "externalcontact/get", external_userid=customer, cursor=cursor)


def remark(world: WecomWorld, **fields: Any) -> int:
    code: int = world.post(APP, "externalcontact/remark", {"userid": LI, "external_userid": "wm-a", **fields})[
        "errcode"
    ]
    return code


def test_a_customer_is_described_with_everybody_who_follows(world: WecomWorld) -> None:
    world.follow(LI, "wm-a", "陈女士", "shop-1", unionid="union-a")
    world.follow(WANG, "wm-a", "陈女士")
    answer = get(world, "wm-a")
    assert answer["external_contact"]["name"] == "陈女士"
    assert answer["external_contact"]["unionid"] == "union-a"
    assert [each["userid"] for each in answer["follow_user"]] == [LI, WANG]
    assert answer["follow_user"][0]["state"] == "shop-1"
    assert "state" not in answer["follow_user"][1]
    assert "next_cursor" not in answer


def test_five_hundred_followers_fill_a_page(world: WecomWorld) -> None:
    for number in range(501):
        world.add_staff(CORP, f"staff-{number}")
        world.follow(f"staff-{number}", "wm-star")
    first = get(world, "wm-star")
    second = get(world, "wm-star", first["next_cursor"])
    assert (len(first["follow_user"]), len(second["follow_user"])) == (500, 1)


def test_unknown_people_and_ended_relations_have_codes_of_their_own(world: WecomWorld) -> None:
    world.follow(LI, "wm-a")
    world.follow(WANG, "wm-b")
    world.delete(LI, "wm-a")
    world.unfollow(WANG, "wm-b")
    assert get(world, "wm-nobody")["errcode"] == 40096
    assert get(world, "wm-a")["errcode"] == 84061
    assert get(world, "wm-b")["errcode"] == 0, "a customer who left is still known"


def test_a_staff_member_without_customers_answers_84061(world: WecomWorld) -> None:
    path = "externalcontact/list"
    assert world.get(APP, path, userid=LI)["errcode"] == 84061
    assert world.get(APP, path, userid="nobody")["errcode"] == 60111
    assert world.get(APP, path)["errcode"] == 40063
    world.follow(LI, "wm-a")
    assert world.get(APP, path, userid=LI)["external_userid"] == ["wm-a"]


def test_all_customers_of_several_staff_come_in_pages_with_tag_ids(world: WecomWorld) -> None:
    tag = world.create_tag(CORP, "意向", "高")
    for number in range(3):
        world.follow(LI, f"wm-{number}")
    world.follow(WANG, "wm-9")
    world.edit(WANG, "wm-9", add_tags=[tag])
    path, body = "externalcontact/batch/get_by_user", {"userid_list": [LI, WANG], "limit": 3}
    first = world.post(APP, path, body)
    second = world.post(APP, path, body | {"cursor": first["next_cursor"]})
    assert len(first["external_contact_list"]) == 3
    (last,) = second["external_contact_list"]
    assert (last["external_contact"]["external_userid"], last["follow_info"]["tag_id"]) == ("wm-9", [tag])
    assert second["next_cursor"] == ""


def test_a_cursor_of_another_query_or_of_nobody_is_refused(world: WecomWorld) -> None:
    for number in range(3):
        world.follow(LI, f"wm-{number}")
    path = "externalcontact/batch/get_by_user"
    cursor = world.post(APP, path, {"userid_list": [LI], "limit": 1})["next_cursor"]
    assert world.post(APP, path, {"userid_list": [LI, WANG], "limit": 1, "cursor": cursor})["errcode"] == 50100
    assert world.post(APP, path, {"userid_list": [LI], "cursor": "made-up"})["errcode"] == 50100


@pytest.mark.parametrize(
    ("body", "errcode"),
    [
        ({}, 40063),
        ({"userid_list": ["li"] * 101}, 40058),
        ({"userid_list": "li"}, 40058),
        ({"userid_list": ["li"], "limit": 101}, 40058),
        ({"userid_list": ["li"], "limit": "10"}, 40058),
        ({"userid_list": ["ghost"]}, 60111),
    ],
)
def test_a_batch_request_is_checked(world: WecomWorld, body: dict[str, Any], errcode: int) -> None:
    assert world.post(APP, "externalcontact/batch/get_by_user", body)["errcode"] == errcode


def test_remarks_overwrite_only_what_is_given_and_mobiles_as_a_whole(world: WecomWorld) -> None:
    world.follow(LI, "wm-a")
    assert remark(world, remark="老客户", remark_mobiles=["13800000001", "13800000002"]) == 0
    assert remark(world, description="喜欢海") == 0
    assert remark(world, remark_mobiles=[""]) == 0
    (follower,) = get(world, "wm-a")["follow_user"]
    assert (follower["remark"], follower["description"], follower["remark_mobiles"]) == ("老客户", "喜欢海", [])


@pytest.mark.parametrize(
    ("fields", "errcode"),
    [
        ({}, 40063),
        ({"remark": "字" * 20}, 0),
        ({"remark": "字" * 21}, 40058),
        ({"description": "字" * 151}, 40058),
        ({"remark_company": "字" * 21}, 40058),
        ({"remark_mobiles": "138"}, 40058),
        ({"remark_pic_mediaid": "none"}, 40007),
    ],
)
def test_remarks_have_lengths_in_characters(world: WecomWorld, fields: dict[str, Any], errcode: int) -> None:
    world.follow(LI, "wm-a")
    assert remark(world, **fields) == errcode


def test_relation_calls_wait_until_a_half_added_customer_is_whole(world: WecomWorld, clock: Clock) -> None:
    followed = world.half_follow(LI, "wm-a")
    assert followed.welcome_code
    assert remark(world, remark="早") == 84061
    world.complete(LI, "wm-a")
    assert remark(world, remark="早") == 0
