"""The log of calls: what tests compare between two runs."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

LONG_LIST = 20


@dataclass(frozen=True)
class Call:
    """One call as it arrived. `errcode` is None when the caller got no readable answer."""

    at: datetime
    account: str
    path: str
    body: Any
    """The JSON body with long lists summed up; for an upload its type, name and size. Never a secret."""
    errcode: int | None = None
    fault: str = ""

    @property
    def fingerprint(self) -> str:
        """The call without its time and fate: equal for the same request in another run."""
        return json.dumps([self.account, self.path, self.body], ensure_ascii=False, sort_keys=True)


def summed_up(value: Any) -> Any:
    """Return the body as it is logged: a list of more than 20 becomes its count and digest."""
    if isinstance(value, dict):
        return {key: _hidden(key) or summed_up(item) for key, item in value.items()}
    if isinstance(value, list) and len(value) > LONG_LIST:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True)
        return {"count": len(value), "sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()}
    if isinstance(value, list):
        return [summed_up(item) for item in value]
    return value


def _hidden(key: str) -> str:
    return "***" if key in ("secret", "corpsecret") else ""
