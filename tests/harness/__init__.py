"""A deterministic stand-in for what the cloud does between our functions: streams, queues, schedules, and a clock.

docs/harness.md says what it reproduces, what it does not, and how a test uses it.
"""

from tests.harness.cloud import Cloud
from tests.harness.delivery import Delivery
from tests.harness.faults import Crash, Interruption
from tests.harness.invocation import Invocation
from tests.harness.limits import NotImitatedError, UndefinedInTheCloudError
from tests.harness.remote import Call
from tests.harness.run import StillBusyError

__all__ = [
    "Call",
    "Cloud",
    "Crash",
    "Delivery",
    "Interruption",
    "Invocation",
    "NotImitatedError",
    "StillBusyError",
    "UndefinedInTheCloudError",
]
