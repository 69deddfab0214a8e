"""Changes a stored message: the only place where it gets a new version."""

from typing import Any

from echosphere.attachments import Attachment, attachments_of_messages
from echosphere.conversations import Access, audience_of, members_without_sight, raise_version
from echosphere.database import Snapshot, Transaction
from echosphere.messages import store
from echosphere.messages.events import MessageChanged, Visibility
from echosphere.messages.message import Message


def change_message(
    transaction: Transaction, access: Access, message: Message, **fields: Any
) -> Message:
    """Store changed fields of a message under the conversation's next version.

    The conversation must have been read for update in this transaction.
    """
    version = raise_version(transaction, access.conversation)
    changed = message._replace(version=version, **fields)
    store.update_message(transaction, changed)
    return changed


def announce_change(
    transaction: Transaction, access: Access, message: Message
) -> tuple[Attachment, ...]:
    """Announce a change other than an edit to the members; return the message's files."""
    files = attachments_of_message(transaction, message)
    transaction.announce(
        MessageChanged(message, files, visibility_of(transaction, access, message))
    )
    return files


def visibility_of(snapshot: Snapshot, access: Access, message: Message) -> Visibility:
    """Return which members may see an older message."""
    here, version = access.conversation.id, access.conversation.members_version
    bots = access.conversation.bots
    hidden_from = members_without_sight(snapshot, here, message.seq)
    if not hidden_from:
        return Visibility(version, bots=bots)
    visible_to = audience_of(snapshot, here)[1] - hidden_from
    return Visibility(version, visible_to, hidden_from, bots)


def attachments_of_message(snapshot: Snapshot, message: Message) -> tuple[Attachment, ...]:
    """Return the attachments of a message; no query if it has none."""
    if not message.files:
        return ()
    found = attachments_of_messages(snapshot, message.conversation, [message.seq])
    return tuple(found.get(message.seq, ()))
