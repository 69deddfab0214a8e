"""Incoming webhooks: addresses to which programs send what is posted in one group."""

from echosphere.webhooks.wiring import install

__all__ = ["install"]
