"""Reading a Cost and Usage Report of any size: row by row, out of .csv, .csv.gz, .zip or .parquet."""

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from chalicelib.domain.costs.bill import BillError, Charge, charge_of, columns_of
from infra.failure import Failure

BATCH = 10_000
Seen = Callable[[int], None]


def charges_in(path: Path, seen: Seen) -> Iterator[Charge]:
    """Yield the charges of a report; `seen` hears how many bytes of the file each batch of rows took.

    Raises Failure for a file that cannot be read, naming the file, the row and what to do.
    """
    try:
        columns: dict[str, str] = {}
        for number, record in enumerate(records_in(path, seen), start=1):
            columns = columns or columns_of(list(record))
            yield charge_at(number, record, columns)
    except BillError as error:
        raise Failure(f"{path}: {error}") from None
    except (OSError, EOFError, UnicodeDecodeError, BadZipFile, zlib.error, csv.Error) as error:
        raise Failure(f"{path}: cannot be read ({error}); download the report again") from None


def charge_at(number: int, record: Mapping[str, Any], columns: Mapping[str, str]) -> Charge:
    """Return a row's charge. Raises BillError with the row's number."""
    try:
        return charge_of(record, columns)
    except BillError as error:
        raise BillError(f"row {number}: {error}") from None


def records_in(path: Path, seen: Seen) -> Iterator[Mapping[str, Any]]:
    """Yield a file's rows by column. Raises Failure for another kind of file."""
    name = path.name.lower()
    if name.endswith(".parquet"):
        yield from rows_of_parquet(path, seen)
    elif name.endswith((".csv", ".csv.gz", ".gz", ".zip")):
        with opened(path) as (raw, text):
            yield from rows_of_csv(raw, text, seen)
    else:
        raise Failure(f"{path}: a report ends in .csv, .csv.gz, .zip or .parquet")


@contextmanager
def opened(path: Path) -> Iterator[tuple[IO[bytes], IO[str]]]:
    """Open a report; yields the file itself, by which progress is told, and its text."""
    with path.open("rb") as raw:
        if path.suffix == ".gz":
            with gzip.open(raw, "rt", encoding="utf-8-sig", newline="") as text:
                yield raw, text
        elif path.suffix == ".zip":
            with ZipFile(raw) as archive, archive.open(only_csv(path, archive)) as inner:
                yield raw, io.TextIOWrapper(inner, encoding="utf-8-sig", newline="")
        else:
            yield raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")


def only_csv(path: Path, archive: ZipFile) -> str:
    """Return the one CSV in an archive. Raises Failure when there is none, or several."""
    names = [name for name in archive.namelist() if name.lower().endswith(".csv")]
    if len(names) != 1:
        raise Failure(f"{path}: {len(names)} CSV files are in it, and one is expected: unpack it, give them one by one")
    return names[0]


def rows_of_csv(raw: IO[bytes], text: IO[str], seen: Seen) -> Iterator[Mapping[str, Any]]:
    """Yield a CSV's rows. Raises BillError for one with fewer cells than heads: it was cut off."""
    before = 0
    for number, row in enumerate(csv.DictReader(text, strict=True), start=1):
        if None in row or None in row.values():
            raise BillError(f"row {number} has not the cells of the head: the file was cut off; download it again")
        yield row
        if number % BATCH == 0:
            seen(raw.tell() - before)
            before = raw.tell()
    seen(raw.tell() - before)


def rows_of_parquet(path: Path, seen: Seen) -> Iterator[Mapping[str, Any]]:
    """Yield a Parquet file's rows, a batch in memory at a time."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
            size, rows = path.stat().st_size, max(1, file.metadata.num_rows)
            for batch in file.iter_batches(BATCH):
                yield from batch.to_pylist()
                seen(size * batch.num_rows // rows)
    except ArrowException as error:
        raise Failure(f"{path}: cannot be read ({error}); download the report again") from None
