"""The welcome message."""

from chalicelib.domain.playbook.content import Content
from chalicelib.gateways.wecom.client import WeComApp
from chalicelib.gateways.wecom.contents import wire_of


def send_welcome(app: WeComApp, welcome_code: str, content: Content, patience: float) -> None:
    """Greet the customer of a code. A code works once, and one that has worked is a success."""
    body = {"welcome_code": welcome_code, **wire_of(content)}
    app.call("externalcontact/send_welcome_msg", body, patience=patience)
