"""Content: what a customer receives."""

from string import Template
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from chalicelib.domain.playbook.strict import OneOrMore, Strict

WELCOME_VARIABLES = frozenset({"customer_name", "channel"})
TEXT_BYTES = 4000
ATTACHMENTS = 9


def within(limit: int, text: str | None, what: str) -> None:
    """Raise ValueError when text is longer than the platform's limit, which counts UTF-8 bytes."""
    size = len((text or "").encode())
    if size > limit:
        raise ValueError(f"{what} has {size} bytes, WeCom takes {limit}: shorten it (a Chinese character is 3 bytes)")


class Image(Strict):
    """A picture: uploaded material, or an address that `media/uploadimg` gave."""

    type: Literal["image"]
    media_id: str | None = None
    pic_url: str | None = None

    @model_validator(mode="after")
    def has_a_source(self) -> Self:
        """Refuse a picture from nowhere."""
        if not (self.media_id or self.pic_url):
            raise ValueError("an image needs media_id (uploaded material) or pic_url (what media/uploadimg gave)")
        return self


class Link(Strict):
    """A link card."""

    type: Literal["link"]
    title: Annotated[str, StringConstraints(min_length=1)]
    url: Annotated[str, StringConstraints(pattern=r"^https?://")]
    desc: str | None = None
    picurl: str | None = None

    @model_validator(mode="after")
    def fits(self) -> Self:
        """Refuse what WeCom would."""
        within(128, self.title, "a link's title")
        within(512, self.desc, "a link's desc")
        return self


class MiniProgram(Strict):
    """A mini-program card; its cover is uploaded material."""

    type: Literal["miniprogram"]
    title: Annotated[str, StringConstraints(min_length=1)]
    appid: str
    page: str
    pic_media_id: str

    @model_validator(mode="after")
    def fits(self) -> Self:
        """Refuse what WeCom would."""
        within(64, self.title, "a mini-program card's title")
        return self


Attachment = Annotated[Image | Link | MiniProgram, Field(discriminator="type")]


class Content(Strict):
    """One message: text, attachments, or both; they arrive as separate bubbles."""

    text: str | None = None
    attachments: Annotated[tuple[Attachment, ...], Field(max_length=ATTACHMENTS), OneOrMore] = ()

    @model_validator(mode="before")
    @classmethod
    def from_short(cls, written: Any) -> Any:
        """Read a text alone."""
        return {"text": written} if isinstance(written, str) else written

    @model_validator(mode="after")
    def says_something(self) -> Self:
        """Refuse an empty message, one that is too long, and a broken `${variable}`."""
        if not (self.text or self.attachments):
            raise ValueError("a content needs text or attachments")
        within(TEXT_BYTES, self.text, "text")
        if self.text and not Template(self.text).is_valid():
            raise ValueError("text holds a '$' that begins no variable: write ${customer_name}, or $$ for a dollar")
        return self

    @property
    def variables(self) -> frozenset[str]:
        """The names of the variables that the text uses."""
        return frozenset(Template(self.text or "").get_identifiers())

    def rendered(self, variables: dict[str, str]) -> "Content":
        """Return the content with its variables filled in.

        Raises KeyError for a variable without a value, which validation on load has ruled out.
        """
        text = Template(self.text).substitute(variables) if self.text else None
        return self.model_copy(update={"text": text})
