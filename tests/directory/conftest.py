"""The product's fixtures, for what people do over both doors."""

from tests.product.conftest import more_settings, running, server

__all__ = ["more_settings", "running", "server"]
