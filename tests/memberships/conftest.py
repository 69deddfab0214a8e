"""The product's fixtures, for what people do over both doors."""

from tests.product.conftest import another_owner, cast, more_settings, running, server

__all__ = ["another_owner", "cast", "more_settings", "running", "server"]
