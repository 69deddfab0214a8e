"""The product's own fixtures, for faults of a server in the test's process."""

from tests.product.conftest import cast, more_settings, running, server

__all__ = ["cast", "more_settings", "running", "server"]
