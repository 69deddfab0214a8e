"""Forwards a message to other conversations: a copy by the actor, marked as forwarded."""

from collections.abc import Sequence
from typing import NamedTuple

from echosphere.conversations import access_conversation, access_for_update, allocate_seq
from echosphere.core.errors import Forbidden, Invalid
from echosphere.database import Command, Snapshot, Transaction
from echosphere.messages import store
from echosphere.messages.access import access_message_for_update, require_not_blocked
from echosphere.messages.change import attachments_of_message
from echosphere.messages.events import MessagePosted
from echosphere.messages.message import Message, require_not_deleted
from echosphere.messages.parts import MessageText, copy_fields, copy_parts, search_lines
from echosphere.messages.post import Posted, find_posted
from echosphere.messages.posting_rules import expiry_of, note_post, require_may_post
from echosphere.messages.word_filter import is_filtered, is_held

MAX_TARGETS = 20
FILTERED = "The word filter of this group holds this message. Write it there yourself."


class Target(NamedTuple):
    """A conversation that a message is forwarded to, and the key of the new message."""

    conversation: str
    key: str


class ForwardMessage(Command[list[Posted]], lane="conversation", own_transaction=True):
    """Copy a message to all of these conversations or to none; idempotent by the keys.

    Each part of the message says what of it goes along.

    Raises:
        NotFound: The actor cannot see the message, or is not a member of a target.
        Gone: It was deleted.
        Forbidden: It is a system message, one of two users of a target has blocked the other, or
            only the admins of a target post, or its filter would hold the message.
        TooMany: The actor must wait in a target with slow mode.
        Invalid: A conversation is named twice.
    """

    conversation: str
    seq: int
    actor: str
    to: Sequence[Target]

    def run(self, transaction: Transaction) -> list[Posted]:
        """Copy it; return the copies in the order of the targets."""
        if len({target.conversation for target in self.to}) != len(self.to):
            problem = "names a conversation twice"
            raise Invalid(f"The list of targets {problem}.", fields={"to": problem})
        # All transactions lock conversations in the same order, so that they cannot deadlock.
        for target_id in sorted({self.conversation, *(target.conversation for target in self.to)}):
            access_for_update(transaction, self.actor, target_id)
        existing = {target: find_posted(transaction, self.actor, *target) for target in self.to}
        if all(existing.values()):
            return [posted for posted in existing.values() if posted is not None]
        _, source = access_message_for_update(transaction, self.actor, self.conversation, self.seq)
        require_not_deleted(source)
        return [
            posted or _copy(transaction, self.actor, source, one)
            for one, posted in existing.items()
        ]


def _copy(transaction: Transaction, actor: str, source: Message, target: Target) -> Posted:
    access = access_conversation(transaction, actor, target.conversation)
    require_not_blocked(transaction, access)
    require_may_post(access, transaction.now)
    if is_filtered(access) and is_held(access, source.body, _lines(transaction, source)):
        raise Forbidden(FILTERED)
    note_post(transaction, access)
    seq = allocate_seq(transaction, access.conversation)
    message = Message(
        conversation=target.conversation,
        seq=seq,
        version=seq,
        author=actor,
        key=target.key,
        body=source.body,
        created_at=transaction.now,
        forwarded=True,
        expires_at=expiry_of(access, transaction.now),
    )
    message = copy_fields(source, message)
    store.insert_message(transaction, message)
    copy_parts(transaction, source, message)
    files = attachments_of_message(transaction, message)
    transaction.announce(MessagePosted(message, files, access.conversation.members_version))
    return Posted(message, files, new=True)


def _lines(snapshot: Snapshot, source: Message) -> Sequence[str]:
    """Return what can be read of a message beside its text, such as the names of its files."""
    text = MessageText.of(source)
    return search_lines(snapshot, [text]).get(text[:2], ())
