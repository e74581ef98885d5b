"""How the cloud delivers in one test: tidily, or as badly as it may."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Delivery:
    """What a test wants the cloud to do with what it delivers.

    `duplicates`: every batch, message and schedule comes twice. `seed`: None delivers in order and in full batches;
    a number cuts batches anywhere, reorders across keys and interleaves sources, the same way every time. `late`: how
    long after its at() a schedule fires. `retry_after`: how long a stream waits before it tries a failed batch again
    (the cloud waits a little and says nowhere how long). `cold`: every invocation is the first of its process; else
    all functions share what the product caches, as if each had been warm for long.
    """

    duplicates: bool = False
    seed: int | None = None
    late: timedelta = timedelta(0)
    retry_after: timedelta = timedelta(0)
    cold: bool = False
    dice: random.Random = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "dice", random.Random(self.seed))

    @property
    def shuffled(self) -> bool:
        """Whether order and batch sizes are drawn."""
        return self.seed is not None

    def cut(self, most: int) -> int:
        """Return how many of `most` waiting records go into the next batch."""
        return self.dice.randint(1, most) if self.shuffled and most > 1 else most

    def pick(self, choices: Iterable[T]) -> T:
        """Return the first choice, or any."""
        listed = list(choices)
        return self.dice.choice(listed) if self.shuffled else listed[0]

    def order(self, items: Iterable[T]) -> list[T]:
        """Return the items as they are, or shuffled."""
        listed = list(items)
        if self.shuffled:
            self.dice.shuffle(listed)
        return listed
