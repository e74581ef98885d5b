"""What is paid for by quantity, each with its smallest unit."""

LAMBDA_REQUESTS = "lambda_requests"  # invocations
LAMBDA_TIME = "lambda_mb_ms"  # milliseconds billed, by the function's memory in MB
WRITES, READS = "wru", "rru"  # thousandths of DynamoDB's units
SQS_REQUESTS = "sqs_requests"  # calls, and what Lambda's poller makes for an invocation
SCHEDULES = "scheduler_invocations"  # schedules made: each fires once
API_REQUESTS = "api_requests"
BYTES_OUT = "data_out_bytes"
LOG_BYTES = "log_bytes"  # of usage lines and reports, each with CloudWatch's 26 bytes
SSM_REQUESTS = "ssm_requests"  # free for standard parameters
WECOM_CALLS = "wecom_calls"  # free
OTHER_CALLS = "other_calls"  # of services that no price book knows, or that got no answer: never priced

COMPONENTS = (
    LAMBDA_REQUESTS,
    LAMBDA_TIME,
    WRITES,
    READS,
    SQS_REQUESTS,
    SCHEDULES,
    API_REQUESTS,
    BYTES_OUT,
    LOG_BYTES,
    SSM_REQUESTS,
    WECOM_CALLS,
    OTHER_CALLS,
)
