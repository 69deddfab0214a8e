"""Shapes of notifications on the wire."""

from typing import Annotated

from msgspec import Meta

from echosphere.wire import Id, Request, Shape

Base64Url = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,200}={0,2}\Z")]


class PushKeys(Request, frozen=True):
    """What the browser's `PushSubscription.toJSON()` has under `keys`."""

    p256dh: Base64Url
    auth: Base64Url


class Subscribe(Request, frozen=True):
    """The body of `POST /notifications/subscriptions`."""

    endpoint: Annotated[str, Meta(min_length=1, max_length=1_000)]
    keys: PushKeys


class SubscriptionCall(Request, frozen=True):
    """Which subscription is meant."""

    subscription: Id


class AttentionCall(Request, frozen=True):
    """The argument of `attention`."""

    conversation: Id | None


class PublicKey(Shape, frozen=True):
    """The key that a browser subscribes with."""

    key: str


class SubscriptionShape(Shape, frozen=True):
    """A subscription, as the one who made it sees it."""

    id: str


class OneSubscription(Shape, frozen=True):
    """An answer with one subscription."""

    subscription: SubscriptionShape


class NotificationShape(Shape, frozen=True):
    """Whether the caller was notified of a message, why or why not, and when that was decided."""

    notified: bool
    reason: str
    at: int | None


class OneNotification(Shape, frozen=True):
    """An answer with one decision."""

    notification: NotificationShape
