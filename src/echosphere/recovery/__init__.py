"""One-time links that let people back into their accounts."""

from echosphere.recovery.reset import MakeResetLink, make_reset_link, reset_url
from echosphere.recovery.wiring import install

__all__ = ["MakeResetLink", "install", "make_reset_link", "reset_url"]
