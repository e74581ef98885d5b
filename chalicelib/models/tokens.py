"""The tokens table: the platform's access tokens, and when not to call it. All workers share it."""

from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.config import settings
from chalicelib.domain.access import Access
from chalicelib.domain.behaviour import instant
from chalicelib.errors import ConflictError
from chalicelib.models.row import Row, Table, losing_raises_conflict


class TokenRow(Row):
    """One account, or one API of an account (`{account}/{api}`) that had to be left alone for a while."""

    class Meta(Table):
        """Where PynamoDB finds it."""

        table_name = settings().table("tokens")

    account = UnicodeAttribute(hash_key=True)
    version = NumberAttribute(null=True)
    token = UnicodeAttribute(null=True)
    expires_at = UnicodeAttribute(null=True)
    leased_until = UnicodeAttribute(null=True)
    held_until = UnicodeAttribute(null=True)
    refused = UnicodeAttribute(null=True)

    @classmethod
    def fetch(cls, name: str) -> Access:
        """Return what is known under a name, strongly consistent; an empty access when nothing is."""
        try:
            return cls.get(name, consistent_read=True).value
        except cls.DoesNotExist:
            return Access(name=name)

    @classmethod
    def lease(cls, access: Access, now: datetime, until: datetime) -> bool:
        """Take the right to fetch the next token; False when another worker has it, or has fetched one already."""
        free = cls.leased_until.does_not_exist() | (cls.leased_until < instant(now))
        row = cls(account=access.name)
        try:
            with losing_raises_conflict():
                row.update(actions=[cls.leased_until.set(instant(until))], condition=unchanged(access) & free)
        except ConflictError:
            return False
        return True

    @classmethod
    def renew(cls, access: Access, token: str, expires_at: datetime) -> None:
        """Store the next token, and end the lease and any hold. One that another worker stored meanwhile stays."""
        actions: list[Action] = [
            cls.token.set(token),
            cls.expires_at.set(instant(expires_at)),
            cls.version.set(access.version + 1),
            cls.leased_until.remove(),
            cls.held_until.remove(),
            cls.refused.remove(),
        ]
        try:
            with losing_raises_conflict():
                cls(account=access.name).update(actions=actions, condition=unchanged(access))
        except ConflictError:
            return

    @classmethod
    def hold(cls, name: str, until: datetime, refused: str | None = None) -> None:
        """Keep everybody from calling until then; only those who have the secret of the mark `refused`, if given."""
        marked = cls.refused.set(refused) if refused else cls.refused.remove()
        cls(account=name).update(actions=[cls.held_until.set(instant(until)), marked, cls.leased_until.remove()])

    @property
    def value(self) -> Access:
        """The access that the row holds."""
        given = {name: text for name, text in self.attribute_values.items() if name != "account"}
        return Access.model_validate(given | {"name": self.account})


def unchanged(access: Access) -> Condition:
    """Return the condition under which nobody has stored another token since."""
    return TokenRow.version == access.version if access.version else TokenRow.version.does_not_exist()
