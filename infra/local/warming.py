"""Start every function before it is needed.

The emulator takes the batches of all streams one after another, so one function's start would hold up the others.
"""

import base64
import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from urllib3 import HTTPConnectionPool

from infra.failure import Failure

TOGETHER = 2
CLIENTS = 3  # as many at once find a worker of the API ready
NO_LINES = {"messageType": "CONTROL_MESSAGE", "logGroup": "", "logStream": "", "logEvents": []}


def warm_up(functions: Any, api_url: str) -> None:
    """Give each function an empty batch, and the API a question about an account that does not exist.

    Raises Failure for a function that does not start.
    """
    pages = functions.get_paginator("list_functions").paginate()
    names = [each["FunctionName"] for page in pages for each in page["Functions"] if each["Handler"] != "app.app"]
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(ask, [api_url] * CLIENTS))
    with ThreadPoolExecutor(TOGETHER) as pool:
        list(pool.map(lambda name: wake(functions, name), names))


def wake(functions: Any, name: str) -> None:
    """Invoke a function with an empty batch, of records or of log lines."""
    packed = base64.b64encode(gzip.compress(json.dumps(NO_LINES).encode())).decode()
    nothing = {"Records": [], "awslogs": {"data": packed}}
    answer = functions.invoke(FunctionName=name, Payload=json.dumps(nothing).encode())
    if "FunctionError" in answer:
        raise Failure(f"function {name} does not start: {answer['Payload'].read().decode()[:300]}")


def ask(api_url: str) -> None:
    """Ask the API for something that is not there."""
    place = urlsplit(api_url)
    with HTTPConnectionPool(str(place.hostname), place.port, timeout=60) as pool:
        status = pool.request("GET", f"{place.path}/wechat/nobody", retries=False).status
    if status >= 500:
        raise Failure(f"the API answers {status} to its first request")
