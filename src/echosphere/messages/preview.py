"""Sets and removes the link preview of a message."""

from collections.abc import Mapping
from typing import Any

import msgspec

from echosphere.conversations import access_for_update
from echosphere.core.errors import NotFound
from echosphere.database import Command, Transaction
from echosphere.messages import store
from echosphere.messages.access import access_message_for_update
from echosphere.messages.change import announce_change, attachments_of_message, change_message
from echosphere.messages.message import Message, require_author, require_not_deleted
from echosphere.messages.post import Posted


def set_preview(
    transaction: Transaction, inspected: Message, preview: Mapping[str, Any] | None
) -> Message | None:
    """Store the preview of a message's first link, and announce it.

    Returns the changed message; None if nothing changed, because it was edited or deleted meanwhile, or
    its author has left.

    Args:
        transaction: Stores the change.
        inspected: The message as it was when its link was fetched.
        preview: The fields of a preview on the wire; None for no preview.
    """
    try:
        access = access_for_update(transaction, inspected.author, inspected.conversation)
    except NotFound:
        return None
    message = store.find(transaction, inspected.conversation, inspected.seq)
    if message is None or message.deleted or message.edited_at != inspected.edited_at:
        return None
    stored = None if preview is None else msgspec.json.encode(preview).decode()
    if stored == message.preview:
        return None
    changed = change_message(transaction, access, message, preview=stored)
    announce_change(transaction, access, changed)
    return changed


class RemovePreview(Command[Posted], lane="conversation"):
    """Remove the link preview of the actor's own message; idempotent.

    Raises:
        NotFound: The actor cannot see the message.
        Gone: It was deleted.
        Forbidden: The actor is not its author.
    """

    conversation: str
    seq: int
    actor: str

    def run(self, transaction: Transaction) -> Posted:
        """Remove it."""
        access, message = access_message_for_update(
            transaction, self.actor, self.conversation, self.seq
        )
        require_not_deleted(message)
        require_author(message, self.actor)
        if message.preview is None:
            return Posted(message, attachments_of_message(transaction, message), new=False)
        changed = change_message(transaction, access, message, preview=None)
        return Posted(changed, announce_change(transaction, access, changed), new=True)
