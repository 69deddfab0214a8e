"""One-time links that let people back into their accounts."""

from echosphere.recovery.reset import RESET_LIFETIME, issue_reset_link, reset_url
from echosphere.recovery.wiring import install

__all__ = ["RESET_LIFETIME", "install", "issue_reset_link", "reset_url"]
