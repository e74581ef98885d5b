"""What was used: integers only, so that parts add up to the whole."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from chalicelib.metering.keys import Key

NUMBERS = ("wall_ns", "wru", "rru", "bytes_out")


@dataclass
class Usage:
    """Nanoseconds of wall time, thousandths of DynamoDB units written and read, calls by `service.Operation`, bytes."""

    wall_ns: int = 0
    wru: int = 0
    rru: int = 0
    bytes_out: int = 0
    calls: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Usage") -> None:
        """Take another usage in."""
        self.wall_ns += other.wall_ns
        self.wru += other.wru
        self.rru += other.rru
        self.bytes_out += other.bytes_out
        self.calls.update(other.calls)


def split(usage: Usage, weights: Mapping[Key, int]) -> Iterator[tuple[Key, Usage]]:
    """Yield each key's part, in proportion to its weight, so that the parts sum to the whole."""
    if len(weights) == 1:
        yield next(iter(weights)), usage
        return
    keys = sorted(weights)
    shares = [weights[key] for key in keys]
    numbers = {name: parts(getattr(usage, name), shares) for name in NUMBERS}
    calls = {call: parts(times, shares) for call, times in usage.calls.items()}
    for place, key in enumerate(keys):
        mine = Counter({call: part[place] for call, part in calls.items() if part[place]})
        yield key, Usage(**{name: part[place] for name, part in numbers.items()}, calls=mine)


def parts(total: int, weights: list[int]) -> list[int]:
    """Split a whole number by weights; what does not divide goes to the largest remainders, the first of equal ones."""
    whole = sum(weights)
    if whole == 0:
        return parts(total, [1] * len(weights))
    shares = [divmod(total * weight, whole) for weight in weights]
    missing = total - sum(share for share, _ in shares)
    lucky = sorted(range(len(weights)), key=lambda number: -shares[number][1])[:missing]
    return [share + (number in lucky) for number, (share, _) in enumerate(shares)]
