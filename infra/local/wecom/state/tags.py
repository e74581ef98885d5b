"""A corp's tags, in groups."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Tag:
    """One tag; a higher `order` sorts first."""

    tag_id: str
    name: str
    created_at: datetime
    order: int = 0


@dataclass
class TagGroup:
    """Tags that belong together. It lives as long as it has one."""

    group_id: str
    name: str
    created_at: datetime
    order: int = 0
    tags: dict[str, Tag] = field(default_factory=dict)

    def has_name(self, name: str) -> bool:
        """Whether a tag of this group is called so."""
        return any(tag.name == name for tag in self.tags.values())


@dataclass
class TagBook:
    """All tags of one corp."""

    groups: dict[str, TagGroup] = field(default_factory=dict)

    def find(self, tag_id: str) -> tuple[TagGroup, Tag] | None:
        """Return a tag and its group."""
        return next(((group, group.tags[tag_id]) for group in self.groups.values() if tag_id in group.tags), None)

    def named(self, group_name: str) -> TagGroup | None:
        """Return the group of that name."""
        return next((group for group in self.groups.values() if group.name == group_name), None)

    def tags(self) -> Iterator[Tag]:
        """Yield every tag."""
        for group in self.groups.values():
            yield from group.tags.values()

    def remove(self, tag_id: str) -> None:
        """Forget a tag, and its group with the last one."""
        found = self.find(tag_id)
        if found is None:
            return
        group = found[0]
        del group.tags[tag_id]
        if not group.tags:
            del self.groups[group.group_id]
