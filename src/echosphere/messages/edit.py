"""Changes the words of a message; the earlier ones are kept."""

from typing import NamedTuple

from echosphere.core.errors import Conflict
from echosphere.database import Transaction
from echosphere.messages import store
from echosphere.messages.access import access_message_to_change, require_not_blocked
from echosphere.messages.change import change_message, files_of, visibility_of
from echosphere.messages.events import MessageEdited
from echosphere.messages.mentions import find_mentions, mentioned_in
from echosphere.messages.message import check_editable, validate_body
from echosphere.messages.post import Posted

MAX_VERSIONS = 100
"""Earlier words of one message that are kept: all of them are shown at once."""


class Edit(NamedTuple):
    """Other words for a message."""

    conversation: str
    seq: int
    body: str


def edit_message(transaction: Transaction, editor: str, edit: Edit, edit_for: int) -> Posted:
    """Store other words for a message and announce it; the same words change nothing.

    Whom it mentions is found anew. The preview of its link goes with the link.

    Args:
        transaction: Where to.
        editor: Who wants it.
        edit: Which message, and its new words.
        edit_for: How long messages can be edited, in milliseconds; 0 for ever.

    Raises:
        NotFound: The editor cannot see such a message.
        Forbidden: Not the author, too late, not the author's own words, or a block: whom one
            cannot write to one cannot tell anything by other words either.
        Gone: It was deleted.
        Invalid: Nothing is said.
        Conflict: It was changed too many times.
    """
    conversation, seq, body = edit
    access, message = access_message_to_change(transaction, editor, conversation, seq)
    check_editable(message, editor, transaction.now, edit_for)
    body = validate_body(body, has_files=message.files > 0)
    require_not_blocked(transaction, access)
    if body == message.body:
        return Posted(message, files_of(transaction, message), new=False)
    if store.count_versions(transaction, conversation, seq) >= MAX_VERSIONS:
        raise Conflict(f"This message was changed {MAX_VERSIONS} times. Write a new one.")
    store.keep_version(transaction, message)
    mentioned = find_mentions(transaction, access, body)
    changed = change_message(
        transaction,
        access,
        message,
        body=body,
        edited_at=transaction.now,
        mentions=mentioned.kept,
        mentions_all=mentioned.everybody,
        preview=None,
    )
    store.delete_mentions(transaction, conversation, seq)
    store.set_mentions(transaction, conversation, seq, mentioned.people)
    files = files_of(transaction, changed)
    transaction.announce(
        MessageEdited(
            changed,
            files,
            visibility_of(transaction, access, changed),
            mentioned_in(message),
            bool(message.mentions_all),
        )
    )
    return Posted(changed, files, new=True)
