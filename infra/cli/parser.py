"""The command line: every command, what it takes, and what it is for, in English and in Chinese."""

import argparse
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
FUNCTIONS = ("tag", "greet", "move", "schedule", "run_step", "deliver", "collect", "pass_time", "book", "schedules")
PERSON = "a customer's id (c-…), an identity (wecom:CORP:ID, user:ID …), or a bare external_userid"


def make_parser() -> argparse.ArgumentParser:
    """Return the parser. Every option of the stack may stand before or after the command."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.cli",
        description="Commands for whoever operates Chaoxi. 潮汐的运维命令。",
        epilog="Exit code: 0 as it should be, 1 not so or failed (one line says why), 2 a wrong command line.",
    )
    add_shared(parser, {"stack": "chaoxi-dev", "region": None, "endpoint_url": None, "json": False})
    commands = Commands(parser)
    add_people(commands)
    add_flow(commands)
    add_set_up(commands)
    from infra.cli.cost_parser import add_money
    from infra.cli.ledger_parser import add_ledger

    add_money(commands)
    add_ledger(commands)
    return parser


def add_shared(parser: argparse.ArgumentParser, defaults: dict[str, Any]) -> None:
    """Add the options of every command. After the command they have no default, so that the ones before it stay."""
    group = parser.add_argument_group("the stack")
    for name, help_text, more in (
        ("stack", "name of the stack (default chaoxi-dev)", {}),
        ("region", "e.g. ap-southeast-1; default: your AWS configuration's", {}),
        ("endpoint_url", "the emulator's address instead of AWS, e.g. http://127.0.0.1:4566", {}),
        ("json", "print JSON for a program instead of text for people", {"action": "store_true"}),
    ):
        option = f"--{name.replace('_', '-')}"
        group.add_argument(option, help=help_text, default=defaults.get(name, argparse.SUPPRESS), **more)  # type: ignore[arg-type]  # options of one argument


class Commands:
    """The commands of a parser, and those of a command that has several."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self.subparsers = parser.add_subparsers(metavar="COMMAND", required=True)

    def add(self, name: str, purpose: str, **defaults: Any) -> argparse.ArgumentParser:
        """Add a command and return its parser; the module of its name runs it."""
        command: argparse.ArgumentParser = self.subparsers.add_parser(name, help=purpose, description=purpose)
        add_shared(command, {})
        command.set_defaults(**{"module": name.replace("-", "_"), **defaults})
        return command


def add_people(commands: Commands) -> None:
    """Add the commands about one person."""
    story = commands.add("story", "what happened to a customer, and why; 客户的来龙去脉：发生了什么、为什么")
    story.add_argument("person", help=PERSON)
    story.add_argument("--because", metavar="KEY", help="walk back from a push, tag or enrolment to what caused it")
    story.add_argument("--since", type=moment, help="begin here: 2026-11-22, 2026-11-22T18:00+08:00 (UTC unless said)")
    story.add_argument("--limit", type=positive, default=100, help="lines on a page (default 100)")
    export = commands.add("export", "hand out all that is stored of a person; 导出一个人的全部数据")
    export.add_argument("person", help=PERSON)
    export.add_argument("--out", type=Path, required=True, help="folder to write to")
    erase = commands.add("erase", "delete all that is stored of a person; 彻底删除一个人的数据")
    erase.add_argument("person", help=PERSON)
    erase.add_argument("--confirm", action="store_true", help="really delete; without it only says what would go")
    for name, purpose in (
        ("pause", "hold a customer's journeys, or one of them; 暂停客户的旅程"),
        ("resume", "let held journeys go on; 恢复客户的旅程"),
    ):
        pause = commands.add(name, purpose, module="pause", is_paused=name == "pause")
        pause.add_argument("person", help=PERSON)
        pause.add_argument("journey", nargs="?", help="a journey, or one run of it (journey#key); default: all of them")


def add_flow(commands: Commands) -> None:
    """Add the commands about what flows."""
    accounted = commands.add("accounted", "prove that what was due is sent or has a reason; 证明到期步骤都有交代")
    accounted.add_argument("--grace", type=duration, default=timedelta(minutes=15),
                           help="how late a step may be before it counts, e.g. 90s, 15m, 1h (default 15m)")
    redrive = commands.add("redrive", "put back what a function could not process; 重新投递失败的记录")
    redrive.add_argument("function", choices=FUNCTIONS, help="whose failures; schedules: wake-ups that found no queue")
    redrive.add_argument("--dry-run", action="store_true", help="only show what lies there")
    redrive.add_argument("--limit", type=positive, default=1_000_000, help="messages at most (default all)")


def add_set_up(commands: Commands) -> None:
    """Add the commands that set something up."""
    publish = commands.add("publish", "check a playbook file and make it live; 校验并发布打法文件")
    publish.add_argument("file", type=Path, help="a playbook as YAML")
    commands.add("playbooks", "list the playbooks and which version is live; 列出打法及其生效版本")
    for kind, purpose in (
        ("write_key", "the write keys of sources of behaviours; 行为来源的写入密钥"),
        ("read_key", "the read keys of the costs API; 成本接口的读取密钥"),
    ):
        add_keys(Commands(commands.add(kind.replace("_", "-"), purpose)), kind)
    add_accounts(Commands(commands.add("account", "the touch-point accounts and their secrets; 触点账号及其密钥")))


def add_keys(keys: Commands, kind: str) -> None:
    """Add the commands about keys of a kind."""
    shared = {"module": "write_key", "kind": kind}
    for name, purpose in (
        ("create", "make a holder's first key and print it, once; 新建密钥（只显示一次）"),
        ("rotate", "make a new key; the old ones end after the grace period; 轮换密钥"),
        ("revoke", "end all keys of a holder at once; 立即吊销"),
    ):
        keys.add(name, purpose, action=name, **shared).add_argument("source", help="the holder's name, [a-z0-9-]{1,32}")
    keys.add("list", "list the holders and their keys' times; 列出密钥", action="list", **shared)
    keys.subparsers.choices["rotate"].add_argument(
        "--grace", type=duration, default=timedelta(days=1), help="e.g. 24h, 7d, 0s (default 24h)"
    )


def add_accounts(accounts: Commands) -> None:
    """Add the commands about touch-point accounts."""
    put = accounts.add("put", "store an account; its secrets come from the keyboard or from standard input; 保存账号",
                       module="account", action="put")
    put.add_argument("name", help="[a-z0-9-]{1,32}, as in the callback's address /wechat/NAME")
    put.add_argument("--kind", choices=("wecom", "official_account", "mini_program"), default="wecom")
    identification = put.add_mutually_exclusive_group(required=True)
    identification.add_argument("--corp-id", dest="receive_id", help="WeCom's corp id")
    identification.add_argument("--appid", dest="receive_id", help="an Official Account's or a mini-program's appid")
    put.add_argument("--agent-id", default="", help="WeCom's agent id of the app")
    put.add_argument("--replace", action="store_true", help="overwrite an account of that name")
    accounts.add("list", "list the accounts, without secrets; 列出账号", module="account", action="list")


def duration(text: str) -> timedelta:
    """Return a time span such as `90s`, `15m`, `24h`, `7d`."""
    found = re.fullmatch(r"(\d{1,6})([smhd])", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"'{text}' is no time span: write a whole number and s, m, h or d")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def moment(text: str) -> datetime:
    """Return an instant; a time without an offset is UTC."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no time: write 2026-11-22 or 2026-11-22T18:00+08:00") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def positive(text: str) -> int:
    """Return a whole number above 0."""
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is no whole number above 0")
    return int(text)
