"""Playbooks in the catalog: every published version, and which one is live."""

from base64 import b64decode, b64encode
from gzip import compress, decompress

from chalicelib.domain.playbook.playbook import Playbook
from chalicelib.errors import PermanentError
from chalicelib.models.catalog import CatalogRow

VERSION = "playbook"
LIVE = "live_playbook"


def live_versions() -> list[tuple[str, int]]:
    """Return (id, version) of every live playbook."""
    return [(name, int(version)) for name, version in CatalogRow.of_kind(LIVE)]


def live_version(name: str) -> int:
    """Return a playbook's live version; 0 when it was never published."""
    return int(CatalogRow.fetch(LIVE, name) or 0)


def published(name: str, version: int) -> Playbook:
    """Return one published version. Raises PermanentError when there is none."""
    packed = CatalogRow.fetch(VERSION, f"{name}@{version}")
    if packed is None:
        raise PermanentError(f"playbook {name}@{version} was never published")
    return Playbook.model_validate_json(decompress(b64decode(packed)))


def store_version(playbook: Playbook) -> None:
    """Store a version. Nothing reads it before it is made live."""
    document = playbook.model_dump_json(by_alias=True, exclude_defaults=True)
    CatalogRow.put(VERSION, playbook.reference, b64encode(compress(document.encode(), mtime=0)).decode())


def make_live(playbook: Playbook, before: int) -> None:
    """Make a version the live one. Raises ConflictError when `before` is not the live one any more."""
    condition = CatalogRow.document == str(before) if before else CatalogRow.kind.does_not_exist()
    CatalogRow.put(LIVE, playbook.id, str(playbook.version), condition)
