"""One invocation in the ledger: the facts that were seen of it, and what was booked for them.

What should be booked is a pure function of the facts, whichever came first. What has been booked is kept beside them.
So a fact that comes again changes nothing, one that comes late moves the money, and whoever was interrupted goes on.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

from chalicelib.domain.pricing.booking import Terms, lines_for
from chalicelib.domain.pricing.entries import Address, Entries, Entry, entries_of, entry_of, inputs_address, summed
from chalicelib.domain.pricing.facts import Report, Usage
from chalicelib.domain.pricing.months import month_entries
from chalicelib.domain.pricing.pairing import paired

State = Literal["waiting", "unattributed", "booked"]


class Invocation(BaseModel):
    """Everything that bears one request id.

    `book` is the version under which it is booked, chosen when its first report came. `booked` is what has been added
    to the ledger for it, by the row's address.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    function: str
    book: str = ""
    usages: tuple[Usage, ...] = ()
    reports: tuple[Report, ...] = ()
    booked: dict[str, dict[str, int]] = {}

    def seeing(self, facts: Iterable[Usage | Report]) -> "Invocation":
        """Return it with facts that may be known already."""
        usages, reports = list(self.usages), list(self.reports)
        for fact in facts:
            if isinstance(fact, Usage):
                usages += [fact] if fact not in usages else []
            else:
                reports += [fact] if fact not in reports else []
        return self.model_copy(update={"usages": tuple(usages), "reports": tuple(reports)})

    @property
    def seen_at(self) -> int:
        """The millisecond of its first fact."""
        return min(fact.at for fact in (*self.usages, *self.reports))

    @property
    def state(self) -> State:
        """Whether it waits for a report, lacks a usage line, or is complete."""
        if not self.reports:
            return "waiting"
        return "unattributed" if len(self.usages) < len(self.reports) else "booked"

    def target(self, terms: Terms | None) -> Entries:
        """Return what should be booked; before there is a report there are no terms, and nothing is priced."""
        lines = [
            (report.shard, line)
            for report, usage in paired(self.usages, self.reports)
            if terms
            for line in lines_for(self.function, report, usage, terms)
        ]
        counts = [
            {inputs_address(kind, usage.at, usage.shard): entry_of(inputs)}
            for usage in self.usages
            for kind, inputs in usage.duplicates.items()
        ]
        return summed([entries_of(lines), month_entries(lines), *counts])

    def missing(self, terms: Terms | None) -> Entries:
        """Return what is still to be added, so that what is booked becomes what should be."""
        target = self.target(terms)
        known = {Address.read(place): numbers for place, numbers in self.booked.items()}
        found = {}
        for address in {**known, **target}:
            entry = target.get(address, Entry({}))
            if numbers := difference(entry.numbers, known.get(address, {})):
                found[address] = Entry(numbers, entry.sample)
        return found

    def booking(self, entries: Entries) -> "Invocation":
        """Return it with these entries made."""
        booked = dict(self.booked)
        for address, entry in entries.items():
            place = str(address)
            known = booked.get(place, {})
            names = {**known, **entry.numbers}
            booked[place] = {name: known.get(name, 0) + entry.numbers.get(name, 0) for name in names}
        return self.model_copy(update={"booked": booked})


def difference(wanted: Mapping[str, int], known: Mapping[str, int]) -> dict[str, int]:
    """Return what is to be added. A number that is new is told even when it is 0: what is free has a price too."""
    names = {**known, **wanted}
    gaps = {name: wanted.get(name, 0) - known.get(name, 0) for name in names}
    return {name: gap for name, gap in gaps.items() if gap or name not in known}
