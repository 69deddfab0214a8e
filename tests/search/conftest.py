"""The product's fixtures, for tests of the index beneath it."""

from tests.product.conftest import cast, more_settings, running, server

__all__ = ["cast", "more_settings", "running", "server"]
