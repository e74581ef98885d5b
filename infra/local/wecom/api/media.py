"""Uploads: files that live three days, and images with a permanent URL."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

from infra.local.wecom.api.request import Request, Scene
from infra.local.wecom.errors import PlatformError
from infra.local.wecom.state.corp import Media
from infra.local.wecom.state.frequency import DAY, MONTH
from infra.local.wecom.state.messages import JSON

LIFETIME = timedelta(days=3)
MEGABYTE = 1024 * 1024
LARGEST = {"image": 10 * MEGABYTE, "voice": 2 * MEGABYTE, "video": 10 * MEGABYTE, "file": 20 * MEGABYTE}
LARGEST_IMAGE_URL = 2 * MEGABYTE
SMALLEST = 5
IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


@dataclass(frozen=True)
class Upload:
    """The one file of a multipart body."""

    field: str
    filename: str
    data: bytes


def upload(scene: Scene) -> JSON:
    """Keep a file for three days."""
    kind = scene.request.query.get("type", "")
    if kind not in LARGEST:
        raise PlatformError(40005, kind)
    file = _file(scene.request, "media")
    if len(file.data) > LARGEST[kind]:
        raise PlatformError(45001, kind)
    _require_format(kind, file.data)
    media = Media(scene.state.new_id(f"mediaSIM{kind}"), kind, len(file.data), _digest(file.data), scene.now + LIFETIME)
    scene.corp.media[media.media_id] = media
    return {"type": kind, "media_id": media.media_id, "created_at": str(int(scene.now.timestamp()))}


def upload_image(scene: Scene) -> JSON:
    """Give an image a permanent URL, the same one for the same bytes."""
    file = _file(scene.request, None)
    if len(file.data) > LARGEST_IMAGE_URL:
        raise PlatformError(40006, "image")
    _require_format("image", file.data)
    rules = scene.state.rules
    limits = {DAY: rules.images_a_day, MONTH: rules.images_a_month}
    scene.state.limits.require(scene.corp.corp_id, "images", scene.now, limits)
    url = f"https://wework.qpic.cn/simulated/{_digest(file.data)}/0"
    scene.corp.image_urls[url] = scene.now
    return {"url": url}


def file_of(request: Request) -> Upload | None:
    """Return the file of a multipart body, or None."""
    header = EmailMessage()
    header["content-type"] = request.content_type
    boundary = header.get_param("boundary")
    if header.get_content_type() != "multipart/form-data" or not isinstance(boundary, str):
        return None
    for part in request.body.split(b"--" + boundary.encode())[1:-1]:
        head, separator, data = part.partition(b"\r\n\r\n")
        disposition = _disposition(head)
        if separator and disposition.get_filename():
            name = str(disposition.get_param("name", "", header="content-disposition"))
            return Upload(name, str(disposition.get_filename()), data.removesuffix(b"\r\n"))
    return None


def _disposition(head: bytes) -> EmailMessage:
    message = EmailMessage()
    for line in head.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-disposition":
            message["content-disposition"] = value.strip()
    return message


def _file(request: Request, field: str | None) -> Upload:
    file = file_of(request)
    if file is None or (field is not None and file.field != field):
        raise PlatformError(44001, "multipart file with a filename")
    if len(file.data) <= SMALLEST:
        raise PlatformError(40006, "more than 5 bytes")
    return file


def _require_format(kind: str, data: bytes) -> None:
    if kind == "image" and not data.startswith(IMAGES):
        raise PlatformError(40123)
    if kind == "voice" and not data.startswith(b"#!AMR"):
        raise PlatformError(40005, "voice is AMR")
    if kind == "video" and data[4:8] != b"ftyp":
        raise PlatformError(41090)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
