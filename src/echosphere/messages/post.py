"""Posts a message."""

from collections.abc import Iterator, Sequence

import msgspec

from echosphere.attachments import Attachment, claim_attachments, names_of_unused
from echosphere.contacts import block_lookup
from echosphere.conversations import (
    Access,
    Kind,
    access_for_update,
    access_lookups,
    allocate_seq,
    find_access,
    next_seq,
    partner_block_lookup,
)
from echosphere.core.errors import Refusal
from echosphere.database import BatchedTransaction, Command, Lookup, Snapshot, Transaction
from echosphere.messages import store
from echosphere.messages.access import require_not_blocked
from echosphere.messages.change import attachments_of_message
from echosphere.messages.events import MessagePosted
from echosphere.messages.held import Held
from echosphere.messages.hold import as_json, hold_post, new_held
from echosphere.messages.message import Message, validate_body
from echosphere.messages.origin import ImportOrigin
from echosphere.messages.parts import (
    MessageText,
    read_parts,
    search_lines,
    store_parts,
    validate_parts,
)
from echosphere.messages.posting_rules import expiry_of, note_post, require_may_post
from echosphere.messages.reply import check_reply
from echosphere.messages.word_filter import is_filtered, is_held


class Posted(msgspec.Struct, frozen=True):
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
    automated: bool = False
    parts: str | None = None
    answers_person: bool = False
    """It answers what a person asked a bot for: no chain of bots goes on with it."""

    def prefetch(self, transaction: BatchedTransaction) -> Iterator[Sequence[Lookup]]:
        """Name what every post reads: the author's access, the key, and a block in between.

        The partner is not known yet: a block is looked for by the conversation.
        """
        block = partner_block_lookup(self.author, self.conversation)
        yield [
            *access_lookups(self.author, self.conversation),
            store.key_lookup(self.author, self.conversation, self.key),
            block,
        ]
        access = find_access(transaction, self.author, self.conversation)
        if access is not None and access.partner:
            found = transaction.all(block[0], **block[1])
            transaction.learn(block_lookup(access.viewer, access.partner), found)

    def run(self, transaction: Transaction) -> Posted | Held:
        """Post it."""
        access = access_for_update(transaction, self.author, self.conversation)
        return post_with_access(transaction, access, self)


def post_with_access(
    transaction: Transaction,
    access: Access,
    command: PostMessage,
    origin: ImportOrigin | None = None,
) -> Posted | Held:
    """Post a message of an author whose access was checked: that of a member, or of a webhook.

    With an origin it is an imported one, which has times of its own and is announced to no one.
    """
    try:
        text = _check(transaction, access, command)
    except Refusal:
        # A repeated request is accepted even if a rule has changed since.
        if (known := find_posted_or_held(transaction, access, command)) is None:
            raise
        return known
    if is_filtered(access) and is_held(access, text, _lines(transaction, command)):
        known = find_posted_or_held(transaction, access, command)
        return known or _hold(transaction, access, command, text)
    return store_post(transaction, access, command, text, origin)


def find_posted_or_held(
    snapshot: Snapshot, access: Access, command: PostMessage
) -> Posted | Held | None:
    """Return what was posted, or is held, with the key of a command."""
    posted = find_posted(snapshot, command.author, command.conversation, command.key)
    if posted is not None or access.conversation.kind is not Kind.GROUP:
        return posted
    return store.find_held_by_key(snapshot, access, command.key)


def _lines(snapshot: Snapshot, command: PostMessage) -> list[str]:
    """Return what can be read of a message beside its text."""
    names = names_of_unused(snapshot, command.author, command.attachments).values()
    text = MessageText(command.conversation, 0, command.body, 0, command.parts)
    return [*names, *search_lines(snapshot, [text]).get(text[:2], ())]


def _hold(transaction: Transaction, access: Access, command: PostMessage, text: str) -> Held:
    note_post(transaction, access)
    held = new_held(transaction, access, command.key, text)
    files = as_json(command.attachments)
    return hold_post(
        transaction,
        access,
        held._replace(reply_to=command.reply_to, attachments=files, parts=command.parts),
    )


def store_post(
    transaction: Transaction,
    access: Access,
    command: PostMessage,
    text: str,
    origin: ImportOrigin | None = None,
) -> Posted:
    """Store and announce a message that was checked, once per key; without a word an imported one."""
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
        expires_at=expiry_of(access, transaction.now),
        automated=command.automated or access.is_bot,
        parts=command.parts,
    )
    if origin is None:
        message, insert = read_parts(transaction, access, message), store.insert_message
    else:
        message, insert = origin.applied_to(message), store.insert_imported
    if not insert(transaction, message):
        existing = find_posted(transaction, author, conversation, command.key)
        assert existing is not None  # noqa: S101 - its key was in the way
        return existing
    allocate_seq(transaction, access.conversation)
    note_post(transaction, access)
    store_parts(transaction, message)
    files: tuple[Attachment, ...] = ()
    if command.attachments:
        files = tuple(
            claim_attachments(transaction, author, command.attachments, conversation, seq)
        )
    if origin is None:
        here = access.conversation
        answers = command.answers_person
        transaction.announce(
            MessagePosted(message, files, here.members_version, here.bots, answers)
        )
    else:
        store.insert_earlier(transaction, message, origin.earlier)
    return Posted(message, files, new=True)


def find_posted(snapshot: Snapshot, author: str, conversation: str, key: str) -> Posted | None:
    """Return the message that an author posted with a key, or None."""
    existing = store.find_by_key(snapshot, author, conversation, key)
    return (
        None
        if existing is None
        else Posted(existing, attachments_of_message(snapshot, existing), new=False)
    )


def _check(transaction: Transaction, access: Access, command: PostMessage) -> str:
    """Apply the rules; return the body."""
    body = validate_body(command.body, has_files=bool(command.attachments))
    validate_parts(body, command.parts)
    require_not_blocked(transaction, access)
    require_may_post(access, transaction.now)
    check_reply(transaction, access, command.reply_to)
    return body
