"""Edits the text of a message; the earlier texts are kept."""

from echosphere.conversations import Access
from echosphere.core.errors import Conflict
from echosphere.database import Command, Transaction
from echosphere.messages import store
from echosphere.messages.access import access_message_for_update, require_not_blocked
from echosphere.messages.change import attachments_of_message, change_message, visibility_of
from echosphere.messages.events import MessageEdited
from echosphere.messages.held import Held
from echosphere.messages.hold import hold_edit, withdraw_held_edit
from echosphere.messages.mentions import find_mentions, mentioned_user_ids
from echosphere.messages.message import Message, check_editable, validate_body
from echosphere.messages.post import Posted
from echosphere.messages.posting_rules import note_post, require_may_post
from echosphere.messages.word_filter import is_held

MAX_VERSIONS = 100
"""Earlier texts of one message, which are all shown at once."""


class EditMessage(Command[Posted | Held], lane="conversation"):
    """Store a new text and announce it; the same text changes nothing.

    A text that the group's filter finds is held, and the old one stays meanwhile.

    Mentions are parsed again, and the link preview is removed.

    Attributes:
        actor: The user who edits.
        body: The new text.
        edit_for: How long messages can be edited, in milliseconds; 0 for no limit.

    Raises:
        NotFound: The actor cannot see the message.
        Forbidden: The actor is not its author, it is too late, it was forwarded, or there is a block,
            across which an edit must not send a text either; or only the group's admins post.
        TooMany: The actor must wait in slow mode.
        Gone: It was deleted.
        Invalid: The new text is empty or too long.
        Conflict: It was edited too many times.
    """

    conversation: str
    seq: int
    actor: str
    body: str
    edit_for: int

    def run(self, transaction: Transaction) -> Posted | Held:
        """Store or hold it."""
        access, message = access_message_for_update(
            transaction, self.actor, self.conversation, self.seq
        )
        check_editable(message, self.actor, transaction.now, self.edit_for)
        body = validate_body(self.body, has_files=message.files > 0)
        require_not_blocked(transaction, access)
        if body == message.body:
            withdraw_held_edit(transaction, access, self.seq)
            return Posted(message, attachments_of_message(transaction, message), new=False)
        require_may_post(access, transaction.now)
        if store.count_versions(transaction, self.conversation, self.seq) >= MAX_VERSIONS:
            raise Conflict(f"This message was changed {MAX_VERSIONS} times. Write a new one.")
        note_post(transaction, access)
        if is_held(access, body):
            return hold_edit(transaction, access, message, body)
        withdraw_held_edit(transaction, access, self.seq)
        return apply_edit(transaction, access, message, body)


def apply_edit(transaction: Transaction, access: Access, message: Message, body: str) -> Posted:
    """Store and announce other words for a message that were checked."""
    conversation, seq = message.conversation, message.seq
    store.insert_version(transaction, message)
    mentioned = find_mentions(transaction, access, body)
    changed = change_message(
        transaction,
        access,
        message,
        body=body,
        edited_at=transaction.now,
        mentions=mentioned.json,
        mentions_all=mentioned.all_members,
        preview=None,
    )
    store.delete_mentions(transaction, conversation, seq)
    store.set_mentions(transaction, conversation, seq, mentioned.user_ids)
    files = attachments_of_message(transaction, changed)
    transaction.announce(
        MessageEdited(
            changed,
            files,
            visibility_of(transaction, access, changed),
            mentioned_user_ids(message),
            bool(message.mentions_all),
        )
    )
    return Posted(changed, files, new=True)
