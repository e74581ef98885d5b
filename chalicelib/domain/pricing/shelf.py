"""The price books of one region, and which of them holds when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.pricing.book import PriceBook, age_of
from chalicelib.errors import PermanentError


@dataclass(frozen=True)
class Shelf:
    """At least one book, the oldest first."""

    books: tuple[PriceBook, ...]

    @classmethod
    def of(cls, books: Iterable[PriceBook]) -> "Shelf":
        """Put books in order."""
        return cls(tuple(sorted(books, key=lambda book: age_of(book.version))))

    @property
    def newest(self) -> PriceBook:
        """The latest edition of the latest book."""
        return self.books[-1]

    def on(self, day: date) -> PriceBook:
        """Return the book of a day: the newest that holds by then, else the oldest there is."""
        held = [book for book in self.books if book.valid_from <= day]
        return held[-1] if held else self.books[0]

    def version(self, version: str) -> PriceBook:
        """Return one book. Raises PermanentError when there is none of that version."""
        for book in self.books:
            if book.version == version:
                return book
        raise PermanentError(f"there is no price book {version}: publish it again")
