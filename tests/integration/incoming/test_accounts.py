"""The settings of touch-point accounts in SSM."""

from typing import Any

import pytest
import time_machine

from chalicelib.errors import TransientError, UnknownAccountError
from chalicelib.gateways import aws
from chalicelib.gateways.accounts import fetch_account, missing
from tests.integration.incoming.conftest import put_account
from tests.integration.incoming.senders import KEY, TOKEN

# The overloads of a cached function hide its cache from mypy.
KEPT_CLIENTS: Any = aws.client


def test_an_account_is_what_its_parameter_says(cloud: None) -> None:
    account = fetch_account("main")
    assert (account.name, account.kind, account.receive_id, account.agent_id) == ("main", "wecom", "ww1", "1000002")
    assert (account.token, account.aes_key, account.secret) == (TOKEN, KEY, "s")
    assert fetch_account("shop-oa").receive_id == "wx9"


def test_an_account_never_shows_its_secrets(cloud: None) -> None:
    assert TOKEN not in repr(fetch_account("main"))
    assert KEY not in repr(fetch_account("main"))


def test_an_account_is_read_once_in_five_minutes(cloud: None) -> None:
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as clock:
        fetch_account("main")
        put_account("main", '{"kind": "wecom", "corp_id": "ww2"}')
        clock.shift(299)
        assert fetch_account("main").receive_id == "ww1"
        clock.shift(2)
        assert fetch_account("main").receive_id == "ww2"


def test_an_account_that_was_missing_is_looked_for_again_after_half_a_minute(cloud: None) -> None:
    with time_machine.travel("2026-11-22T10:00:00Z", tick=False) as clock:
        with pytest.raises(UnknownAccountError):
            fetch_account("new")
        put_account("new", '{"kind": "wecom", "corp_id": "ww2"}')
        with pytest.raises(UnknownAccountError):
            fetch_account("new")
        clock.shift(31)
        assert fetch_account("new").receive_id == "ww2"


def test_guessed_names_do_not_fill_the_memory(cloud: None) -> None:
    missing().update({f"guess-{number}": float("inf") for number in range(1_000)})
    with pytest.raises(UnknownAccountError):
        fetch_account("one-more")
    assert list(missing()) == ["one-more"]


@pytest.mark.parametrize("document", ["not json", "[]", "{}", '{"kind": "fax", "corp_id": "ww1"}', '{"kind": "wecom"}'])
def test_a_parameter_that_is_no_account_is_to_be_repaired(cloud: None, document: str) -> None:
    put_account("broken", document)
    with pytest.raises(TransientError, match="broken"):
        fetch_account("broken")


def test_silence_of_ssm_is_not_taken_for_a_missing_account(cloud: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSM", "http://127.0.0.1:4629")
    KEPT_CLIENTS.cache_clear()
    with pytest.raises(TransientError):
        fetch_account("main")
    KEPT_CLIENTS.cache_clear()
