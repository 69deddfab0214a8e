"""The product's fixtures, for what people do over both doors."""

from tests.product.conftest import cast, more_settings, running, server

__all__ = ["cast", "more_settings", "running", "server"]
