"""Whether the play went as promised: nothing due without a trace, nobody ungreeted, nothing in a failure queue."""

from collections.abc import Mapping

from infra.local.demo.reading import Reading


def complaints(reading: Reading, still_waiting: int, kept: Mapping[str, int], refused: int, follows: int) -> list[str]:
    """Return what went wrong, one line each; none when all is well.

    `still_waiting` are waits that should be over by now, `kept` the records in failure queues, `refused` the acts that
    the product did not take, `follows` how many customers it did.
    """
    greeted = reading.welcomes["delivered"]
    checks = {
        f"{still_waiting} steps were due and are neither sent nor reasoned": still_waiting,
        f"failure queues hold {', '.join(f'{name}: {count}' for name, count in sorted(kept.items()))}": kept,
        f"{refused} calls were refused": refused,
        f"{follows - greeted} of {follows} customers were not greeted": greeted < follows,
        "no step was sent at all": not reading.pushes,
    }
    return [text for text, is_wrong in checks.items() if is_wrong]
