"""`python -m infra.cli`."""

from infra.cli.main import main
from infra.failure import run

run(main)
