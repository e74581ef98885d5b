"""The commands about the ledger's books: prices that are published, logs that are settled, what is unsettled."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infra.cli.parser import Commands

FUNCTIONS = ("APIHandler", "Tag", "Greet", "Move", "Schedule", "RunStep", "Deliver", "Collect", "PassTime", "Book")


def add_ledger(commands: "Commands") -> None:
    """Add the commands."""
    from infra.cli.parser import Commands, moment

    books = Commands(commands.add("price-book", "what the cloud charges; 云服务价目"))
    publish = books.add("publish", "check a price book file and use it from its day on; 校验并发布价目",
                        module="price_book", action="publish")
    publish.add_argument("file", type=Path, help="a price book as JSON")
    books.add("list", "list the price books and what they lack; 列出价目", module="price_book", action="list")
    settle = commands.add("settle", "book from the logs what the ledger does not have yet; 按日志补记成本")
    settle.add_argument("--function", action="append", choices=(*FUNCTIONS, "all"), metavar="NAME",
                        help=f"whose log: {', '.join(FUNCTIONS)} or all; may be repeated (default Book, which no "
                        "subscription reads)")
    settle.add_argument("--from", dest="since", type=moment, help="begin here, UTC unless said (default a day ago)")
    settle.add_argument("--to", dest="until", type=moment, help="end before here (default now)")
    commands.add("unsettled", "list invocations without a report or without a usage line; 列出缺报告或缺用量的调用")
