"""What people are told at once about their contacts."""

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
    RemovedEvent,
    RequestEvent,
    SentEvent,
    UnsentEvent,
    WithdrawnEvent,
)
from echosphere.realtime.delivery import FanOut, ToUser
from echosphere.wire import Shape


class ContactsLive:
    """Sends the event `contact`."""

    def serve(self, fan_out: FanOut) -> None:
        """Say what is sent to whom."""
        fan_out.on(ContactRequested, announce_request)
        fan_out.on(RequestWithdrawn, announce_withdrawal)
        fan_out.on(RequestSent, announce_sent)
        fan_out.on(SentRequestClosed, announce_unsent)
        fan_out.on(ContactChanged, announce_contact)
        fan_out.on(ContactRemoved, announce_removal)
        fan_out.on(BlockChanged, announce_block)


def announce_request(event: ContactRequested) -> Sequence[ToUser]:
    """Show a person a request that arrived."""
    return _contact(event.person, RequestEvent(event.request))


def announce_withdrawal(event: RequestWithdrawn) -> Sequence[ToUser]:
    """Take a request that waits no more from a person's devices."""
    return _contact(event.person, WithdrawnEvent(event.request))


def announce_sent(event: RequestSent) -> Sequence[ToUser]:
    """Show a person on all devices what they asked on one."""
    return _contact(event.person, SentEvent(event.request))


def announce_unsent(event: SentRequestClosed) -> Sequence[ToUser]:
    """Take a request that was accepted or taken back from the devices of who sent it."""
    return _contact(event.person, UnsentEvent(event.request))


def announce_contact(event: ContactChanged) -> Sequence[ToUser]:
    """Show a person a contact as it is now."""
    return _contact(event.person, ContactEvent(event.contact, event.accepted))


def announce_removal(event: ContactRemoved) -> Sequence[ToUser]:
    """Take somebody from a person's contacts."""
    return _contact(event.person, RemovedEvent(event.removed))


def announce_block(event: BlockChanged) -> Sequence[ToUser]:
    """Show a person on all devices whom they have blocked; whoever is blocked is not told."""
    return _contact(event.person, BlockEvent(event.other, event.on))


def _contact(person: str, payload: Shape) -> Sequence[ToUser]:
    return (ToUser(person, "contact", payload),)
