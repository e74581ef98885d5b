"""How integrators name a person whom other accounts know too."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.schemas.tracking.reading import read_message

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
PHONE = f"phone:{hashlib.sha256(b'+8613800000000').hexdigest()}"


def identities_of(*external: dict[str, Any]) -> tuple[str, ...]:
    raw = {"userId": "u1", "event": "Read", "context": {"externalIds": list(external)}}
    return read_message("track", raw, NOW).also


@pytest.mark.parametrize(
    ("external", "identity"),
    [
        ({"type": "wecom_external_userid", "id": "wm1", "collection": "ww1"}, "wecom:ww1:wm1"),
        ({"type": "openid", "id": "o1", "collection": "wx1"}, "openid:wx1:o1"),
        ({"type": "unionid", "id": "un1"}, "unionid:un1"),
        ({"type": "phone", "id": "+86 138-0000-0000"}, PHONE),
        ({"type": "phone", "id": 13800000000}, PHONE),
        ({"type": "phone", "id": PHONE.removeprefix("phone:").upper(), "encoding": "sha256"}, PHONE),
    ],
)
def test_an_external_id_is_another_identity_of_the_person(external: dict[str, Any], identity: str) -> None:
    assert identities_of(external) == (identity,)
    assert identities_of(external, external) == (identity,)


@pytest.mark.parametrize("external", [{"type": "email", "id": "a@b.c"}, {"type": "user_id", "id": "1"}])
def test_an_external_id_of_another_type_is_accepted_and_not_used(external: dict[str, Any]) -> None:
    assert identities_of(external) == ()
