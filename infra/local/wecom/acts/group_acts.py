"""Groups, tags and staff apps as methods of the world."""

from collections.abc import Sequence

from infra.local.wecom.acts import groups
from infra.local.wecom.acts.events import Part, corp_event, staff_event
from infra.local.wecom.acts.stage import Deliveries, Stage


class GroupActs(Stage):
    """What changes in the client or the console, besides single customers."""

    def create_chat(
        self, corp_id: str, chat_id: str, owner: str, name: str = "", members: Sequence[str] = ()
    ) -> Deliveries:
        """A staff member opens a customer group."""
        with self.lock:
            event = groups.create_chat(self.state.corp(corp_id), chat_id, owner, name, members, self.now())
        return self.emit(event)

    def update_chat(self, corp_id: str, chat_id: str, detail: str, members: Sequence[str] = ()) -> Deliveries:
        """Members come (`add_member`) or go (`del_member`), or `change_owner`, `change_name`, `change_notice`."""
        with self.lock:
            event = groups.update_chat(self.state.corp(corp_id), chat_id, detail, members, self.now())
        return self.emit(event)

    def dismiss_chat(self, corp_id: str, chat_id: str) -> Deliveries:
        """The owner closes a group."""
        with self.lock:
            event = groups.dismiss_chat(self.state.corp(corp_id), chat_id, self.now())
        return self.emit(event)

    def create_tag(self, corp_id: str, group_name: str, name: str) -> str:
        """An administrator adds a tag; return its id."""
        with self.lock:
            tag_id, event = groups.create_tag(self.state, self.state.corp(corp_id), group_name, name, self.now())
        self.emit(event)
        return tag_id

    def rename_tag(self, corp_id: str, tag_id: str, name: str) -> Deliveries:
        """An administrator renames a tag."""
        with self.lock:
            event = groups.rename_tag(self.state.corp(corp_id), tag_id, name, self.now())
        return self.emit(event)

    def delete_tag(self, corp_id: str, tag_id: str) -> Deliveries:
        """An administrator deletes a tag."""
        with self.lock:
            event = groups.delete_tag(self.state.corp(corp_id), tag_id, self.now())
        return self.emit(event)

    def click_card(self, account: str, userid: str, task_id: str, key: str) -> Deliveries:
        """A staff member presses a button of a card that the app sent."""
        app = self.state.account(account)
        parts: list[Part] = [
            ("EventKey", key),
            ("TaskId", task_id),
            ("CardType", "button_interaction"),
            ("ResponseCode", f"rc-{task_id}"),
            ("AgentID", int(app.agent_id)),
        ]
        return self.emit(staff_event(app.corp_id, account, userid, "template_card_event", self.now(), parts))

    def happen(self, corp_id: str, event: str, fields: dict[str, str]) -> Deliveries:
        """Send any other event of the system, as it is given."""
        return self.emit(corp_event(self.state.corp(corp_id).corp_id, event, self.now(), list(fields.items())))
