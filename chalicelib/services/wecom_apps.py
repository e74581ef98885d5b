"""The corp apps of this deployment, made when they are first called and kept warm."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.config import settings
from chalicelib.errors import PermanentError
from chalicelib.gateways.accounts import Account, fetch_account
from chalicelib.gateways.wecom.client import WeComApp
from chalicelib.gateways.wecom.tokens import Tokens
from chalicelib.gateways.wecom.transport import HttpTransport, Transport
from chalicelib.models.tokens import TokenRow


@dataclass
class WeComApps:
    """Every corp app by our name for its account. They share one pool of connections and one view of the tokens."""

    transport: Transport
    tokens: Tokens
    fetch: Callable[[str], Account] = field(default=fetch_account)
    senders: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict, repr=False)

    def app(self, account: str) -> WeComApp:
        """Return an account's app. Raises UnknownAccountError, and PermanentError for one that is not WeCom's."""
        found = self.fetch(account)
        if found.kind != "wecom":
            raise PermanentError(f"account {account} is no WeCom app")
        senders = self.senders.setdefault(account, {})
        return WeComApp(account, found.receive_id, found.secret, self.transport, self.tokens, senders)


def live_apps(clock: Callable[[], datetime], pause: Callable[[float], None]) -> WeComApps:
    """Return the apps as the deployment's settings reach them."""
    config = settings()
    transport = HttpTransport(config.wecom_base_url, config.egress_proxy_url)
    return WeComApps(transport, Tokens(TokenRow, clock, pause))
