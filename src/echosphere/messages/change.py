"""Changes a stored message: the one place where it gets a new version."""

from typing import Any

from echosphere.attachments import Attachment, attachments_of_messages
from echosphere.conversations import Access, audience_of, members_without_sight, raise_version
from echosphere.database import Snapshot, Transaction
from echosphere.messages import store
from echosphere.messages.events import MessageChanged, Sight
from echosphere.messages.message import Message


def change_message(
    transaction: Transaction, access: Access, message: Message, **fields: Any
) -> Message:
    """Store changed fields of a message under the conversation's next version.

    The conversation must have been read in this transaction, locked.
    """
    version = raise_version(transaction, access.conversation)
    changed = message._replace(version=version, **fields)
    store.change(transaction, changed)
    return changed


def announce_changed(
    transaction: Transaction, access: Access, message: Message
) -> tuple[Attachment, ...]:
    """Tell the members that something around a message's words changed; return its files."""
    files = files_of(transaction, message)
    transaction.announce(MessageChanged(message, files, sight_of(transaction, access, message)))
    return files


def sight_of(snapshot: Snapshot, access: Access, message: Message) -> Sight:
    """Return who of the members may see a message that was there before."""
    here, version = access.conversation.id, access.conversation.members_version
    blind = members_without_sight(snapshot, here, message.seq)
    if not blind:
        return Sight(version)
    return Sight(version, audience_of(snapshot, here)[1] - blind, blind)


def files_of(snapshot: Snapshot, message: Message) -> tuple[Attachment, ...]:
    """Return the attachments of one message; asks only if there are any."""
    if not message.files:
        return ()
    found = attachments_of_messages(snapshot, message.conversation, [message.seq])
    return tuple(found.get(message.seq, ()))
