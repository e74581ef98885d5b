"""The behaviour that each event on file becomes: its name, subject, kind and properties."""

from typing import Any

CUSTOMER = "wecom:ww1:woAJ2GCAAAXtWyujaWJHDDGi0mAAAA"
HALF = "wecom:ww1:woAJ2GCAAAXtWyujaWJHDDGi0mACAAAA"

EXPECTED: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "add_external_contact": ("wecom.add_external_contact", CUSTOMER, "customer", {"state": "teststate"}),
    "add_half_external_contact": ("wecom.add_half_external_contact", HALF, "customer", {"state": "teststate"}),
    "edit_external_contact": ("wecom.edit_external_contact", CUSTOMER, "customer", {}),
    "del_external_contact": ("wecom.del_external_contact", HALF, "customer", {"source": "DELETE_BY_TRANSFER"}),
    "del_follow_user": ("wecom.del_follow_user", "wecom:ww1:woAJ2GCAAAXtWyujaWJHDDGi0mACHAAA", "customer", {}),
    "transfer_fail": ("wecom.transfer_fail", CUSTOMER, "customer", {"fail_reason": "customer_refused"}),
    "acquisition_customer_start_chat": (
        "wecom.acquisition_customer_start_chat",
        CUSTOMER,
        "customer",
        {"link_id": "cawcdea7783d7330c6"},
    ),
    "chat_create": ("wecom.chat_create", "wecom-chat:ww1:CHAT_ID", "group", {}),
    "chat_dismiss": ("wecom.chat_dismiss", "wecom-chat:ww1:CHAT_ID", "group", {}),
    "chat_update": (
        "wecom.chat_update",
        "wecom-chat:ww1:wrx7HUARsKwGRaQBVKPBTcEyzdHA4HrQ",
        "group",
        {
            "detail": "add_member",
            "join_scene": 1,
            "quit_scene": 0,
            "member_count": 10,
            "members": ["Jack", "Rose"],
            "last_version": "9c3f97c2ada667dfb5f6d03308d963e1",
            "version": "71217227bbd112ecfe3a49c482195cb4",
        },
    ),
    "tag_create": ("wecom.tag_create", "wecom-tag:ww1:TAG_ID", "tag", {"tag_type": "tag", "strategy_id": "1"}),
    "tag_shuffle": ("wecom.tag_shuffle", "wecom-tag:ww1:TAG_ID", "tag", {"strategy_id": "STRATEGY_ID"}),
    "app_subscribe": ("wecom.subscribe", "wecom-staff:ww1:UserID", "staff", {"agent_id": "1"}),
    "change_contact": (
        "wecom.update_user",
        "wecom-staff:ww1:zhangsan",
        "staff",
        {"new_userid": "zhangsan001", "departments": "1,2,3", "status": 1},
    ),
    "template_card_event": (
        "wecom.template_card_event",
        "wecom-staff:ww1:FromUser",
        "staff",
        {
            "agent_id": "1",
            "event_key": "key111",
            "task_id": "taskid111",
            "card_type": "text_notice",
            "response_code": "ResponseCode",
            "selected": [{"question": "QuestionKey1", "options": ["OptionId1", "OptionId2"]}],
        },
    ),
    "open_approval_change": (
        "wecom.open_approval_change",
        "account:main",
        "account",
        {"number": "201806010001", "template": "1234567890", "status": 1, "applicant": "1"},
    ),
    "kf_msg_or_event": (
        "wecom.kf_msg_or_event",
        "account:main",
        "account",
        {
            "token": "ENCApHxnGDNAVNY4AaSJKj4Tb5mwsEMzxhFmHVGcra996NR",
            "open_kf_id": "wkxxxxxxx",
        },
    ),
    "kf_account_auth_change": (
        "wecom.kf_account_auth_change",
        "account:main",
        "account",
        {"added": ["wkxxxx1"], "removed": ["wkxxxx2"]},
    ),
    "oa_subscribe": ("oa.subscribe", "openid:wx9:FromUser", "customer", {}),
    "oa_subscribe_scene": ("oa.subscribe", "openid:wx9:FromUser", "customer", {"scene": "123123"}),
    "oa_unsubscribe": ("oa.unsubscribe", "openid:wx9:FromUser", "customer", {}),
    "oa_scan": ("oa.scan", "openid:wx9:FromUser", "customer", {"scene": "SCENE_VALUE"}),
    "oa_click": ("oa.click", "openid:wx9:FromUser", "customer", {"event_key": "EVENTKEY"}),
    "oa_view": ("oa.view", "openid:wx9:FromUser", "customer", {"event_key": "www.qq.com"}),
    "oa_text": ("oa.message", "openid:wx9:fromUser", "customer", {"type": "text", "content": "this is a test"}),
    "oa_template_send_job_finish": (
        "oa.templatesendjobfinish",
        "openid:wx9:fromuser",
        "customer",
        {"msgid": "200163836", "status": "success"},
    ),
    "oa_subscribe_msg_popup_event": (
        "oa.subscribe_msg_popup_event",
        "openid:wx9:otFpruAK8D-E6EfStSYonYSBZ8_4",
        "customer",
        {
            "templates": [
                {
                    "template_id": "VRR0UEO9VJOLs0MHlU0OilqX6MVFDwH3_3gz3Oc0NIc",
                    "status": "accept",
                    "popup_scene": 2,
                },
                {
                    "template_id": "9nLIlbOQZC5Y89AZteFEux3WCXRRRG5Wfzkpssu4bLI",
                    "status": "reject",
                    "popup_scene": 2,
                },
            ]
        },
    ),
    "oa_subscribe_msg_sent_event": (
        "oa.subscribe_msg_sent_event",
        "openid:wx9:otFpruAK8D-E6EfStSYonYSBZ8_4",
        "customer",
        {
            "templates": [
                {
                    "template_id": "VRR0UEO9VJOLs0MHlU0OilqX6MVFDwH3_3gz3Oc0NIc",
                    "msgid": "1700827132819554304",
                    "code": 0,
                    "error": "success",
                }
            ]
        },
    ),
}
