"""Reads the command line, connects to the stack, runs one command.

What a command needs is imported after the connection is made: the tables' names come from it, and --help needs none.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from infra.cli.parser import make_parser
from infra.failure import Failure

if TYPE_CHECKING:
    from infra.cli.connect import Connection

    Reach = Callable[[str, str | None, str | None], Connection]


def main(argv: Sequence[str] | None = None, reach: "Reach | None" = None) -> int:
    """Run a command; return 0, or 1 when what it looked for is not as it should be.

    `reach` connects to the stack, with infra.cli.connect unless somebody knows better. Raises Failure with one line
    for the operator, SystemExit(2) for a command line that cannot be understood.
    """
    chosen = make_parser().parse_args(argv)
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    from infra.cli.connect import connect, nowhere

    try:
        offline = getattr(chosen, "offline", None)
        connection = nowhere() if offline else (reach or connect)(chosen.stack, chosen.region, chosen.endpoint_url)
        return int(import_module(f"infra.cli.{chosen.module}").run(chosen, connection))
    except NoCredentialsError:
        raise Failure("no AWS credentials: set AWS_PROFILE, or log in with `aws sso login`") from None
    except (BotoCoreError, ClientError, OSError) as error:
        raise Failure(one_line(error)) from error
    except Exception as error:
        raise explained(error) from error


def explained(error: Exception) -> Exception:
    """Return an error of ours or of the tables as a Failure, any other as it is."""
    from pynamodb.exceptions import PynamoDBException

    from chalicelib.errors import ChaoxiError

    if isinstance(error, PynamoDBException | ChaoxiError):
        return Failure(one_line(error))
    return error


def one_line(error: Exception) -> str:
    """Return an error's text as one line."""
    return " ".join(str(error).split()) or type(error).__name__
