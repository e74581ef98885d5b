"""The whole loop: app.py's functions, the cloud's rules, the platform beside them."""

from tests.harness.fixtures import cloud, cloud_twice

__all__ = ["cloud", "cloud_twice"]
