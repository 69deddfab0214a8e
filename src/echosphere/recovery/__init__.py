"""One-time links that let people back into their accounts."""

from echosphere.recovery.reset import make_reset_link, reset_url
from echosphere.recovery.wiring import install

__all__ = ["install", "make_reset_link", "reset_url"]
