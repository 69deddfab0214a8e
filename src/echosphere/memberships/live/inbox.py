"""What is sent when something changed in a person's conversations."""

from collections.abc import Mapping, Sequence

from msgspec import UNSET

from echosphere.accounts import User, limited_profile
from echosphere.conversations import ConversationStarted, member_shapes
from echosphere.database import Database
from echosphere.memberships.inbox.events import MentionsChanged, OwnChanged, ReceiptGiven
from echosphere.memberships.inbox.unread_recount import Recounting
from echosphere.memberships.receipts.receipt_batch import Collected, Positions
from echosphere.memberships.receipts.recipients import receivers_of_collected
from echosphere.memberships.wire.inbox import (
    Receipt,
    ReceiptEvent,
    ReceiptsEvent,
    conversation_event,
    own_shape,
)
from echosphere.realtime.delivery import FanOut, ToMembers, ToUser


class InboxLive:
    """Sends the events `conversation`, `receipt`, `receipts` and `own`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._collected = Collected(self._send)

    def serve(self, fan_out: FanOut) -> None:
        """Say what is sent to whom."""
        fan_out.on(ConversationStarted, started)
        fan_out.on(ReceiptGiven, receipt)
        fan_out.listen(ReceiptGiven, self._collected.add)
        fan_out.listen(MentionsChanged, Recounting(self._database, fan_out.online_users).add)
        self._fan_out = fan_out
        fan_out.on(OwnChanged, own_changed)

    async def _send(self, conversation: str, kept: Mapping[str, Positions]) -> None:
        """Send what was collected in a larger group, to those who may see it by now."""
        furthest = max(positions.read_seq for positions in kept.values())
        found = await self._database.read(
            receivers_of_collected, conversation, furthest, frozenset(kept)
        )
        told = [_receipts(conversation, found.members_version, kept, found.people)]
        for viewer, apart in found.apart.items():
            some = {one: kept[one] for one in kept if one not in apart}
            if some:
                only = frozenset({viewer})
                told.append(_receipts(conversation, found.members_version, some, only))
        self._fan_out.send(told)


def started(event: ConversationStarted) -> Sequence[ToMembers]:
    """Tell the members that they can talk now."""
    if not event.blocked_pairs:
        return (_started(event, event.users, None),)
    others = frozenset(event.users) - event.blocked_pairs.keys()
    told = [_started(event, event.users, others)]
    for viewer, apart in event.blocked_pairs.items():
        faces = {one: limited_profile(event.users[one]) for one in apart}
        told.append(_started(event, event.users | faces, frozenset({viewer})))
    return told


def _started(
    event: ConversationStarted, users: dict[str, User], only: frozenset[str] | None
) -> ToMembers:
    conversation = event.conversation
    payload = conversation_event(conversation, member_shapes(event.members, users))
    version = conversation.members_version
    return ToMembers(conversation.id, version, "conversation", payload, only)


def receipt(event: ReceiptGiven) -> Sequence[ToMembers]:
    """Show those who may see it how far somebody has come; in larger groups it is collected."""
    if not event.receivers.at_once:
        return ()
    payload = ReceiptEvent(
        conversation=event.conversation,
        user=event.person,
        read_seq=UNSET if event.read_seq is None else event.read_seq,
        delivered_seq=UNSET if event.delivered_seq is None else event.delivered_seq,
    )
    version, people = event.members_version, event.receivers.people
    return (ToMembers(event.conversation, version, "receipt", payload, people),)


def _receipts(
    conversation: str, version: int, kept: Mapping[str, Positions], only: frozenset[str]
) -> ToMembers:
    payload = ReceiptsEvent(conversation, [_receipt(*one) for one in kept.items()])
    return ToMembers(conversation, version, "receipts", payload, only)


def _receipt(user: str, positions: Positions) -> Receipt:
    return Receipt(
        user=user,
        read_seq=positions.read_seq or UNSET,
        delivered_seq=positions.delivered_seq or UNSET,
    )


def own_changed(event: OwnChanged) -> Sequence[ToUser]:
    """Keep a person's other devices equal."""
    return (ToUser(event.person, "own", own_shape(event.entry)),)
