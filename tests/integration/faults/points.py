"""The points at which something can go wrong: every remote call that a function makes, with what it made before it."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.harness.invocation import Invocation
from tests.harness.troubles import label

READS = re.compile(r"\w+ (Get|BatchGet|Query|GET )")
Signature = tuple[str, tuple[str, ...], str, int]


@dataclass(frozen=True)
class Point:
    """A call of a function: its number within the invocation (from 1), and its name.

    `path` are the invocation's calls up to and with this one. `skip` is how many of the story's invocations of the
    function that get so far come before. `way` tells points of one number and name apart.
    """

    story: str
    function: str
    path: tuple[str, ...]
    skip: int
    way: int = 1

    @property
    def number(self) -> int:
        """Which call of the invocation it is."""
        return len(self.path)

    @property
    def call(self) -> str:
        """The call."""
        return self.path[-1]

    @property
    def id(self) -> str:
        """The same in every run: function, number, call, and which way led there."""
        return f"{self.function} {self.number} {self.call}" + (f" ({self.way})" if self.way > 1 else "")


def points_of(story: str, invocations: Iterable[Invocation], known: dict[Signature, Point]) -> None:
    """Add the points of a story's invocations that are not known yet."""
    reached: Counter[tuple[str, int]] = Counter()
    ways = Counter((point.function, point.number, point.call) for point in known.values())
    for one in invocations:
        for path in paths_of(one):
            place, signature = (one.function, len(path)), signature_of(one.function, path)
            if signature not in known:
                ways[*place, path[-1]] += 1
                known[signature] = Point(story, one.function, path, reached[place], ways[*place, path[-1]])
            reached[place] += 1


def signature_of(function: str, path: tuple[str, ...]) -> Signature:
    """Return what makes a call a point of its own: what was changed before it, and what was read since then.

    A cold function reads more than a warm one before it comes to the same call: that is the same point.
    """
    changes = [at for at, call in enumerate(path[:-1]) if not READS.match(call)]
    since = changes[-1] + 1 if changes else 0
    return function, tuple(path[at] for at in changes), path[-1], path[since:].count(path[-1])


def paths_of(invocation: Invocation) -> Iterator[tuple[str, ...]]:
    """Yield an invocation's calls up to the first one, up to the second, and so on."""
    labels = tuple(label(call) for call in invocation.calls)
    yield from (labels[: number + 1] for number in range(len(labels)))


def weight(name: str) -> int:
    """Return a number that is the same in every run and otherwise like chance, for drawing a sample."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])
