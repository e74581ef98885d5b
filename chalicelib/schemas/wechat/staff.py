"""Events of a corp's own people and of its app."""

from typing import Annotated, Literal

from pydantic import AliasPath, BeforeValidator, Field

from chalicelib.schemas.foreign import Foreign
from chalicelib.schemas.wechat.event import SYSTEM, EventPayload, Facts, Id, Number, Origin, Text, Texts, as_list
from chalicelib.schemas.wechat.message import MessagePayload


def by_staff(origin: Origin, name: str, userid: str) -> Facts:
    """Return something that a staff member did; what the system did concerns the account."""
    if userid == SYSTEM:
        return Facts(name, f"account:{origin.account}", "account")
    return Facts(name, f"wecom-staff:{origin.receive_id}:{userid}", "staff", staff=userid)


class Selection(Foreign):
    """What a staff member chose on one question of a card."""

    question: str = Field(alias="QuestionKey", description="The question's key.")
    options: Texts = Field((), validation_alias=AliasPath("OptionIds", "OptionId"), description="The chosen options.")


class StaffPayload(EventPayload):
    """Something that a staff member did in the corp's app: entered it, clicked, scanned, answered a card."""

    userid: Id = Field(alias="FromUserName", exclude=True, description="The staff member.")
    agent_id: Text = Field(None, alias="AgentID", description="The app.")
    event_key: Text = Field(None, alias="EventKey", description="The menu entry or button.")
    task_id: Text = Field(None, alias="TaskId", description="The card's task.")
    card_type: Text = Field(None, alias="CardType", description="The card's template.")
    response_code: Text = Field(None, alias="ResponseCode", description="Lets the card be replaced once.")
    selected: Annotated[tuple[Selection, ...], BeforeValidator(as_list)] = Field(
        (), validation_alias=AliasPath("SelectedItems", "SelectedItem"), description="What was chosen on the card."
    )
    scan_result: Text = Field(
        None, validation_alias=AliasPath("ScanCodeInfo", "ScanResult"), description="What a scanned code says."
    )
    latitude: Text = Field(None, alias="Latitude", description="Where they are, decimal degrees.")
    longitude: Text = Field(None, alias="Longitude", description="Where they are, decimal degrees.")

    def facts(self, origin: Origin) -> Facts:
        """Return what the staff member did."""
        return by_staff(origin, f"wecom.{self.event.lower()}", self.userid)


class StaffMessagePayload(MessagePayload):
    """A message from a staff member to the corp's app."""

    def facts(self, origin: Origin) -> Facts:
        """Return who wrote."""
        return by_staff(origin, "wecom.message", self.sender)


class AddressBookPayload(EventPayload):
    """`change_contact`: staff or a department came, changed or left. Names and numbers of staff are not kept."""

    change: Literal[
        "create_user", "update_user", "delete_user", "create_party", "update_party", "delete_party", "update_tag"
    ] = Field(alias="ChangeType", exclude=True, description="What happened; the behaviour is named after it.")
    userid: Text = Field(
        None, alias="UserID", exclude=True, max_length=128, description="The staff member; none for a department."
    )
    new_userid: Text = Field(None, alias="NewUserID", description="The staff member's id from now on.")
    departments: Text = Field(None, alias="Department", description="The ids of their departments, comma-separated.")
    status: Number = Field(None, alias="Status", description="1 active, 2 disabled, 4 not yet active, 5 left.")
    department_id: Text = Field(None, alias="Id", description="The department, where it is about one.")
    tag_id: Text = Field(None, alias="TagId", description="The staff tag, where it is about one.")

    def facts(self, origin: Origin) -> Facts:
        """Return what happened to the staff member or in the address book."""
        return by_staff(origin, f"wecom.{self.change}", self.userid or SYSTEM)


class ApprovalPayload(EventPayload):
    """`open_approval_change`: an approval went on."""

    number: Text = Field(None, validation_alias=AliasPath("ApprovalInfo", "ThirdNo"), description="Our own number.")
    template: Text = Field(
        None, validation_alias=AliasPath("ApprovalInfo", "OpenTemplateId"), description="The approval's template."
    )
    status: Number = Field(
        None,
        validation_alias=AliasPath("ApprovalInfo", "OpenSpStatus"),
        description="1 pending, 2 approved, 3 rejected, 4 cancelled.",
    )
    applicant: Text = Field(
        None, validation_alias=AliasPath("ApprovalInfo", "ApplyUserId"), description="The staff member who applied."
    )


class JobPayload(EventPayload):
    """`batch_job_result`: an asynchronous job ended."""

    job_id: Text = Field(None, validation_alias=AliasPath("BatchJob", "JobId"), description="The job.")
    job_type: Text = Field(None, validation_alias=AliasPath("BatchJob", "JobType"), description="What it did.")
    code: Number = Field(None, validation_alias=AliasPath("BatchJob", "ErrCode"), description="0 when it went well.")


class AppPayload(EventPayload):
    """Something about the app itself. The alerts announce that WeCom is about to limit access to customers' data."""

    agent_id: Text = Field(None, alias="AgentID", description="The app.")
    effect_time: Number = Field(None, alias="EffectTime", description="When it takes effect, Unix seconds.")
