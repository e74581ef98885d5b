"""A stand-in for qyapi.weixin.qq.com and api.weixin.qq.com, with the people behind it.

`WecomWorld` is the whole platform in one process; `WecomServer` puts it behind HTTP, together with
an inbox page and a JSON interface for whoever drives the world from outside.
"""

from infra.local.wecom.acts.confirmations import Confirmed, ConfirmPolicy
from infra.local.wecom.acts.customer_acts import Followed
from infra.local.wecom.api.request import Request
from infra.local.wecom.callbacks import CallbackAnswer, CallbackDriver, Delivery
from infra.local.wecom.envelopes import CallbackRequest, Envelopes
from infra.local.wecom.errors import LostConnectionError, PlatformError, SimulatorError
from infra.local.wecom.rules import Rules
from infra.local.wecom.state.faults import FaultKind
from infra.local.wecom.state.people import Account
from infra.local.wecom.web.server import WecomServer
from infra.local.wecom.world import WecomWorld

__all__ = [
    "Account",
    "CallbackAnswer",
    "CallbackDriver",
    "CallbackRequest",
    "ConfirmPolicy",
    "Confirmed",
    "Delivery",
    "Envelopes",
    "FaultKind",
    "Followed",
    "LostConnectionError",
    "PlatformError",
    "Request",
    "Rules",
    "SimulatorError",
    "WecomServer",
    "WecomWorld",
]
