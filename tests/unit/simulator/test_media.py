from typing import Any

import pytest

from infra.local.wecom import Request, WecomWorld
from tests.unit.simulator.scene import APP, LI, OTHER_APP, Clock, small_world

PNG = b"\x89PNG\r\n\x1a\n" + b"\r\n--not-the-boundary\r\n" * 4
MEGABYTE = 1024 * 1024


def upload(
    world: WecomWorld, data: bytes, kind: str = "image", path: str = "media/upload", field: str = "media"
) -> dict[str, Any]:
    head = f'--cut\r\nContent-Disposition: form-data; name="{field}"; filename="潮.png"\r\n\r\n'
    body = head.encode() + data + b"\r\n--cut--\r\n"
    query = {"access_token": world.token(APP), "type": kind}
    return world.call(Request("POST", path, query, body, "multipart/form-data; boundary=cut")).json()


def welcome_with(world: WecomWorld, code: str, media_id: str, kind: str = "image", account: str = APP) -> int:
    body = {"welcome_code": code, "attachments": [{"msgtype": kind, kind: {"media_id": media_id}}]}
    errcode: int = world.post(account, "externalcontact/send_welcome_msg", body)["errcode"]
    return errcode


def test_an_upload_is_good_for_three_days_and_for_its_own_kind(world: WecomWorld, clock: Clock) -> None:
    media_id = upload(world, PNG)["media_id"]
    assert world.state.corps["ww-tide"].media[media_id].size == len(PNG)
    assert welcome_with(world, world.follow(LI, "wm-a").welcome_code, media_id, "file") == 40007
    assert welcome_with(world, world.follow(LI, "wm-b").welcome_code, media_id) == 0
    clock.pass_days(3)
    assert welcome_with(world, world.follow(LI, "wm-c").welcome_code, media_id) == 40007


def test_a_mini_program_card_needs_an_uploaded_picture(world: WecomWorld) -> None:
    media_id = upload(world, PNG)["media_id"]
    card = {"title": "预约", "appid": "wx1", "page": "/p", "pic_media_id": media_id}
    code = world.follow(LI, "wm-a").welcome_code
    body = {"welcome_code": code, "attachments": [{"msgtype": "miniprogram", "miniprogram": card}]}
    assert world.post(APP, "externalcontact/send_welcome_msg", body)["errcode"] == 0


def test_media_of_one_corp_is_unknown_to_another(world: WecomWorld) -> None:
    media_id = upload(world, PNG)["media_id"]
    assert welcome_with(world, world.follow("zhao", "wm-z").welcome_code, media_id, account=OTHER_APP) == 40007


@pytest.mark.parametrize(
    ("data", "kind", "errcode"),
    [
        (PNG, "image", 0),
        (b"\xff\xd8\xff" + b"j" * 9, "image", 0),
        (b"GIF89a" + b"g" * 9, "image", 40123),
        (b"12345", "file", 40006),
        (b"123456", "file", 0),
        (b"#!AMR\n1234", "voice", 0),
        (b"RIFF123456", "voice", 40005),
        (b"\0\0\0\x18ftypmp42", "video", 0),
        (b"not a video", "video", 41090),
        (PNG, "hologram", 40005),
        (PNG + b"\0" * 10 * MEGABYTE, "image", 45001),
        (b"f" * 20 * MEGABYTE, "file", 0),
        (b"f" * (20 * MEGABYTE + 1), "file", 45001),
    ],
)
def test_uploads_are_checked(world: WecomWorld, data: bytes, kind: str, errcode: int) -> None:
    assert upload(world, data, kind).get("errcode") == errcode


def test_an_upload_needs_the_field_called_media(world: WecomWorld) -> None:
    assert upload(world, PNG, field="file")["errcode"] == 44001
    query = {"access_token": world.token(APP), "type": "image"}
    assert world.call(Request("POST", "media/upload", query, PNG, "image/png")).json()["errcode"] == 44001


def test_an_uploaded_image_gets_a_lasting_url_which_pictures_must_use(world: WecomWorld, clock: Clock) -> None:
    url = upload(world, PNG, path="media/uploadimg", field="anything")["url"]
    clock.pass_days(30)
    code = world.follow(LI, "wm-a").welcome_code
    body = {"welcome_code": code, "attachments": [{"msgtype": "image", "image": {"pic_url": url}}]}
    assert world.post(APP, "externalcontact/send_welcome_msg", body)["errcode"] == 0


def test_image_urls_are_counted_by_the_day(clock: Clock) -> None:
    world = small_world(clock, images_a_day=2)
    codes = [upload(world, PNG, path="media/uploadimg")["errcode"] for _ in range(3)]
    assert codes == [0, 0, 45009]
