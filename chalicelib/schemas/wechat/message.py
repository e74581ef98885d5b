"""Messages, which people write to an account: to a corp's app, an Official Account or a mini-program."""

from typing import Literal

from pydantic import AliasChoices, Field

from chalicelib.schemas.wechat.event import EventPayload, Id, Text

MessageType = Literal["text", "image", "voice", "video", "shortvideo", "location", "link", "file", "miniprogrampage"]


class MessagePayload(EventPayload):
    """A message. Which fields it has depends on its type."""

    sender: Id = Field(alias="FromUserName", exclude=True, description="Who wrote it: a userid or an openid.")
    type: MessageType = Field(alias="MsgType", description="What kind of message it is.")
    content: Text = Field(None, alias="Content", description="A text's words.")
    media_id: Text = Field(None, alias="MediaId", description="Fetches an image, a voice or a video for 3 days.")
    picture_url: Text = Field(None, alias="PicUrl", description="Where an image or a link's picture is.")
    title: Text = Field(None, alias="Title", description="The title of a link, a file or a mini-program's page.")
    url: Text = Field(None, alias="Url", description="Where a link leads.")
    latitude: Text = Field(None, alias="Location_X", description="A location's latitude, decimal degrees.")
    longitude: Text = Field(None, alias="Location_Y", description="A location's longitude, decimal degrees.")
    label: Text = Field(None, alias="Label", description="What a location is called.")
    appid: Text = Field(None, validation_alias=AliasChoices("AppId", "AppID"), description="A shared mini-program.")
    page_path: Text = Field(None, alias="PagePath", description="The page of a shared mini-program.")
