"""Sends changes of contacts, requests and blocks to the devices of the user they belong to."""

from collections.abc import Sequence

from echosphere.contacts.events import (
    BlockChanged,
    ContactChanged,
    ContactRemoved,
    ContactRequested,
    RequestSent,
    RequestWithdrawn,
    SentRequestClosed,
)
from echosphere.contacts.wire import (
    BlockEvent,
    ContactEvent,
    ContactRemovedEvent,
    RequestReceivedEvent,
    RequestSentEvent,
    RequestWithdrawnEvent,
    SentRequestClosedEvent,
)
from echosphere.realtime.delivery import FanOut, ToUser
from echosphere.wire import Shape


class ContactsLive:
    """Sends the event `contact`."""

    def serve(self, fan_out: FanOut) -> None:
        """Subscribe to what happens to contacts, requests and blocks."""
        fan_out.on(ContactRequested, request_received)
        fan_out.on(RequestWithdrawn, request_withdrawn)
        fan_out.on(RequestSent, request_sent)
        fan_out.on(SentRequestClosed, sent_request_closed)
        fan_out.on(ContactChanged, contact_changed)
        fan_out.on(ContactRemoved, contact_removed)
        fan_out.on(BlockChanged, block_changed)


def request_received(event: ContactRequested) -> Sequence[ToUser]:
    """Show a request to its receiver, if there is one."""
    return _to_user(event.user_id, RequestReceivedEvent(event.request)) if event.user_id else ()


def request_withdrawn(event: RequestWithdrawn) -> Sequence[ToUser]:
    """Remove a request from its receiver's devices."""
    return _to_user(event.user_id, RequestWithdrawnEvent(event.request))


def request_sent(event: RequestSent) -> Sequence[ToUser]:
    """Show a request on all devices of its sender."""
    return _to_user(event.user_id, RequestSentEvent(event.request))


def sent_request_closed(event: SentRequestClosed) -> Sequence[ToUser]:
    """Remove a request from its sender's devices."""
    return _to_user(event.user_id, SentRequestClosedEvent(event.request))


def contact_changed(event: ContactChanged) -> Sequence[ToUser]:
    """Show a contact as it is now."""
    accepted, invited = event.accepted is not None, event.accepted == "invite"
    return _to_user(event.user_id, ContactEvent(event.contact, accepted, invited))


def contact_removed(event: ContactRemoved) -> Sequence[ToUser]:
    """Remove a contact from a user's devices."""
    return _to_user(event.user_id, ContactRemovedEvent(event.removed))


def block_changed(event: BlockChanged) -> Sequence[ToUser]:
    """Show a block on all devices of the blocker; the blocked user is not told."""
    return _to_user(event.user_id, BlockEvent(event.other_id, event.on))


def _to_user(user_id: str, payload: Shape) -> Sequence[ToUser]:
    return (ToUser(user_id, "contact", payload),)
