"""The command line of what things cost: costs, forecast, budget, true-up."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from infra.cli.parser import Commands, positive

T = TypeVar("T")
BY = ("day", "account", "journey", "stage", "step", "content", "staff", "function", "component")
FILTERS = BY[1:]
OUTCOMES = ("reached", "delivered", "reply", "goal")


def add_money(commands: Commands) -> None:
    """Add the commands about money."""
    add_costs(commands.add("costs", "what was spent, by day, journey, step, staff …; 成本：按日、旅程、员工等"))
    add_forecast(commands.add("forecast", "what a playbook will cost, before it is published; 发布前预估打法成本"))
    add_budgets(Commands(commands.add("budget", "what a journey may cost in a month; 旅程的月度预算")))
    true_up = commands.add("true-up", "the ledger beside AWS's Cost and Usage Report; 台账与 AWS 账单核对")
    true_up.add_argument("file", type=Path, help="the report: .csv, .csv.gz, .zip or .parquet")
    true_up.add_argument("--month", type=month, help="e.g. 2026-11; default: last month (UTC)")
    true_up.add_argument("--account", help="the account of the stack; default: that of your credentials")
    true_up.add_argument("--tag", metavar="KEY=VALUE", help="the tag of the stack's lines; "
                         "default: aws:cloudformation:stack-name=STACK")


def add_costs(costs: ArgumentParser) -> None:
    """Add the options of `costs`."""
    span = costs.add_argument_group("days, in UTC as the ledger's are")
    span.add_argument("--from", dest="first", type=day, help="first day, e.g. 2026-11-01; default: of this month")
    span.add_argument("--to", dest="last", type=day, help="last day, included; default: today")
    span.add_argument("--month", type=month, help="a whole month instead, e.g. 2026-11")
    costs.add_argument("--by", type=keys, default=("journey",), help=f"one or several of {','.join(BY)}, with commas")
    costs.add_argument("--per", choices=OUTCOMES, help="also the cost per customer reached, push …, reply, goal")
    costs.add_argument("--goal", action="append", default=[], metavar="REASON",
                       help="a reason of an exit that is a goal, beside stages of intent won; may be repeated")
    costs.add_argument("--top", type=positive, default=40, help="rows on the screen (default 40); exports have all")
    for name in FILTERS:
        costs.add_argument(f"--{name}", action="append", help=f"only this {name}; may be repeated")
    files = costs.add_mutually_exclusive_group()
    files.add_argument("--csv", type=Path, metavar="FILE", help="write a table that Excel opens; exact amounts")
    files.add_argument("--xlsx", type=Path, metavar="FILE", help="write a workbook; exact amounts stand beside numbers")


def add_forecast(forecast: ArgumentParser) -> None:
    """Add the options of `forecast`."""
    source = forecast.add_mutually_exclusive_group(required=True)
    source.add_argument("file", type=Path, nargs="?", help="a playbook as YAML")
    source.add_argument("--units", action="store_true", help="only print what one event uses, and how that is known")
    forecast.add_argument("--offline", metavar="REGION", help="use no stack: shipped prices, and units as measured")
    forecast.add_argument("--entering", type=positive, help="customers who follow")
    forecast.add_argument("--days", type=positive, default=30, help="how long from the first day on (default 30)")
    forecast.add_argument("--staff", type=positive, default=10, help="staff who write to them (default 10)")
    forecast.add_argument("--over", type=positive, default=1, help="days over which they follow (default 1)")
    forecast.add_argument("--behaviours", type=whole, default=5, help="what each does beside following (default 5)")
    forecast.add_argument("--share", type=share, action="append", default=[], metavar="JOURNEY[/STAGE]=40%",
                          help="the part of them that a journey or a stage gets (default 100%%); may be repeated")


def add_budgets(budgets: Commands) -> None:
    """Add the commands about budgets."""
    set_budget = budgets.add("set", "set a journey's budget; 设置预算", module="budget", action="set")
    set_budget.add_argument("journey", help="consultation/tea, or tea where only one playbook has it")
    set_budget.add_argument("amount", help="in the currency that the region is billed in, e.g. 500")
    set_budget.add_argument("--month", action="store_true", help="each calendar month (UTC); the only kind")
    set_budget.add_argument("--pause", action="store_true", help="once it is spent, hold the journey for the month")
    budgets.add("list", "list the budgets and what is spent of them; 列出预算与已用", module="budget", action="list")
    for name, purpose in (
        ("remove", "take a journey's budget away; 取消预算"),
        ("resume", "let a journey go on that is held by its budget; 恢复因预算暂停的旅程"),
    ):
        budgets.add(name, purpose, module="budget", action=name).add_argument("journey", help="consultation/tea")


def day(text: str) -> date:
    """Return a day."""
    return read(date.fromisoformat, text, "day: write 2026-11-22")


def month(text: str) -> str:
    """Return a month."""
    read(lambda written: date.fromisoformat(f"{written}-01"), text, "month: write 2026-11")
    return text


def keys(text: str) -> tuple[str, ...]:
    """Return keys of the ledger."""
    found = tuple(text.split(","))
    if set(found) - set(BY) or len(set(found)) < len(found):
        raise ArgumentTypeError(f"'{text}': write one or several of {', '.join(BY)}, each once, with commas")
    return found


def whole(text: str) -> int:
    """Return a whole number from 0 on."""
    return 0 if text == "0" else positive(text)


def share(text: str) -> tuple[str, Fraction]:
    """Return what gets a share, and the share."""
    name, equals, percent = text.partition("=")
    if not (name and equals and percent.endswith("%")):
        raise ArgumentTypeError(f"'{text}' is no share: write a journey or a stage and a percentage, e.g. tea/keen=40%")
    return name, read(lambda written: Fraction(written[:-1]) / 100, percent, "percentage: write e.g. 40%")


def read(reading: Callable[[str], T], text: str, what: str) -> T:
    """Return what is read from text; tell what to write where it cannot be."""
    try:
        return reading(text)
    except (ValueError, ZeroDivisionError):
        raise ArgumentTypeError(f"'{text}' is no {what}") from None
