"""Presence: who is online and who is typing; kept in memory, sent to connected users."""

from echosphere.presence.live import PresenceLive
from echosphere.presence.wiring import install

__all__ = ["PresenceLive", "install"]
