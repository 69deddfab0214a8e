"""Edits the text of a message; the earlier texts are kept."""

from echosphere.conversations import Access
from echosphere.core.errors import Conflict, Forbidden
from echosphere.database import Command, Snapshot, Transaction
from echosphere.messages import store
from echosphere.messages.access import access_message_for_update, require_not_blocked
from echosphere.messages.change import (
    announce_change,
    attachments_of_message,
    change_message,
    visibility_of,
)
from echosphere.messages.events import ActionsReplaced, MessageEdited
from echosphere.messages.held import Held
from echosphere.messages.hold import find_same_edit, hold_edit, withdraw_held_edit
from echosphere.messages.mentions import mentioned_user_ids
from echosphere.messages.message import (
    Message,
    require_author,
    require_not_deleted,
    validate_body,
)
from echosphere.messages.parts import (
    read_parts,
    store_parts,
    validate_parts,
    without_old_text,
)
from echosphere.messages.parts.actions import ActionRows, labels_of, with_actions
from echosphere.messages.post import Posted
from echosphere.messages.posting_rules import (
    note_post,
    require_may_post,
    require_may_post_at_all,
)
from echosphere.messages.word_filter import is_filtered, is_held

MAX_VERSIONS = 100
"""Earlier texts of one message, which are all shown at once."""

FILTERED = "The word filter of this group matched this text. Rephrase it."


class EditMessage(Command[Posted | Held], lane="conversation"):
    """Store a new text and announce it; the same text changes nothing.

    A text that the group's filter finds is held, and the old one stays meanwhile.

    What followed from the old text, such as its link preview, is removed.

    Attributes:
        actor: The user who edits.
        body: The new text.
        edit_for: How long messages can be edited, in milliseconds; 0 for no limit.
        actions: Other buttons for a bot's message, at any time; None if they stay.

    Raises:
        NotFound: The actor cannot see the message.
        Forbidden: The actor is not its author, it is too late, it was forwarded, or there is a block,
            across which an edit must not send a text either; or only the group's admins post, or
            its filter finds what is on a button.
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
    actions: ActionRows | None = None

    def run(self, transaction: Transaction) -> Posted | Held:
        """Store or hold it."""
        access, message = access_message_for_update(
            transaction, self.actor, self.conversation, self.seq
        )
        _check_editable(message, self.actor)
        body = validate_body(self.body, has_files=message.files > 0)
        validate_parts(body)
        require_not_blocked(transaction, access)
        if self.actions is not None:
            message = replace_actions(transaction, access, message, self.actions)
        # A repeated request is accepted even if a rule forbids another one meanwhile.
        if body == message.body:
            withdraw_held_edit(transaction, access, self.seq)
            return Posted(message, attachments_of_message(transaction, message), new=False)
        if (same := find_same_edit(transaction, access, self.seq, body)) is not None:
            return same
        _require_in_time(transaction, message, self.edit_for)
        require_may_post(access, transaction.now)
        if not message.automated and _has_all_versions(transaction, message):
            raise Conflict(
                f"This message has already been edited {MAX_VERSIONS} times. Write a new one."
            )
        note_post(transaction, access)
        if is_held(access, body):
            return hold_edit(transaction, access, message, body)
        withdraw_held_edit(transaction, access, self.seq)
        return apply_edit(transaction, access, message, body)


def replace_actions(
    transaction: Transaction, access: Access, message: Message, rows: ActionRows
) -> Message:
    """Store other buttons of a message, and announce them; the same ones change nothing.

    Raises:
        Forbidden: Only the group's admins post, or its filter finds what is written on them.
    """
    changed = with_actions(message, rows)
    if changed.parts == message.parts:
        return message
    require_may_post_at_all(access)
    if is_filtered(access) and is_held(access, "", labels_of(rows)):
        raise Forbidden(FILTERED)
    changed = change_message(transaction, access, message, parts=changed.parts)
    announce_change(transaction, access, changed)
    transaction.announce(ActionsReplaced(changed))
    return changed


def update_card(
    transaction: Transaction,
    access: Access,
    message: Message,
    body: str | None,
    rows: ActionRows | None,
) -> Posted:
    """Change a bot's message because a member pressed one of its buttons; None for what stays.

    Members wait for it, so it comes however old the message is, and in slow mode.

    Raises:
        Gone: It was deleted.
        Forbidden: It is not the bot's, only the group's admins post, or its filter finds something.
        Invalid: The text is empty or too long.
    """
    _check_editable(message, access.viewer)
    if rows is not None:
        message = replace_actions(transaction, access, message, rows)
    require_may_post_at_all(access)
    text = message.body if body is None else validate_body(body, has_files=message.files > 0)
    if text == message.body:
        return Posted(message, attachments_of_message(transaction, message), new=False)
    validate_parts(text)
    if is_held(access, text):
        raise Forbidden(FILTERED)
    return apply_edit(transaction, access, message, text)


def apply_edit(transaction: Transaction, access: Access, message: Message, body: str) -> Posted:
    """Store and announce other words for a message that were checked."""
    # What a program writes may change with each press of a button.
    store.insert_version(transaction, message, MAX_VERSIONS if message.automated else None)
    edited = without_old_text(message)._replace(body=body, edited_at=transaction.now)
    changed = change_message(transaction, access, read_parts(transaction, access, edited))
    store_parts(transaction, changed, message)
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


def _check_editable(message: Message, editor: str) -> None:
    """Refuse an edit that is not allowed.

    Raises:
        Gone: It was deleted.
        Forbidden: The user is not the author, or the message was forwarded.
    """
    require_not_deleted(message)
    require_author(message, editor)
    if message.forwarded:
        raise Forbidden("You cannot edit a forwarded message. Write a new one.")


def _has_all_versions(snapshot: Snapshot, message: Message) -> bool:
    return store.count_versions(snapshot, message.conversation, message.seq) >= MAX_VERSIONS


def _require_in_time(snapshot: Snapshot, message: Message, edit_for: int) -> None:
    """Refuse an edit after so many milliseconds; 0 for no limit.

    Raises:
        Forbidden: It is too late.
    """
    if edit_for and store.age_of_message(snapshot, message) > edit_for:
        raise Forbidden("It is too late to edit this message. Write a new one.")
