"""Notifications: who is told of a message, how, and why."""

from echosphere.notifications.attention import Attention
from echosphere.notifications.contacts import ContactNotices
from echosphere.notifications.digest import Digests
from echosphere.notifications.live import forget_gone_devices
from echosphere.notifications.notify import Notifications
from echosphere.notifications.operations import NotificationsOperations
from echosphere.notifications.push import Pusher
from echosphere.notifications.unsubscribe import Unsubscribing
from echosphere.notifications.vapid import Vapid
from echosphere.notifications.web import UnsubscribePages

__all__ = [
    "Attention",
    "ContactNotices",
    "Digests",
    "Notifications",
    "NotificationsOperations",
    "Pusher",
    "UnsubscribePages",
    "Unsubscribing",
    "Vapid",
    "forget_gone_devices",
]
