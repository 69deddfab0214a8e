"""Notifications: push messages and e-mail digests, and the reason for each."""

from echosphere.notifications.digest import Digests
from echosphere.notifications.notify import Notifications
from echosphere.notifications.wiring import install

__all__ = [
    "Digests",
    "Notifications",
    "install",
]
