"""Fans of Official Accounts as methods of the world; `account` is the account's name."""

from infra.local.wecom.acts import fans
from infra.local.wecom.acts.stage import Deliveries, Stage


class FanActs(Stage):
    """Following, scanning, tapping and writing."""

    def subscribe(self, account: str, openid: str, scene: str = "", unionid: str = "") -> Deliveries:
        """Somebody follows, perhaps by a QR code with a scene."""
        with self.lock:
            target = self.official_account(account)
            event = fans.subscribe(self.state, target, openid, scene, unionid, self.now())
        return self.emit(event)

    def unsubscribe(self, account: str, openid: str) -> Deliveries:
        """A fan stops following."""
        with self.lock:
            event = fans.unsubscribe(self.state, self.official_account(account), openid, self.now())
        return self.emit(event)

    def scan(self, account: str, openid: str, scene: str) -> Deliveries:
        """A fan scans a QR code with a scene."""
        with self.lock:
            event = fans.scan(self.state, self.official_account(account), openid, scene, self.now())
        return self.emit(event)

    def click_menu(self, account: str, openid: str, key: str) -> Deliveries:
        """A fan taps a menu item (CLICK)."""
        with self.lock:
            event = fans.click_menu(self.state, self.official_account(account), openid, key, self.now())
        return self.emit(event)

    def write(self, account: str, openid: str, text: str) -> Deliveries:
        """A fan writes a text."""
        with self.lock:
            event = fans.write(self.state, self.official_account(account), openid, text, self.now())
        return self.emit(event)
