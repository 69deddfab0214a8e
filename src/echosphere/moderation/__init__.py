"""Moderation: reports of users and messages, kept for those who run the server."""

from echosphere.moderation.operations import ModerationOperations

__all__ = ["ModerationOperations"]
