"""Publishing a playbook."""

from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.models import playbooks
from chalicelib.services import read_playbooks


def publish_playbook(draft: Playbook) -> Playbook:
    """Make a validated playbook the live one and return it with its version.

    Unchanged content is not published again. The version is stored before it is made live, and becoming live is one
    conditional write: killed in between, the old version stays and the next try overwrites what nobody has read.
    Raises ConflictError when somebody else publishes the same playbook at the same moment.
    """
    before = playbooks.live_version(draft.id)
    if before and playbooks.published(draft.id, before) == draft.model_copy(update={"version": before}):
        return draft.model_copy(update={"version": before})
    playbook = draft.model_copy(update={"version": before + 1})
    playbooks.store_version(playbook)
    playbooks.make_live(playbook, before)
    read_playbooks.forget()
    return playbook
