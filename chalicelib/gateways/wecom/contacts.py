"""What WeCom knows of a customer."""

from chalicelib.gateways.wecom.client import Lenient, WeComApp, parsed

GET_CONTACT = "externalcontact/get"


class Contact(Lenient):
    """The customer. `gender`: 0 unknown, 1 male, 2 female; `unionid` only where a WeChat developer id is bound."""

    name: str = ""
    gender: int = 0
    unionid: str | None = None


class Follower(Lenient):
    """One staff member's tie to the customer; `add_way` and `state` say where it came from."""

    userid: str
    add_way: int | None = None
    state: str | None = None


class ContactAnswer(Lenient):
    """The answer of externalcontact/get: its first page, of 500 followers."""

    external_contact: Contact
    follow_user: tuple[Follower, ...] = ()

    def follower(self, userid: str) -> Follower:
        """Return a staff member's tie, an empty one when it is not on the first page."""
        return next((each for each in self.follow_user if each.userid == userid), Follower(userid=userid))


def read_contact(app: WeComApp, external_userid: str, patience: float) -> ContactAnswer:
    """Return what the platform knows of a customer."""
    answer = app.call(GET_CONTACT, query={"external_userid": external_userid}, patience=patience)
    return parsed(ContactAnswer, GET_CONTACT, answer)
