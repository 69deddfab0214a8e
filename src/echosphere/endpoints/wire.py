"""Shapes of endpoints on the wire."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType, field

from echosphere.endpoints.deliveries import DeliveriesPage
from echosphere.endpoints.endpoint import MAX_CONVERSATIONS, Delivery, Endpoint
from echosphere.wire import Id, Key, Request, Shape

Url = Annotated[str, Meta(min_length=1, max_length=2_000)]
Types = Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(max_length=40)]
Conversations = Annotated[list[Id], Meta(max_length=MAX_CONVERSATIONS)]


class CreateEndpointCall(Request, frozen=True, kw_only=True):
    """An endpoint to create; without `conversations`, events of all are sent."""

    bot: Id
    url: Url
    types: Types
    conversations: Conversations = field(default_factory=list)
    key: Key | None = None


class BotEndpointsCall(Request, frozen=True):
    """A bot of the caller, whose endpoints are asked for."""

    bot: Id


class EndpointCall(Request, frozen=True):
    """An endpoint of a bot of the caller."""

    bot: Id
    bot_endpoint: Id


class EndpointKeyCall(Request, frozen=True, kw_only=True):
    """An endpoint of a bot of the caller, and the key of something that is done once."""

    bot: Id
    bot_endpoint: Id
    key: Key | None = None


class ChangeEndpointCall(Request, frozen=True):
    """Changes of an endpoint; absent fields stay as they are, no `conversations` mean all."""

    bot: Id
    bot_endpoint: Id
    url: Url | UnsetType = UNSET
    types: Types | UnsetType = UNSET
    conversations: Conversations | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET


class DeliveriesCall(Request, frozen=True):
    """What was sent to an endpoint, before a delivery if one is named."""

    bot: Id
    bot_endpoint: Id
    before: Id | None = None


class DeliveryCall(Request, frozen=True):
    """A delivery to an endpoint of a bot of the caller."""

    bot: Id
    bot_endpoint: Id
    delivery: Id


class EndpointShape(Shape, frozen=True):
    """An endpoint, without its secret.

    `state` is `working`, `failing` (since `failing_since`) or `disabled`, then `disabled` says why:
    `owner`, `gone`, `failing`, `secret` or `password`. Until `previous_until` the secret before signs
    as well.
    """

    id: str
    url: str
    types: list[str]
    conversations: list[str]
    created_at: int
    state: str
    failing_since: int | None
    paused_until: int | None
    disabled: str | None
    previous_until: int | None


class OneEndpoint(Shape, frozen=True):
    """An answer with one endpoint."""

    endpoint: EndpointShape


class EndpointWithSecret(Shape, frozen=True):
    """An endpoint with a new secret, which is told in this answer only."""

    endpoint: EndpointShape
    secret: str


class Endpoints(Shape, frozen=True):
    """The endpoints of a bot, the newest first, and the conversations from which it can send."""

    endpoints: list[EndpointShape]
    conversations: list[str]


class DeliveryShape(Shape, frozen=True):
    """An event on its way to an endpoint.

    `state` is `waiting` (until `next_at`), `delivered` or `failed`; `error` says what went wrong the
    last time, by a word, and `answer` how the answer began.
    """

    id: str
    event: str
    type: str
    conversation: str | None
    created_at: int
    state: str
    attempts: int
    tried_at: int | None
    status: int | None
    error: str
    answer: str
    duration: int | None
    next_at: int | None
    reply: int | None


class OneDelivery(Shape, frozen=True):
    """An answer with one delivery."""

    delivery: DeliveryShape


class Deliveries(Shape, frozen=True):
    """Deliveries, the newest first, and whether there are more."""

    deliveries: list[DeliveryShape]
    more: bool


def endpoint_shape(endpoint: Endpoint, now: int) -> EndpointShape:
    """Return an endpoint as its owner sees it at a time in milliseconds."""
    state = "working" if endpoint.failing_since is None else "failing"
    paused, previous = endpoint.paused_until, endpoint.previous_until
    return EndpointShape(
        id=endpoint.id,
        url=endpoint.url,
        types=sorted(endpoint.types),
        conversations=list(endpoint.conversations),
        created_at=endpoint.created_at,
        state=state if endpoint.disabled_at is None else "disabled",
        failing_since=endpoint.failing_since,
        paused_until=None if paused is None or paused <= now else paused,
        disabled=endpoint.disabled_why,
        previous_until=None if previous is None or previous <= now else previous,
    )


def delivery_shape(delivery: Delivery) -> DeliveryShape:
    """Return a delivery as it crosses the wire."""
    return DeliveryShape(
        id=delivery.id,
        event=delivery.event,
        type=delivery.type,
        conversation=delivery.conversation,
        created_at=delivery.created_at,
        state=delivery.state,
        attempts=delivery.attempts,
        tried_at=delivery.tried_at,
        status=delivery.status,
        error=delivery.error,
        answer=delivery.answer,
        duration=delivery.duration,
        next_at=delivery.next_at,
        reply=delivery.reply_seq,
    )


def deliveries_shape(page: DeliveriesPage) -> Deliveries:
    """Return a page of deliveries as it crosses the wire."""
    return Deliveries([delivery_shape(one) for one in page.deliveries], page.more)
