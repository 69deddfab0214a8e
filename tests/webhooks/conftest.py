"""The product's fixtures, for what programs post to webhooks."""

from tests.product.conftest import more_settings, running, server

__all__ = ["more_settings", "running", "server"]
