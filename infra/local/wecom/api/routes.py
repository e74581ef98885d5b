"""Every path that the stand-in answers."""

from collections.abc import Callable
from dataclasses import dataclass

from infra.local.wecom.api import (
    contacts,
    group_send_results,
    group_sends,
    media,
    official_account,
    platform,
    staff_messages,
    tags,
    welcome,
)
from infra.local.wecom.api.request import Scene
from infra.local.wecom.state.messages import JSON


@dataclass(frozen=True)
class Route:
    """One endpoint: its method, what answers, whose token it takes (`realm`, may be empty), if its body is JSON."""

    method: str
    answer: Callable[[Scene], JSON]
    realm: str = "wecom"
    has_json: bool = True


def _post(answer: Callable[[Scene], JSON]) -> Route:
    return Route("POST", answer)


def _get(answer: Callable[[Scene], JSON]) -> Route:
    return Route("GET", answer, has_json=False)


ROUTES = {
    "gettoken": Route("GET", platform.get_token, realm="", has_json=False),
    "getcallbackip": _get(platform.get_callback_addresses),
    "externalcontact/get_follow_user_list": _get(contacts.get_follow_user_list),
    "externalcontact/list": _get(contacts.list_customers),
    "externalcontact/get": _get(contacts.get_customer),
    "externalcontact/batch/get_by_user": _post(contacts.get_customers_by_user),
    "externalcontact/remark": _post(contacts.set_remark),
    "externalcontact/get_corp_tag_list": _post(tags.get_corp_tag_list),
    "externalcontact/add_corp_tag": _post(tags.add_corp_tag),
    "externalcontact/mark_tag": _post(tags.mark_tag),
    "externalcontact/send_welcome_msg": _post(welcome.send_welcome_msg),
    "externalcontact/add_msg_template": _post(group_sends.add_msg_template),
    "externalcontact/remind_groupmsg_send": _post(group_sends.remind_groupmsg_send),
    "externalcontact/cancel_groupmsg_send": _post(group_sends.cancel_groupmsg_send),
    "externalcontact/get_groupmsg_task": _post(group_send_results.get_groupmsg_task),
    "externalcontact/get_groupmsg_send_result": _post(group_send_results.get_groupmsg_send_result),
    "externalcontact/get_groupmsg_list_v2": _post(group_send_results.get_groupmsg_list_v2),
    "media/upload": Route("POST", media.upload, has_json=False),
    "media/uploadimg": Route("POST", media.upload_image, has_json=False),
    "message/send": _post(staff_messages.send_message),
    "stable_token": Route("POST", official_account.stable_token, realm=""),
    "message/custom/send": Route("POST", official_account.send_custom_message, realm="official_account"),
}
