"""Events and messages of Official Accounts and mini-programs. Both know a customer by an openid."""

from typing import Annotated, ClassVar

from pydantic import AliasChoices, AliasPath, BeforeValidator, Field

from chalicelib.schemas.foreign import Foreign
from chalicelib.schemas.wechat.contact import UNIONID
from chalicelib.schemas.wechat.event import EventPayload, Facts, Id, Number, Origin, Text, as_list
from chalicelib.schemas.wechat.message import MessagePayload

SCENE_PREFIX = "qrscene_"


def by_fan(origin: Origin, name: str, openid: str, unionid: str | None) -> Facts:
    """Return something that a customer did with the account."""
    also = (f"unionid:{unionid}",) if unionid else ()
    return Facts(name, f"openid:{origin.receive_id}:{openid}", "customer", also=also)


class FanPayload(EventPayload):
    """Something that a customer did with an Official Account or a mini-program."""

    openid: Id = Field(alias="FromUserName", exclude=True, description="The customer, as this account knows them.")
    unionid: Text = Field(None, validation_alias=UNIONID, exclude=True, description="The customer across accounts.")

    def facts(self, origin: Origin) -> Facts:
        """Return what the customer did."""
        return by_fan(origin, f"oa.{self.event.lower()}", self.openid, self.unionid)


def scene_in(value: object) -> object:
    """Return the scene of a QR code, which following prefixes and a later scan does not."""
    return value.removeprefix(SCENE_PREFIX) or None if isinstance(value, str) else value


class ScanPayload(FanPayload):
    """`subscribe`, `unsubscribe`, `SCAN`: followed, unfollowed, or scanned a code while following."""

    scene: Annotated[str | None, BeforeValidator(scene_in)] = Field(
        None, alias="EventKey", description="The scene of the QR code that they came by, without its prefix."
    )


class MenuPayload(FanPayload):
    """`CLICK`, `VIEW`, `view_miniprogram`, `LOCATION`, `user_enter_tempsession`: used the menu, came to talk."""

    event_key: Text = Field(None, alias="EventKey", description="The menu entry's key, its address or its page.")
    session_from: Text = Field(None, alias="SessionFrom", description="Where in the mini-program they came from.")
    latitude: Text = Field(None, alias="Latitude", description="Where they are, decimal degrees.")
    longitude: Text = Field(None, alias="Longitude", description="Where they are, decimal degrees.")


class TemplateSentPayload(FanPayload):
    """`TEMPLATESENDJOBFINISH`: what became of a template message."""

    msgid: Text = Field(None, alias="MsgID", description="The message that was sent.")
    status: Text = Field(None, alias="Status", description="`success`, `failed:user block`, `failed: system failed`.")


class Subscription(Foreign):
    """One template of a subscription-message event."""

    template_id: Id = Field(alias="TemplateId", description="The template.")
    status: Text = Field(None, alias="SubscribeStatusString", description="`accept` or `reject`.")
    popup_scene: Number = Field(None, alias="PopupScene", description="What the dialogue was opened by.")
    msgid: Text = Field(None, alias="MsgID", description="The message that was sent.")
    code: Number = Field(None, alias="ErrorCode", description="0 when the message was sent.")
    error: Text = Field(None, alias="ErrorStatus", description="Why it was not.")


class SubscriptionPayload(FanPayload):
    """`subscribe_msg_popup_event`, `_change_event`, `_sent_event`: the ledger of consents, each good for one message.

    XML puts the list into an element of the event's own name, JSON puts it on top.
    """

    PLACES: ClassVar = AliasChoices(
        AliasPath("SubscribeMsgPopupEvent", "List"),
        AliasPath("SubscribeMsgChangeEvent", "List"),
        AliasPath("SubscribeMsgSentEvent", "List"),
        "List",
    )
    templates: Annotated[tuple[Subscription, ...], BeforeValidator(as_list)] = Field(
        validation_alias=PLACES, description="The templates that it is about."
    )


class FanMessagePayload(MessagePayload):
    """A message from a customer."""

    unionid: Text = Field(None, validation_alias=UNIONID, exclude=True, description="The customer across accounts.")

    def facts(self, origin: Origin) -> Facts:
        """Return who wrote."""
        return by_fan(origin, "oa.message", self.sender, self.unionid)
