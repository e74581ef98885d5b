"""The one Logger and the one Metrics of a function.

Neither ever sees a payload: logs carry keys and reasons, metrics carry counts.
"""

import warnings

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from chalicelib.config import stack_name

# An invocation that has nothing to count is an ordinary one.
warnings.filterwarnings("ignore", message="No application metrics to publish")

# Both are named after the stack, so that two stacks in one account can be told apart.
logger = Logger(service=stack_name())
metrics = Metrics(namespace="Chaoxi", service=stack_name())


def count(name: str, amount: int = 1) -> None:
    """Add to a counter of the function's metrics."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=amount)
