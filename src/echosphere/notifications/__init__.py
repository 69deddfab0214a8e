"""Notifications: who is told of a message, how, and why."""

from echosphere.notifications.attention import Attention
from echosphere.notifications.contacts import ContactNotifications
from echosphere.notifications.digest import Digests
from echosphere.notifications.live import forget_disconnected_devices
from echosphere.notifications.notify import Notifications
from echosphere.notifications.operations import NotificationsOperations
from echosphere.notifications.push import PushSender
from echosphere.notifications.unsubscribe import UnsubscribeLinks
from echosphere.notifications.vapid import Vapid
from echosphere.notifications.web import UnsubscribePages

__all__ = [
    "Attention",
    "ContactNotifications",
    "Digests",
    "Notifications",
    "NotificationsOperations",
    "PushSender",
    "UnsubscribeLinks",
    "UnsubscribePages",
    "Vapid",
    "forget_disconnected_devices",
]
