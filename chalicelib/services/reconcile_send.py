"""Finding out whether a group-send that got no answer was made after all."""

from collections.abc import Collection, Sequence

from chalicelib.domain.group_sending import Found, found_in, window_of
from chalicelib.domain.push import GroupSend
from chalicelib.gateways.wecom.client import WeComApp
from chalicelib.gateways.wecom.group_sends import list_group_sends, results_of, senders_of


def find_group_send(
    app: WeComApp, send: GroupSend, staff: str, wanted: Sequence[str], text: str, known: Collection[str]
) -> Found | None:
    """Return the platform's group-send that our call made; None when none is listed.

    It was created when we called, says what ours says, is not one that we know already, waits for the same staff
    member, and took nobody but the customers that we asked for. Only reads, so it may be repeated. Raises
    CurableError while a candidate is still being dispatched.

    When a thousand answers to one text are lost in one minute, each of a thousand searches meets a thousand
    candidates: hence a worker remembers who confirms which.
    """
    for listed in list_group_sends(app, *window_of(send)):
        if listed.msgid in known or listed.text.content != text or staff not in senders_of(app, listed.msgid):
            continue
        took = [result.external_userid for result in results_of(app, listed.msgid, staff)]
        if found := found_in(listed.msgid, took, wanted):
            return found
    return None
