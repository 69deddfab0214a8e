"""Notifications: who is told of a message, how, and why."""

from echosphere.notifications.digest import Digests
from echosphere.notifications.notify import Notifications
from echosphere.notifications.wiring import install

__all__ = [
    "Digests",
    "Notifications",
    "install",
]
