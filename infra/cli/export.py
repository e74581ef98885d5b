"""`export`: hands out all that is stored of a person."""

import hashlib
import json
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from chalicelib.services.export_person import PersonalData, export_person
from infra.cli.connect import Connection
from infra.cli.people import customer_called
from infra.cli.screen import say, say_json


def run(chosen: Namespace, connection: Connection) -> int:
    """Write a file for each table, a summary to read, and the receipt, which comes last and vouches for the others."""
    data = export_person(customer_called(chosen.person, connection), datetime.now(UTC))
    folder: Path = chosen.out / data.customer_id
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = {f"{table}.json": as_json(found) for table, found in data.tables.items()}
    files["SUMMARY.md"] = "\n".join(summary(data)) + "\n"
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    rows = {table: len(found) for table, found in data.tables.items()}
    receipt = {
        "stack": connection.stack,
        "customer_id": data.customer_id,
        "exported_at": data.exported_at.isoformat(),
        "rows": rows,
        "sha256": {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()},
    }
    (folder / "receipt.json").write_text(as_json(receipt), encoding="utf-8")
    if chosen.json:
        say_json(receipt)
    else:
        say(f"{folder}: {', '.join(f'{count} {table}' for table, count in rows.items())}; receipt.json")
    return 0


def as_json(value: object) -> str:
    """Return a value as the text of a file."""
    return json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n"


def summary(data: PersonalData) -> Iterator[str]:
    """Yield the lines of a summary that anybody can read, in Markdown."""
    yield f"# What is stored of you ({data.exported_at:%Y-%m-%d %H:%M} UTC)"
    yield ""
    yield "The files beside this one hold every row; here is what they say."
    yield from section("Known as", [code(identity) for identity in data.identities])
    customer = next((row for row in data.tables["customers"] if not row.get("merged_into")), {})
    profile = customer.get("profile", {})
    yield from section("Described as", [f"{code(name)}: {code(value)}" for name, value in profile.items()])
    tags = customer.get("tags", {})
    yield from section("Tagged", [
        f"{code(name)} since {tag['since']}, because {code(tag['because'])}" for name, tag in tags.items()
    ])
    yield from section("Journeys", [
        f"{code(row['run'])}: {row['state']}, stage {code(row['stage'])}, since {row['entered_at']}"
        for row in data.tables["enrolments"]
    ])
    yield from section("Messages", [
        " ".join((row["planned_at"], code(row["content"]), row["state"], row.get("reason", "")))
        for row in data.tables["pushes"]
    ])
    yield from section("What happened", [
        f"{row['occurred_at']}: {code(row['name'])}" for row in data.tables["behaviours"]
    ])


def section(title: str, lines: list[str]) -> Iterator[str]:
    """Yield a heading and its list."""
    yield from ("", f"## {title}", "")
    yield from (f"- {line}" for line in lines) if lines else ("Nothing.",)


def code(value: object) -> str:
    """Return a value as Markdown code, in which nothing is a link or markup."""
    flat = " ".join(str(value).split()).replace("`", "'")
    return f"`{flat}`" if flat else "``"
