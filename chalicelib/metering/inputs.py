"""What may come twice, by kind: where it is known again, it is counted as dropped, else as taken.

`callback` and `event` are what others send us, and their ratio says whether a sender misbehaves. The other kinds are
the cloud's second deliveries and our own repetitions after a crash: they are not input, and are counted apart from it.
"""

from typing import Literal

from chalicelib.metering.meter import dropped, taken

Kind = Literal[
    "callback",  # an event that WeChat reports
    "event",  # an event that an integrator sends
    "stream_record",  # a behaviour on its way into its customer
    "welcome",  # a welcome, by its code
    "schedule",  # a one-shot wake-up, by its name
    "gathering",  # the wake-up of a batch, which all its pushes ask for and one sets
    "step",  # the wake-up of a step, by the enrolment's version
    "push",  # a step's push
    "batch_message",  # the wake-up of a batch
    "poll",  # the wake-up that asks for a group-send's results
    "timer",  # a span of time that is over
    "report",  # a behaviour that we tell of ourselves: a push's fate, a contact that was read
]


def noted(kind: Kind, is_new: bool, key: str) -> bool:
    """Count an input as taken, or as dropped with its key for a sample; return whether it is new."""
    if is_new:
        taken(kind)
    else:
        dropped(kind, key)
    return is_new
