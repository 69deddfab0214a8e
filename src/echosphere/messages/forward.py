"""Forwards a message to other conversations, as somebody's own message that says so."""

from collections.abc import Sequence
from typing import NamedTuple

from echosphere.attachments import Attachment, copy_attachments
from echosphere.conversations import access_conversation, access_for_update, allocate_seq
from echosphere.core.errors import Invalid
from echosphere.database import Transaction, alone
from echosphere.messages import store
from echosphere.messages.access import access_message_to_change, require_not_blocked
from echosphere.messages.events import MessagePosted
from echosphere.messages.message import Message, require_not_deleted
from echosphere.messages.post import Posted, find_posted

MAX_TARGETS = 20


class Target(NamedTuple):
    """Where a message is to be forwarded to, and the key of the new message there."""

    conversation: str
    key: str


@alone
def forward_message(
    transaction: Transaction, actor: str, conversation: str, seq: int, to: Sequence[Target]
) -> list[Posted]:
    """Copy a message to all of these conversations or to none; a repeat of a key copies nothing.

    Files are not copied: the new rows share the stored bytes. Mentions become plain text.

    Raises:
        NotFound: The person cannot see such a message, or is no member of a target.
        Gone: It was deleted.
        Forbidden: A system line, or a block between the two people of a target.
        Invalid: A conversation is named twice.
    """
    if len({target.conversation for target in to}) != len(to):
        problem = "names a conversation twice"
        raise Invalid(f"The list of targets {problem}.", fields={"to": problem})
    # Everybody locks conversations in the same order: two who forward across never wait in a ring.
    for place in sorted({conversation, *(target.conversation for target in to)}):
        access_for_update(transaction, actor, place)
    known = {target: find_posted(transaction, actor, *target) for target in to}
    if all(known.values()):
        return [posted for posted in known.values() if posted is not None]
    _, source = access_message_to_change(transaction, actor, conversation, seq)
    require_not_deleted(source)
    return [posted or _copy(transaction, actor, source, one) for one, posted in known.items()]


def _copy(transaction: Transaction, actor: str, source: Message, target: Target) -> Posted:
    access = access_conversation(transaction, actor, target.conversation)
    require_not_blocked(transaction, access)
    seq = allocate_seq(transaction, access.conversation)
    message = Message(
        conversation=target.conversation,
        seq=seq,
        version=seq,
        author=actor,
        key=target.key,
        body=source.body,
        created_at=transaction.now,
        files=source.files,
        forwarded=True,
    )
    store.insert_message(transaction, message)
    files: tuple[Attachment, ...] = ()
    if source.files:
        files = copy_attachments(
            transaction, actor, (source.conversation, source.seq), (target.conversation, seq)
        )
    transaction.announce(MessagePosted(message, files, access.conversation.members_version))
    return Posted(message, files, new=True)
