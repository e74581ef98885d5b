"""What a welcome or a group-send may hold: the platform's limits are in bytes."""

from collections.abc import Callable
from datetime import datetime

from infra.local.wecom.api.fields import Fields
from infra.local.wecom.errors import PlatformError
from infra.local.wecom.state.corp import Corp
from infra.local.wecom.state.messages import Content

TEXT_BYTES = 4000
ATTACHMENTS = 9
Check = Callable[[Fields, Corp, datetime], None]


def content_of(body: Fields, corp: Corp, now: datetime) -> Content:
    """Return the checked content; 40063 when there is neither text nor attachment."""
    inner = body.object("text")
    text = inner.optional("content", max_bytes=TEXT_BYTES, too_long=45002) if inner else ""
    attachments = body.objects("attachments", ATTACHMENTS, too_many=41064)
    for attachment in attachments:
        _check(attachment, corp, now)
    if not text and not attachments:
        raise PlatformError(40063, "text or attachments")
    return Content(text, tuple(each.values for each in attachments))


def require_media(corp: Corp, media_id: str, kind: str, now: datetime) -> None:
    """Raise 40007 unless the id is of this corp, of this kind, and not older than three days."""
    media = corp.media.get(media_id)
    if media is None or media.kind != kind or (media.expires_at is not None and media.expires_at <= now):
        raise PlatformError(40007, media_id)


def _check(attachment: Fields, corp: Corp, now: datetime) -> None:
    kind = attachment.text("msgtype", missing=41065)
    check = CHECKS.get(kind)
    if check is None:
        raise PlatformError(41065, kind)
    inner = attachment.object(kind)
    if inner is None:
        raise PlatformError(40063, kind)
    check(inner, corp, now)


def _image(image: Fields, corp: Corp, now: datetime) -> None:
    media_id, url = image.optional("media_id"), image.optional("pic_url")
    if media_id:
        require_media(corp, media_id, "image", now)
    elif not url:
        raise PlatformError(40063, "media_id or pic_url")
    elif url not in corp.image_urls:
        raise PlatformError(40058, "pic_url must come from media/uploadimg")


def _link(link: Fields, corp: Corp, now: datetime) -> None:
    link.text("title", max_bytes=128)
    link.optional("picurl", max_bytes=2048)
    link.optional("desc", max_bytes=512)
    if not link.text("url", max_bytes=2048).startswith(("http://", "https://")):
        raise PlatformError(40058, "url needs a scheme")


def _miniprogram(program: Fields, corp: Corp, now: datetime) -> None:
    program.text("title", max_bytes=64)
    program.text("appid")
    program.text("page")
    require_media(corp, program.text("pic_media_id"), "image", now)


def _video(video: Fields, corp: Corp, now: datetime) -> None:
    require_media(corp, video.text("media_id"), "video", now)


def _file(file: Fields, corp: Corp, now: datetime) -> None:
    require_media(corp, file.text("media_id"), "file", now)


CHECKS: dict[str, Check] = {
    "image": _image,
    "link": _link,
    "miniprogram": _miniprogram,
    "video": _video,
    "file": _file,
}
