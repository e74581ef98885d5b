"""A shop's server that reports what customers do, as Segment's own libraries would."""

import base64
import http.client
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = 10.0


@dataclass(frozen=True)
class Tracker:
    """Sends behaviours to the tracking API with a write key."""

    api_url: str
    write_key: str
    corp_id: str

    def send(self, kind: str, external_userid: str, name: str, properties: dict[str, Any]) -> int:
        """Report one behaviour; return the answer's status. Raises OSError when there is none."""
        parts = urlsplit(self.api_url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT)
        try:
            body = json.dumps(self.message(kind, external_userid, name, properties), ensure_ascii=False).encode()
            connection.request("POST", f"{parts.path}/v1/{kind}", body, self.headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        except http.client.HTTPException as error:
            raise ConnectionError(str(error) or type(error).__name__) from error
        finally:
            connection.close()

    @property
    def headers(self) -> dict[str, str]:
        """The write key as Basic auth, without a password."""
        key = base64.b64encode(f"{self.write_key}:".encode()).decode()
        return {"Content-Type": "application/json", "Authorization": f"Basic {key}"}

    def message(self, kind: str, external_userid: str, name: str, properties: dict[str, Any]) -> dict[str, Any]:
        """Return a message of the tracking API; its external id joins it to the customer that WeCom knows."""
        known = {"id": external_userid, "type": "wecom_external_userid", "collection": self.corp_id, "encoding": "none"}
        return {
            "type": kind,
            "messageId": str(uuid.uuid4()),
            "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "userId": f"u-{external_userid}",
            "context": {"externalIds": [known], "channel": "server"},
            "event" if kind == "track" else "name": name,
            "properties": properties,
        }
