"""Events of customers: followed, changed, gone; and those of the links that brought them."""

from typing import Literal

from pydantic import AliasChoices, Field

from chalicelib.schemas.wechat.event import EventPayload, Facts, Id, Number, Origin, Text

UNIONID = AliasChoices("UnionId", "UnionID", "unionid")


def customer_of(origin: Origin, external_userid: str) -> str:
    """Return the identity of a corp's customer."""
    return f"wecom:{origin.receive_id}:{external_userid}"


class ContactPayload(EventPayload):
    """`change_external_contact`: the tie between a staff member and a customer changed."""

    change: Literal[
        "add_external_contact",
        "add_half_external_contact",
        "edit_external_contact",
        "del_external_contact",
        "del_follow_user",
        "transfer_fail",
        "msg_audit_approved",
    ] = Field(alias="ChangeType", exclude=True, description="What changed; the behaviour is named after it.")
    userid: Id = Field(alias="UserID", exclude=True, description="The staff member.")
    external_userid: Id = Field(
        alias="ExternalUserID", exclude=True, description="The customer, as this corp knows them."
    )
    unionid: Text = Field(None, validation_alias=UNIONID, exclude=True, description="The customer across accounts.")
    welcome_code: Text = Field(
        None, alias="WelcomeCode", exclude=True, description="Permits one welcome within 20 seconds of the event."
    )
    state: Text = Field(None, alias="State", description="The contact way or acquisition channel that they came by.")
    source: Text = Field(None, alias="Source", description="`DELETE_BY_TRANSFER` when a transfer ended the tie.")
    fail_reason: Text = Field(
        None, alias="FailReason", description="Why a transfer failed: `customer_refused`, `customer_limit_exceed`."
    )

    def facts(self, origin: Origin) -> Facts:
        """Return what happened to the customer."""
        return Facts(
            name=f"wecom.{self.change}",
            subject=customer_of(origin, self.external_userid),
            kind="customer",
            staff=self.userid,
            welcome_code=self.welcome_code,
            also=(f"unionid:{self.unionid}",) if self.unionid else (),
        )


class AcquisitionPayload(EventPayload):
    """`customer_acquisition`: something about an acquisition link, its quota, or a customer who came by it."""

    change: Literal[
        "balance_low",
        "balance_exhausted",
        "balance_increased",
        "quota_expire_soon",
        "link_unavailable",
        "delete_link",
        "open_profile",
        "friend_request",
        "customer_start_chat",
        "message_from_customer",
    ] = Field(alias="ChangeType", exclude=True, description="What happened; the behaviour is named after it.")
    userid: Text = Field(None, alias="UserID", exclude=True, description="The staff member, where there is a customer.")
    external_userid: Text = Field(
        None, alias="ExternalUserID", exclude=True, max_length=128, description="The customer, where WeCom names one."
    )
    link_id: Text = Field(None, alias="LinkId", description="The link.")
    state: Text = Field(None, alias="State", description="The channel that was added to the link's address.")
    chat_key: Text = Field(None, alias="ChatKey", description="Opens the messages for 30 minutes.")
    expire_time: Number = Field(None, alias="ExpireTime", description="When quota expires, Unix seconds.")
    expire_quota_num: Number = Field(None, alias="ExpireQuotaNum", description="How much quota expires then.")

    def facts(self, origin: Origin) -> Facts:
        """Return what happened to the customer, or else to the account."""
        name = f"wecom.acquisition_{self.change}"
        if self.external_userid:
            return Facts(name, customer_of(origin, self.external_userid), "customer", staff=self.userid)
        return Facts(name, f"account:{origin.account}", "account")
