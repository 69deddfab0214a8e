"""The product's fixtures, for programs that come with a key."""

from tests.product.conftest import more_settings, running, server

__all__ = ["more_settings", "running", "server"]
