"""The events sent when a user's conversations or receipts change."""

from collections.abc import Mapping, Sequence

from msgspec import UNSET

from echosphere.accounts import User, limited_profile
from echosphere.conversations import ConversationStarted, member_shapes
from echosphere.database import Database
from echosphere.memberships.inbox.events import MemberSettingsChanged, MentionsChanged
from echosphere.memberships.inbox.unread_recount import UnreadRecounter
from echosphere.memberships.receipts.events import ReceiptGiven
from echosphere.memberships.receipts.receipt_batch import ReceiptBatcher, ReceiptPositions
from echosphere.memberships.receipts.recipients import batch_recipients
from echosphere.memberships.wire.conversations import conversation_event, member_settings_event
from echosphere.memberships.wire.receipts import Receipt, ReceiptEvent, ReceiptsEvent
from echosphere.realtime.delivery import FanOut, ToMembers, ToUser


class InboxLive:
    """Sends the events `conversation`, `receipt`, `receipts` and `own`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._batcher = ReceiptBatcher(self._send)

    def serve(self, fan_out: FanOut) -> None:
        """Register the events."""
        fan_out.on(ConversationStarted, conversation_started)
        fan_out.on(ReceiptGiven, receipt_given)
        fan_out.listen(ReceiptGiven, self._batcher.add)
        recounter = UnreadRecounter(self._database, fan_out.online_users)
        fan_out.listen_everywhere(MentionsChanged, recounter.add)
        self._fan_out = fan_out
        fan_out.on(MemberSettingsChanged, member_settings_changed)

    async def _send(self, conversation: str, positions: Mapping[str, ReceiptPositions]) -> None:
        """Send a batch of receipts to the members who may see it now."""
        furthest = max(one.read_seq for one in positions.values())
        found = await self._database.read(
            batch_recipients, conversation, furthest, frozenset(positions)
        )
        deliveries = [_receipts(conversation, found.members_version, positions, found.user_ids)]
        for viewer, blocked in found.blocked.items():
            some = {one: positions[one] for one in positions if one not in blocked}
            if some:
                only = frozenset({viewer})
                deliveries.append(_receipts(conversation, found.members_version, some, only))
        self._fan_out.send(deliveries)


def conversation_started(event: ConversationStarted) -> Sequence[ToMembers]:
    """Send a new conversation to its members."""
    if not event.blocked_pairs:
        return (_started_event(event, event.users, None),)
    others = frozenset(event.users) - event.blocked_pairs.keys()
    deliveries = [_started_event(event, event.users, others)]
    for viewer, blocked in event.blocked_pairs.items():
        limited = {one: limited_profile(event.users[one]) for one in blocked}
        deliveries.append(_started_event(event, event.users | limited, frozenset({viewer})))
    return deliveries


def _started_event(
    event: ConversationStarted, users: dict[str, User], only: frozenset[str] | None
) -> ToMembers:
    conversation = event.conversation
    payload = conversation_event(conversation, member_shapes(event.members, users))
    version = conversation.members_version
    return ToMembers(conversation.id, version, "conversation", payload, only)


def receipt_given(event: ReceiptGiven) -> Sequence[ToMembers]:
    """Send a receipt to those who may see it, unless it is batched."""
    if not event.recipients.immediate:
        return ()
    payload = ReceiptEvent(
        conversation=event.conversation,
        user=event.user_id,
        read_seq=UNSET if event.read_seq is None else event.read_seq,
        delivered_seq=UNSET if event.delivered_seq is None else event.delivered_seq,
    )
    version, user_ids = event.members_version, event.recipients.user_ids
    return (ToMembers(event.conversation, version, "receipt", payload, user_ids),)


def _receipts(
    conversation: str, version: int, positions: Mapping[str, ReceiptPositions], only: frozenset[str]
) -> ToMembers:
    payload = ReceiptsEvent(conversation, [_receipt(*one) for one in positions.items()])
    return ToMembers(conversation, version, "receipts", payload, only)


def _receipt(user: str, positions: ReceiptPositions) -> Receipt:
    return Receipt(
        user=user,
        read_seq=positions.read_seq or UNSET,
        delivered_seq=positions.delivered_seq or UNSET,
    )


def member_settings_changed(event: MemberSettingsChanged) -> Sequence[ToUser]:
    """Send the user's settings and counts to their devices."""
    return (ToUser(event.user_id, "own", member_settings_event(event.entry)),)
