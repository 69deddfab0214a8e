"""The product's own fixtures, for faults of a server in the test's process."""

from tests.backup.conftest import elsewhere
from tests.product.conftest import cast, more_settings, running, server

__all__ = ["cast", "elsewhere", "more_settings", "running", "server"]
