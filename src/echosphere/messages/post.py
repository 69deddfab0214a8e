"""Posts a message."""

from collections.abc import Sequence
from dataclasses import dataclass

from echosphere.attachments import Attachment, claim_attachments
from echosphere.conversations import Access, access_for_update, allocate_seq, next_seq
from echosphere.core.errors import Invalid, Refusal
from echosphere.database import Command, Snapshot, Transaction
from echosphere.messages import store
from echosphere.messages.access import require_not_blocked
from echosphere.messages.change import attachments_of_message
from echosphere.messages.events import MessagePosted
from echosphere.messages.held import Held
from echosphere.messages.hold import as_json, hold_post, new_held
from echosphere.messages.mentions import NO_MENTIONS, Mentions, find_mentions
from echosphere.messages.message import Message, validate_post
from echosphere.messages.posting_rules import expiry_of, note_post, require_may_post
from echosphere.messages.word_filter import is_held


@dataclass(frozen=True, slots=True)
class Posted:
    """A stored message; `new` says whether this call created it."""

    message: Message
    attachments: tuple[Attachment, ...]
    new: bool


class PostMessage(Command[Posted | Held], lane="conversation", run_on_loop=True):
    """Store a message once per key and announce it, or hold what the group's filter found.

    A repeated key returns the message first stored with it, whatever the body.

    Raises:
        NotFound: The author is not a member of the conversation.
        Forbidden: One of two users has blocked the other, or only the group's admins post.
        TooMany: The author must wait in slow mode.
        Invalid: The message is empty, or the reply or an attachment is not valid.
    """

    conversation: str
    author: str
    key: str
    body: str
    reply_to: int | None = None
    attachments: Sequence[str] = ()

    def run(self, transaction: Transaction) -> Posted | Held:
        """Post it."""
        access = access_for_update(transaction, self.author, self.conversation)
        try:
            text, mentioned = _check(transaction, access, self)
        except Refusal:
            # A repeated request is accepted even if a rule has changed since.
            existing = find_posted(transaction, self.author, self.conversation, self.key)
            if existing is None:
                raise
            return existing
        if is_held(access, text):
            existing = find_posted(transaction, self.author, self.conversation, self.key)
            return existing or _hold(transaction, access, self, text)
        return store_post(transaction, access, self, text, mentioned)


def _hold(transaction: Transaction, access: Access, command: PostMessage, text: str) -> Held:
    note_post(transaction, access)
    held = new_held(transaction, access, command.key, text)
    files = as_json(command.attachments)
    return hold_post(
        transaction, access, held._replace(reply_to=command.reply_to, attachments=files)
    )


def store_post(
    transaction: Transaction, access: Access, command: PostMessage, text: str, mentioned: Mentions
) -> Posted:
    """Store and announce a message that was checked, once per key."""
    author, conversation = command.author, command.conversation
    seq = next_seq(access.conversation)
    message = Message(
        conversation=conversation,
        seq=seq,
        version=seq,
        author=author,
        key=command.key,
        body=text,
        created_at=transaction.now,
        reply_to=command.reply_to,
        files=len(command.attachments),
        mentions=mentioned.json,
        mentions_all=mentioned.all_members,
        expires_at=expiry_of(access, transaction.now),
    )
    if not store.insert_message(transaction, message):
        existing = find_posted(transaction, author, conversation, command.key)
        assert existing is not None  # noqa: S101 - its key was in the way
        return existing
    allocate_seq(transaction, access.conversation)
    note_post(transaction, access)
    if mentioned.user_ids:
        store.set_mentions(transaction, conversation, seq, mentioned.user_ids)
    files: tuple[Attachment, ...] = ()
    if command.attachments:
        files = tuple(
            claim_attachments(transaction, author, command.attachments, conversation, seq)
        )
    transaction.announce(MessagePosted(message, files, access.conversation.members_version))
    return Posted(message, files, new=True)


def find_posted(snapshot: Snapshot, author: str, conversation: str, key: str) -> Posted | None:
    """Return the message that an author posted with a key, or None."""
    existing = store.find_by_key(snapshot, author, conversation, key)
    return (
        None
        if existing is None
        else Posted(existing, attachments_of_message(snapshot, existing), new=False)
    )


def _check(transaction: Transaction, access: Access, command: PostMessage) -> tuple[str, Mentions]:
    """Apply the rules; return the body and the mentions."""
    body = validate_post(command.body, command.attachments)
    require_not_blocked(transaction, access)
    require_may_post(access, transaction.now)
    check_reply(transaction, access, command.reply_to)
    return body, find_mentions(transaction, access, body) if "@" in body else NO_MENTIONS


def check_reply(transaction: Transaction, access: Access, reply_to: int | None) -> None:
    """Refuse a reply to what is not there.

    Raises:
        Invalid: The member does not see such a message, or it was deleted or is a system message.
    """
    if reply_to is None:
        return
    answered = store.find(transaction, access.conversation.id, reply_to)
    if (
        answered is None
        or answered.seq <= access.sees_after
        or answered.deleted
        or answered.system is not None
    ):
        problem = "is not a message of this conversation that can be replied to"
        raise Invalid(f"The field 'reply_to' {problem}.", fields={"reply_to": problem})
