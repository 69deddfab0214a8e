"""Shapes of webhooks on the wire."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from echosphere.webhooks.webhook import Webhook
from echosphere.wire import Id, Key, Request, Shape


class CreateWebhookCall(Request, frozen=True, kw_only=True):
    """A webhook to create; its name is the author's of what it posts."""

    conversation: Id
    name: Annotated[str, Meta(max_length=400)]
    key: Key | None = None


class WebhookCall(Request, frozen=True):
    """A webhook of a group."""

    conversation: Id
    webhook: Id


class WebhookShape(Shape, frozen=True):
    """A webhook; `url` is told once, to the user who created it."""

    id: str
    name: str
    created_by: str
    created_at: int
    last_used_at: int | None
    avatar_url: str | None
    url: str | UnsetType = UNSET


class OneWebhook(Shape, frozen=True):
    """An answer with one webhook."""

    webhook: WebhookShape


class Webhooks(Shape, frozen=True):
    """An answer with the webhooks of a group that can be used, the newest first."""

    webhooks: list[WebhookShape]


class PostedSeq(Shape, frozen=True):
    """Where a message stands in its conversation."""

    seq: int


class PostedByWebhook(Shape, frozen=True):
    """The answer to a post; no message if the body was an event that is not worth one."""

    message: PostedSeq | None
    ok: bool = True


def webhook_shape(webhook: Webhook, url: str | UnsetType = UNSET) -> WebhookShape:
    """Return a webhook as it crosses the wire."""
    return WebhookShape(
        webhook.id,
        webhook.name,
        webhook.created_by,
        webhook.created_at,
        webhook.last_used_at,
        webhook.avatar,
        url,
    )
