"""Presence: who is online and who is typing; kept in memory, sent to connected users."""

from echosphere.presence.live import PresenceLive
from echosphere.presence.operations import presence_operations

__all__ = ["PresenceLive", "presence_operations"]
