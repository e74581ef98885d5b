"""The other calls of the tracking API, and the choice among all of them."""

from typing import Any

from pydantic import Field

from chalicelib.schemas.tracking.message import Identifier, Message, OptionalId, Properties, Track


class Identify(Message):
    """Who a person is."""

    traits: Properties = Field({}, description="What is known of them; context.traits where there are none here.")

    @property
    def behaviour(self) -> str:
        """The name that every identify has."""
        return "identify"

    @property
    def facts(self) -> dict[str, Any]:
        """The traits, under their own name."""
        return {"traits": {**self.context.traits, **self.traits}}


class Page(Message):
    """A page that a person looked at."""

    name: OptionalId = Field(None, description="What the page is called.")
    category: OptionalId = Field(None, description="What kind of page it is.")
    properties: Properties = Field({}, description="Anything about it: url, title, referrer.")

    @property
    def behaviour(self) -> str:
        """The name that every page has."""
        return "page"

    @property
    def facts(self) -> dict[str, Any]:
        """Its properties, its name and category among them."""
        named = {"name": self.name, "category": self.category}
        return {**self.properties, **{name: value for name, value in named.items() if value}}


class Screen(Page):
    """A screen of an app that a person looked at. Only in a batch, where mobile SDKs send it."""

    @property
    def behaviour(self) -> str:
        """The name that every screen has."""
        return "screen"


class Group(Message):
    """A group, company or family that a person belongs to."""

    group_id: Identifier = Field(alias="groupId", description="The group in the sender's own database.")
    traits: Properties = Field({}, description="What is known of the group.")

    @property
    def behaviour(self) -> str:
        """The name that every group has."""
        return "group"

    @property
    def facts(self) -> dict[str, Any]:
        """The group and its traits."""
        return {"groupId": self.group_id, "traits": self.traits}


class Alias(Message):
    """Two ids are one person."""

    user_id: Identifier = Field(alias="userId", description="The person's id from now on.")
    previous_id: Identifier = Field(
        alias="previousId", description="Their id so far; a userId or an anonymousId, so it is taken for both."
    )

    @property
    def behaviour(self) -> str:
        """The name that every alias has."""
        return "alias"

    @property
    def facts(self) -> dict[str, Any]:
        """The id so far."""
        return {"previousId": self.previous_id}

    @property
    def also(self) -> tuple[str, ...]:
        """The id so far, and what else the message names."""
        return tuple(dict.fromkeys((f"anonymous:{self.previous_id}", f"user:{self.previous_id}", *super().also)))


CALLS: dict[str, type[Message]] = {
    "track": Track,
    "identify": Identify,
    "page": Page,
    "screen": Screen,
    "group": Group,
    "alias": Alias,
}
