"""`price-book`: publishes what the cloud charges, and lists what is known of it."""

from argparse import Namespace
from datetime import UTC, datetime

from chalicelib.config import settings
from chalicelib.domain.pricing.book import PriceBook
from chalicelib.services.publish_price_book import publish_price_book
from chalicelib.services.read_price_books import forget, shelf
from infra.cli.connect import Connection
from infra.cli.screen import say, say_json, show_table
from infra.failure import Failure


def run(chosen: Namespace, connection: Connection) -> int:
    """Publish a file, or list the books of the stack's region."""
    if chosen.action == "publish":
        publish(chosen, connection)
    else:
        show(chosen, connection)
    return 0


def publish(chosen: Namespace, connection: Connection) -> None:
    """Publish a whole file or nothing of it."""
    try:
        text = chosen.file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Failure(f"{chosen.file}: it is no text: save it as UTF-8") from None
    version = publish_price_book(text, str(chosen.file))
    forget()
    if chosen.json:
        say_json({"price_book": version, "stack": connection.stack})
    else:
        say(f"price book {version} holds in {connection.stack}; new bookings use it within a minute")


def show(chosen: Namespace, connection: Connection) -> None:
    """List the books, the oldest first."""
    books = shelf(datetime.now(UTC)).books
    if chosen.json:
        say_json([told(book) for book in books])
        return
    rows = [(book.version, book.currency, priced(book), ", ".join(lacking(book)) or "-") for book in books]
    show_table(f"price books of {settings().region} in {connection.stack}",
               ("version", "currency", "prices", "without a price"), rows)


def told(book: PriceBook) -> dict[str, object]:
    """Return a book for a program."""
    prices = {
        name: {"price": None if price.amount is None else str(price.amount), "status": price.status}
        for name, price in book.prices.items()
    }
    return {"version": book.version, "region": book.region, "currency": book.currency, "prices": prices}


def priced(book: PriceBook) -> int:
    """Return how many prices are known."""
    return len(book.prices) - len(lacking(book))


def lacking(book: PriceBook) -> list[str]:
    """Return what has no price: costs of it are not in any amount."""
    return [name for name, price in book.prices.items() if price.amount is None] if book.prices else ["everything"]
