"""The product's fixtures, and a group with people around it."""

from tests.bots.conftest import group, more_settings, running, server

__all__ = ["group", "more_settings", "running", "server"]
