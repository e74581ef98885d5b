"""Run the demonstration: `make run`, or `python -m infra.local.demo --help`."""

import sys

try:
    from infra.failure import run
    from infra.local.demo.show import main
except ModuleNotFoundError as missing:
    sys.exit(f"error: {missing.name} is not installed here: `make run` makes the environment that this needs")

if __name__ == "__main__":
    run(main)
