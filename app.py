"""Every trigger of Chaoxi, one line each, and the only Chalice object.

infra/template.yaml adds what Chalice cannot say: the real streams and queues, filters, retries, failure queues.
"""

from importlib import import_module
from typing import Any, cast

from chalice.app import Chalice, ConvertToMiddleware, DynamoDBEvent, Request, Response, SQSEvent

from chalicelib.config import lambda_handler
from chalicelib.metering import meter_invocation
from chalicelib.observability import logger, metrics

MERGED = "arn:merged-by-template"
ANY = ["*/*"]  # WeChat may leave the content type out, and Chalice would then answer 415.

# Each trigger and the handler modules that it runs. All routes are one function: app.app.
HANDLERS = {
    "app": ("wechat_http", "tracking_http"),
    "behaviour_recorded": ("behaviour_stream",),
    "customer_followed": ("follow_stream",),
    "customer_changed": ("customer_stream",),
    "enrolment_changed": ("enrolment_stream",),
    "step_due": ("step_queue",),
    "pushes_planned": ("push_queue",),
    "results_due": ("result_queue",),
    "timer_due": ("timer_queue",),
    "usage_logged": ("usage_logs",),
}

# What the API's function runs now and then: imported when it is asked for, so that callbacks do not pay for it.
SELDOM = ("costs_http",)

app = Chalice(app_name="chaoxi", configure_logs=False)
app.register_middleware(meter_invocation)  # the outermost: it measures the others too
app.register_middleware(ConvertToMiddleware(logger.inject_lambda_context(clear_state=True)))
app.register_middleware(ConvertToMiddleware(metrics.log_metrics(capture_cold_start_metric=False)))


def handler(module: str) -> Any:
    """Import a handler module when it is needed: no function loads the path of another."""
    return import_module(f"chalicelib.handlers.{module}")


def request() -> Request:
    """Return the request that is being answered; Chalice sets it before it calls a route."""
    return cast(Request, app.current_request)


def respond(answer: Any) -> Response:
    """Turn a handler's Answer into Chalice's response."""
    return Response(body=answer.body, status_code=answer.status, headers=dict(answer.headers))


@app.route("/wechat/{account}", methods=["GET"], content_types=ANY)
def callback_verified(account: str) -> Response:
    return respond(handler("wechat_http").verify(account, dict(request().query_params or {})))


@app.route("/wechat/{account}", methods=["POST"], content_types=ANY)
def callback_received(account: str) -> Response:
    query = dict(request().query_params or {})
    return respond(handler("wechat_http").receive(account, query, request().raw_body))


def tracked(kind: str) -> Response:
    """Hand one call of the tracking API to its handler, whose body may be gzipped."""
    return respond(handler("tracking_http").receive(kind, dict(request().headers), request().raw_body))


@app.route("/v1/track", methods=["POST"], content_types=ANY)
def track_received() -> Response:
    return tracked("track")


@app.route("/v1/identify", methods=["POST"], content_types=ANY)
def identify_received() -> Response:
    return tracked("identify")


@app.route("/v1/page", methods=["POST"], content_types=ANY)
def page_received() -> Response:
    return tracked("page")


@app.route("/v1/group", methods=["POST"], content_types=ANY)
def group_received() -> Response:
    return tracked("group")


@app.route("/v1/alias", methods=["POST"], content_types=ANY)
def alias_received() -> Response:
    return tracked("alias")


@app.route("/v1/batch", methods=["POST"], content_types=ANY)
def batch_received() -> Response:
    return tracked("batch")


@app.route("/v1/costs", methods=["GET"], content_types=ANY)
def costs_asked() -> Response:
    return respond(handler("costs_http").receive(dict(request().headers), dict(request().query_params or {})))


@app.on_dynamodb_record(stream_arn=MERGED, batch_size=100, name="tag")
def behaviour_recorded(event: DynamoDBEvent) -> Any:
    return handler("behaviour_stream").handle(event.to_dict())


@app.on_dynamodb_record(stream_arn=MERGED, batch_size=10, name="greet")
def customer_followed(event: DynamoDBEvent) -> Any:
    return handler("follow_stream").handle(event.to_dict())


@app.on_dynamodb_record(stream_arn=MERGED, batch_size=50, name="move")
def customer_changed(event: DynamoDBEvent) -> Any:
    return handler("customer_stream").handle(event.to_dict())


@app.on_dynamodb_record(stream_arn=MERGED, batch_size=50, name="schedule")
def enrolment_changed(event: DynamoDBEvent) -> Any:
    return handler("enrolment_stream").handle(event.to_dict())


@app.on_sqs_message(queue_arn=MERGED, batch_size=10, name="run_step")
def step_due(event: SQSEvent) -> Any:
    return handler("step_queue").handle(event.to_dict())


@app.on_sqs_message(queue_arn=MERGED, batch_size=1, name="deliver")
def pushes_planned(event: SQSEvent) -> Any:
    return handler("push_queue").handle(event.to_dict())


@app.on_sqs_message(queue_arn=MERGED, batch_size=1, name="collect")
def results_due(event: SQSEvent) -> Any:
    return handler("result_queue").handle(event.to_dict())


@app.on_sqs_message(queue_arn=MERGED, batch_size=10, name="pass_time")
def timer_due(event: SQSEvent) -> Any:
    return handler("timer_queue").handle(event.to_dict())


@app.lambda_function(name="book")
def usage_logged(event: dict[str, Any], _context: Any) -> None:
    handler("usage_logs").handle(event)


# INIT runs at full speed and the first invocation does not, so what this function will run is imported here.
for module in HANDLERS.get((lambda_handler() or "").removeprefix("app."), ()):
    handler(module)
if lambda_handler():
    import_module("chalicelib.models.row").connect()
