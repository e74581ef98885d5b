"""Events of what staff share: customer groups and corp tags."""

from typing import Literal

from pydantic import AliasChoices, AliasPath, Field

from chalicelib.schemas.wechat.event import EventPayload, Facts, Id, Number, Origin, Text, Texts


class ChatPayload(EventPayload):
    """`change_external_chat`: a customer group was made, changed or dissolved.

    A change applies only to the stored group whose version is `last_version`; otherwise the group is read again.
    """

    change: Literal["create", "update", "dismiss"] = Field(
        alias="ChangeType", exclude=True, description="What happened; the behaviour is named after it."
    )
    chat_id: Id = Field(alias="ChatId", exclude=True, description="The group.")
    detail: Text = Field(
        None,
        alias="UpdateDetail",
        description="`add_member`, `del_member`, `change_owner`, `change_name` or `change_notice`.",
    )
    join_scene: Number = Field(None, alias="JoinScene", description="How members came: 0 invited, 3 by QR code.")
    quit_scene: Number = Field(None, alias="QuitScene", description="How members went: 0 left, 1 removed.")
    member_count: Number = Field(None, alias="MemChangeCnt", description="How many members came or went.")
    members: Texts = Field(
        (), validation_alias=AliasPath("MemChangeList", "Item"), description="Who came or went, staff or customers."
    )
    last_version: Text = Field(None, alias="LastMemVer", description="The members' version before the change.")
    version: Text = Field(None, alias="CurMemVer", description="The members' version after it.")

    def facts(self, origin: Origin) -> Facts:
        """Return what happened to the group."""
        return Facts(f"wecom.chat_{self.change}", f"wecom-chat:{origin.receive_id}:{self.chat_id}", "group")


class TagPayload(EventPayload):
    """`change_external_tag`: a corp tag or a group of them was changed in WeCom's console.

    Deleting a group deletes its tags without an event for each.
    """

    change: Literal["create", "update", "delete", "shuffle"] = Field(
        alias="ChangeType", exclude=True, description="What happened; the behaviour is named after it."
    )
    id: Text = Field(
        None, alias="Id", exclude=True, max_length=128, description="The tag or group; none when all were reordered."
    )
    tag_type: Text = Field(None, alias="TagType", description="`tag` or `tag_group`.")
    strategy_id: Text = Field(None, alias="StrategyId", description="The rule group that the tag belongs to.")

    def facts(self, origin: Origin) -> Facts:
        """Return what happened to the tag, the group, or all of them."""
        return Facts(f"wecom.tag_{self.change}", f"wecom-tag:{origin.receive_id}:{self.id or 'all'}", "tag")


class ServicePayload(EventPayload):
    """`kf_msg_or_event`, `kf_account_auth_change`: WeChat customer service has something to be fetched."""

    token: Text = Field(None, alias="Token", description="Lets the messages be fetched for 10 minutes.")
    open_kf_id: Text = Field(None, alias="OpenKfId", description="The service account.")
    added: Texts = Field((), validation_alias=AliasChoices("AuthAddOpenKfId"), description="Accounts now permitted.")
    removed: Texts = Field((), validation_alias=AliasChoices("AuthDelOpenKfId"), description="Accounts now denied.")
