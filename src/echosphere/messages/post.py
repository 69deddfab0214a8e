"""Posts a message: the one way in, for every door."""

from dataclasses import dataclass

from echosphere.attachments import Attachment, claim_attachments
from echosphere.conversations import Access, access_for_update, allocate_seq, next_seq
from echosphere.core.errors import Invalid, Refusal
from echosphere.database import Snapshot, Transaction, quick
from echosphere.messages import store
from echosphere.messages.access import require_not_blocked
from echosphere.messages.change import files_of
from echosphere.messages.events import MessagePosted
from echosphere.messages.mentions import NOBODY, Mentioned, find_mentions
from echosphere.messages.message import Draft, Message, accepted_words


@dataclass(frozen=True, slots=True)
class Posted:
    """The stored message, and whether this call made it or found it."""

    message: Message
    attachments: tuple[Attachment, ...]
    new: bool


@quick
def post_message(transaction: Transaction, author: str, draft: Draft) -> Posted:
    """Store a message once, however often it is sent, and announce it.

    A repeat of a key gets the first answer back, whatever its body.

    Raises:
        NotFound: The author is not a member of the conversation.
        Forbidden: One of two people has blocked the other.
        Invalid: Nothing is said, the reply or an attachment does not fit.
    """
    access = access_for_update(transaction, author, draft.conversation)
    try:
        body, mentioned = _check(transaction, access, draft)
    except Refusal:
        # What was accepted once stays accepted.
        known = find_posted(transaction, author, draft.conversation, draft.key)
        if known is None:
            raise
        return known
    seq = next_seq(access.conversation)
    message = Message(
        conversation=draft.conversation,
        seq=seq,
        version=seq,
        author=author,
        key=draft.key,
        body=body,
        created_at=transaction.now,
        reply_to=draft.reply_to,
        files=len(draft.attachments),
        mentions=mentioned.kept,
        mentions_all=mentioned.everybody,
    )
    if not store.insert_message(transaction, message):
        known = find_posted(transaction, author, draft.conversation, draft.key)
        assert known is not None  # noqa: S101 - its key was in the way
        return known
    allocate_seq(transaction, access.conversation)
    if mentioned.people:
        store.set_mentions(transaction, draft.conversation, seq, mentioned.people)
    files: tuple[Attachment, ...] = ()
    if draft.attachments:
        files = tuple(
            claim_attachments(transaction, author, draft.attachments, draft.conversation, seq)
        )
    transaction.announce(MessagePosted(message, files, access.conversation.members_version))
    return Posted(message, files, new=True)


def find_posted(snapshot: Snapshot, author: str, conversation: str, key: str) -> Posted | None:
    """Return what an author posted with a key, or None."""
    known = store.find_by_key(snapshot, author, conversation, key)
    return None if known is None else Posted(known, files_of(snapshot, known), new=False)


def _check(transaction: Transaction, access: Access, draft: Draft) -> tuple[str, Mentioned]:
    """Apply the rules; return the words, and who is mentioned."""
    body = accepted_words(draft)
    require_not_blocked(transaction, access)
    _check_reply(transaction, access, draft.reply_to)
    return body, find_mentions(transaction, access, body) if "@" in body else NOBODY


def _check_reply(transaction: Transaction, access: Access, reply_to: int | None) -> None:
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
