"""Tells people what happened to the security of their account: in the app, and by mail."""

from echosphere.security_notices.wiring import install, record_events

__all__ = ["install", "record_events"]
