"""What is known of an invocation: what it said it used, and what Lambda says it is charged for."""

from pydantic import BaseModel, ConfigDict, NonNegativeInt, field_validator

from chalicelib.metering.keys import key_of


class Fact(BaseModel):
    """One line of a log. `at` is its millisecond since 1970, `log_bytes` what CloudWatch charges it as.

    `shard` is the one of a day's shards in which it is booked. The same fact twice is one: a line is told from another
    by its instant and its content.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    at: NonNegativeInt
    log_bytes: NonNegativeInt
    shard: NonNegativeInt


class Row(BaseModel):
    """What was used for one key: nanoseconds, thousandths of DynamoDB's units, bytes, calls by `service.Operation`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: dict[str, str]
    wall_ns: NonNegativeInt = 0
    wru: NonNegativeInt = 0
    rru: NonNegativeInt = 0
    bytes_out: NonNegativeInt = 0
    calls: dict[str, NonNegativeInt] = {}


class Inputs(BaseModel):
    """How many inputs of a kind were new and how many were dropped as duplicates, with a few keys of the latter."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    taken: NonNegativeInt = 0
    dropped: NonNegativeInt = 0
    keys: tuple[str, ...] = ()


class Usage(Fact):
    """A usage line."""

    trigger: str
    cold: bool
    records: NonNegativeInt
    rows: tuple[Row, ...]
    duplicates: dict[str, Inputs] = {}

    @field_validator("rows")
    @classmethod
    def _each_key_once(cls, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        """Refuse dimensions that nobody knows, and a key that is there twice."""
        if len({key_of(**row.key) for row in rows}) < len(rows):
            raise ValueError("a key has two rows")
        return rows


class Report(Fact):
    """Lambda's report: milliseconds billed, MB of memory, and how it ended: `success`, `timeout`, `error`."""

    billed_ms: NonNegativeInt
    memory_mb: NonNegativeInt
    status: str
