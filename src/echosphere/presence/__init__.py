"""Presence: who is here, who is typing; in memory, told to those around, never stored."""

from echosphere.presence.live import PresenceLive
from echosphere.presence.web import PresenceApi

__all__ = ["PresenceApi", "PresenceLive"]
