"""The content that a push names."""

from chalicelib.domain.playbook.content import Content
from chalicelib.errors import PermanentError
from chalicelib.services.read_playbooks import playbook


def read_content(reference: str) -> Content:
    """Return the content of `{playbook}@{version}/{content}`. Raises PermanentError when there is none."""
    book, _, name = reference.partition("/")
    identifier, _, version = book.rpartition("@")
    contents = playbook(identifier, int(version)).contents
    if name not in contents:
        raise PermanentError(f"there is no content {reference}")
    return contents[name]
