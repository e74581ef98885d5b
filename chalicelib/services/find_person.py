"""Finding a person: whom a key means, and everything else that they are known by."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from chalicelib.domain.customer import Customer
from chalicelib.models.customers import CustomerRow
from chalicelib.models.identities import IdentityRow
from chalicelib.services.identify_customer import present

Vouched = Callable[[str], Iterable[str]]
BARE = ("unionid", "user", "phone", "anonymous")


@dataclass
class Person:
    """One person: the customer that they are now, all customers that were merged into it, all their identities."""

    customer: Customer
    customer_ids: list[str] = field(default_factory=list)
    identities: list[str] = field(default_factory=list)


def customers_called(who: str, receivers: Iterable[str] = ()) -> dict[str, str]:
    """Return the ids of the customers that a key may mean, by the key that led to each.

    `who` is a customer's id, an identity, or an identity without its scheme. `receivers` are the corp ids and appids
    among whose customers the latter is looked for.
    """
    if CustomerRow.fetch(who) or any(IdentityRow.of_customer(who)):
        return {who: who}
    owners = {identity: IdentityRow.customer_of(identity) for identity in meanings(who, receivers)}
    return {identity: present(owner).customer_id for identity, owner in owners.items() if owner}


def meanings(who: str, receivers: Iterable[str]) -> list[str]:
    """Return the identities that a key may stand for."""
    if ":" in who:
        return [who]
    scoped = [f"{scheme}:{receiver}:{who}" for receiver in receivers for scheme in ("wecom", "openid")]
    return scoped + [f"{scheme}:{who}" for scheme in BARE]


def person_of(customer_id: str, vouched: Vouched = lambda identity: ()) -> Person:
    """Return the person behind a customer's id.

    What has been taken in from an identity is remembered by the customer, so each of those is found. `vouched` tells
    further identities that came along with one, for a search that must miss none.
    """
    return Search(present(customer_id), vouched).run()


class Search:
    """A walk from a customer to their identities, to the customers that those name, and on."""

    def __init__(self, customer: Customer, vouched: Vouched) -> None:
        self.person, self.vouched = Person(customer), vouched
        self.waiting: list[str] = []

    def run(self) -> Person:
        """Walk until nothing new is met."""
        self.add_customer(self.person.customer.customer_id)
        while self.waiting:
            self.visit(self.waiting.pop())
        self.person.identities.sort()
        return self.person

    def add_customer(self, customer_id: str) -> None:
        """Take a customer in, and meet their identities."""
        if customer_id not in self.person.customer_ids:
            self.person.customer_ids.append(customer_id)
            customer = CustomerRow.fetch(customer_id)
            self.waiting += [*IdentityRow.of_customer(customer_id), *(subjects_of(customer) if customer else ())]

    def visit(self, identity: str) -> None:
        """Take an identity in, unless it is another person's."""
        owners = list(chain_of(IdentityRow.customer_of(identity)))
        is_theirs = not owners or owners[-1] == self.person.customer.customer_id
        if identity in self.person.identities or not is_theirs:
            return
        self.person.identities.append(identity)
        for owner in owners:
            self.add_customer(owner)
        self.waiting += self.vouched(identity)


def chain_of(customer_id: str | None) -> Iterator[str]:
    """Yield a customer's id and those of the customers that it was merged into, the present one last."""
    while customer_id:
        yield customer_id
        customer = CustomerRow.fetch(customer_id)
        customer_id = customer.merged_into if customer else None


def subjects_of(customer: Customer) -> Iterator[str]:
    """Yield the identities whose behaviours a customer has taken in."""
    yield from customer.folded
    yield from (key.partition("/")[0] for key in customer.redriven)
