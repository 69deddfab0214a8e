"""Tells people what happened to the security of their account: in the app, and by mail."""

from echosphere.security_notices.wiring import install

__all__ = ["install"]
