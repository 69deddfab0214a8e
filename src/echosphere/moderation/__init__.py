"""Moderation: reports of users and messages, kept for those who run the server."""

from echosphere.moderation.wiring import install

__all__ = ["install"]
