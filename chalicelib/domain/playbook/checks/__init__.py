"""What only shows when the parts of a playbook are seen together: references, variables, steps that never come."""

from chalicelib.domain.playbook.checks.contents import unknown_contents, wrong_variables
from chalicelib.domain.playbook.checks.names import doubles, keys_never_given
from chalicelib.domain.playbook.checks.problem import Problem
from chalicelib.domain.playbook.checks.segments import circular_segments, unknown_segments
from chalicelib.domain.playbook.checks.times import steps_never_sent
from chalicelib.domain.playbook.playbook import Playbook

__all__ = ["Problem", "problems"]


def problems(playbook: Playbook) -> list[Problem]:
    """Return everything that is wrong between the parts of a playbook whose parts are right."""
    return [
        *doubles(playbook),
        *unknown_contents(playbook),
        *wrong_variables(playbook),
        *unknown_segments(playbook),
        *circular_segments(playbook),
        *keys_never_given(playbook),
        *steps_never_sent(playbook),
    ]
