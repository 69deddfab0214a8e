"""Notifications: who is told of a message, how, and why."""

from echosphere.notifications.attention import Attention
from echosphere.notifications.contacts import ContactNotices
from echosphere.notifications.digest import Digests
from echosphere.notifications.live import NotificationsLive
from echosphere.notifications.notify import Notifications
from echosphere.notifications.push import Pusher
from echosphere.notifications.unsubscribe import Unsubscribing
from echosphere.notifications.vapid import Vapid
from echosphere.notifications.web import NotificationsApi, UnsubscribePages

__all__ = [
    "Attention",
    "ContactNotices",
    "Digests",
    "Notifications",
    "NotificationsApi",
    "NotificationsLive",
    "Pusher",
    "UnsubscribePages",
    "Unsubscribing",
    "Vapid",
]
