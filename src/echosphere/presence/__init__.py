"""Presence: who is here, who is typing; in memory, told to those around, never stored."""

from echosphere.presence.live import PresenceLive
from echosphere.presence.operations import presence_operations

__all__ = ["PresenceLive", "presence_operations"]
