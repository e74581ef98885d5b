"""The deployment that all tests belong to. Its settings stand before anything of Chaoxi is imported."""

import os

os.environ.update(
    {
        "STAGE": "test",
        "STACK": "chaoxi-test",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "ap-southeast-1",
        "AWS_REGION": "ap-southeast-1",
        "POWERTOOLS_METRICS_NAMESPACE": "Chaoxi",
    }
)


def pytest_addoption(parser):
    """Let `make prove` ask for all of what `make test` samples."""
    parser.addoption("--prove", action="store_true", help="prove in full what is otherwise sampled (takes much longer)")
