"""Shows what the first link of a message leads to; the author can take that away."""

from collections.abc import Mapping
from typing import Any

import msgspec

from echosphere.conversations import access_for_update
from echosphere.core.errors import NotFound
from echosphere.database import Transaction
from echosphere.messages import store
from echosphere.messages.access import access_message_to_change
from echosphere.messages.change import announce_changed, change_message, files_of
from echosphere.messages.message import Message, require_author, require_not_deleted
from echosphere.messages.post import Posted


def set_preview(
    transaction: Transaction, seen: Message, preview: Mapping[str, Any] | None
) -> Message | None:
    """Store what a link in a message leads to, and announce it.

    Returns the changed message, or None when there is nothing to be changed: the words are others
    by now, the message was deleted, or its author has left.

    Args:
        transaction: Where to.
        seen: The message as it was when its link was looked up.
        preview: The fields of a preview on the wire; None for no preview.
    """
    try:
        access = access_for_update(transaction, seen.author, seen.conversation)
    except NotFound:
        return None
    message = store.find(transaction, seen.conversation, seen.seq)
    if message is None or message.deleted or message.edited_at != seen.edited_at:
        return None
    kept = None if preview is None else msgspec.json.encode(preview).decode()
    if kept == message.preview:
        return None
    changed = change_message(transaction, access, message, preview=kept)
    announce_changed(transaction, access, changed)
    return changed


def remove_preview(transaction: Transaction, actor: str, conversation: str, seq: int) -> Posted:
    """Take the preview away from a message of one's own; what is gone already changes nothing.

    Raises:
        NotFound: The person cannot see such a message.
        Gone: It was deleted.
        Forbidden: Somebody else wrote it.
    """
    access, message = access_message_to_change(transaction, actor, conversation, seq)
    require_not_deleted(message)
    require_author(message, actor)
    if message.preview is None:
        return Posted(message, files_of(transaction, message), new=False)
    changed = change_message(transaction, access, message, preview=None)
    return Posted(changed, announce_changed(transaction, access, changed), new=True)
