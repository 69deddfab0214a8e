"""The product's fixtures, for tests of the index beneath it."""

from tests.product.conftest import cast, running, server

__all__ = ["cast", "running", "server"]
