"""Stores messages of a source, by the use case that posts."""

import hashlib
from collections.abc import Collection, Mapping, Sequence

import msgspec
from msgspec import UNSET

from echosphere.attachments import StoredFile, add_imported
from echosphere.conversations import (
    Access,
    Conversation,
    Role,
    find_member,
    get_conversation_for_update,
    set_all_read,
)
from echosphere.core.errors import Invalid
from echosphere.database import Command, Snapshot, Transaction
from echosphere.importing import store
from echosphere.importing.people import claim_the_rest, claimed_among
from echosphere.memberships import announce_entries, introduce_author
from echosphere.messages import (
    Action,
    ImportOrigin,
    MessagesImported,
    Posted,
    PostMessage,
    announce_last_message,
    encode_contents,
    has_messages_after,
    post_with_access,
)


class NewMessage(msgspec.Struct, frozen=True):
    """A message that is to be imported.

    Attributes:
        id: That of the source.
        author: The id of the user here.
        people: The ids of all users whom it names in any way.
        reply_to: The id in the source of what it replies to.
        files: They are stored; their rows are added with the message.
        actions: The rows of its buttons, of which no bot hears.
    """

    id: str
    author: str
    body: str
    origin: ImportOrigin
    people: Sequence[str] = ()
    reply_to: str | None = None
    files: Sequence[StoredFile] = ()
    automated: bool = False
    actions: list[list[Action]] = []


class ImportResult(msgspec.Struct, frozen=True):
    """What became of a batch.

    Attributes:
        stored: How many messages were stored.
        known: How many were there already.
        refused: How many break a rule for messages, by the refusal.
        lost_replies: How many reply to what is not here.
        unused: The ids of files whose message was not stored.
        continued: Somebody has posted here since: nothing is imported into the conversation any more.
        claimed: The accounts of placeholders that somebody has claimed meanwhile, by their ids.
    """

    stored: int = 0
    known: int = 0
    refused: dict[str, int] = {}
    lost_replies: int = 0
    unused: Sequence[str] = ()
    continued: bool = False
    claimed: dict[str, str] = {}


class ImportMessages(Command[ImportResult], lane="conversation"):
    """Append messages to a conversation that is imported; those that are there already are skipped.

    Attributes:
        placeholders: The ids of those whom they name and who had no account, by those of the source.
    """

    conversation: str
    messages: Sequence[NewMessage]
    placeholders: Mapping[str, str] = {}

    def run(self, transaction: Transaction) -> ImportResult:
        """Append them."""
        return _Batch(transaction, self.conversation).store(self.messages, self.placeholders)


def known_ids(snapshot: Snapshot, conversation: str, ids: Sequence[str]) -> list[str]:
    """Return those of these messages of a source that were imported."""
    return list(store.seqs_of(snapshot, conversation, ids))


class _Batch:
    """A batch of messages in one transaction."""

    def __init__(self, transaction: Transaction, conversation: str) -> None:
        self._transaction = transaction
        self._group = get_conversation_for_update(transaction, conversation)
        imported = store.find_conversation_here(transaction, conversation)
        assert imported is not None  # noqa: S101 - it was begun
        self._imported = imported
        self._refused: dict[str, int] = {}
        self._lost_replies = 0

    def store(
        self, messages: Sequence[NewMessage], placeholders: Mapping[str, str]
    ) -> ImportResult:
        """Append those that are new."""
        transaction, group = self._transaction, self._group
        replies = [one.reply_to for one in messages if one.reply_to]
        seqs = store.seqs_of(transaction, group.id, [*(one.id for one in messages), *replies])
        new = [one for one in messages if one.id not in seqs]
        known = len(messages) - len(new)
        if not new:
            return ImportResult(known=known, unused=_files_of(messages))
        last = self._imported.last_seq
        if group.last_seq > last and has_messages_after(transaction, group.id, last):
            return ImportResult(continued=True, known=known, unused=_files_of(messages))
        claimed = claimed_among(transaction, self._imported.source, placeholders)
        self._introduce({user for one in new for user in (one.author, *one.people)})
        stored: dict[str, int] = {}
        unused = _files_of([one for one in messages if one.id in seqs])
        for one in new:
            if one.id in stored:
                unused += _files_of([one])
            elif (seq := self._post(one, seqs | stored)) is not None:
                stored[one.id] = seq
        if stored:
            store.add_messages(transaction, group.id, stored)
            store.set_last_seq(transaction, group.id, self._group.last_seq)
            self._tell()
        claim_the_rest(transaction, claimed)
        return ImportResult(
            len(stored), known, self._refused, self._lost_replies, unused, claimed=claimed
        )

    def _post(self, one: NewMessage, seqs: dict[str, int]) -> int | None:
        transaction, group = self._transaction, self._group
        reply_to = seqs.get(one.reply_to) if one.reply_to else None
        self._lost_replies += one.reply_to is not None and reply_to is None
        for file in one.files:
            add_imported(transaction, file)
        command = PostMessage(
            conversation=group.id,
            author=one.author,
            key=message_key(one.id),
            body=one.body,
            reply_to=reply_to,
            attachments=[file.id for file in one.files],
            automated=one.automated,
            parts=encode_contents(UNSET, actions=one.actions),
        )
        try:
            posted = post_with_access(transaction, _access(group, one.author), command, one.origin)
        except Invalid as refusal:
            if one.files:
                raise  # their rows are in the way: a message with files is never empty
            self._refused[refusal.detail] = self._refused.get(refusal.detail, 0) + 1
            return None
        assert isinstance(posted, Posted)  # noqa: S101 - no filter reads it
        seq = posted.message.seq
        if not posted.new:
            return seq
        self._group = group._replace(version=seq, last_seq=seq)
        return seq

    def _introduce(self, user_ids: Collection[str]) -> None:
        """Make the authors known to the members, as they know who left."""
        for user_id in sorted(user_ids):
            if find_member(self._transaction, self._group.id, user_id) is None:
                access = _access(self._group, user_id)
                self._group = introduce_author(self._transaction, access, user_id)

    def _tell(self) -> None:
        """Have everybody have read what was appended."""
        transaction, group = self._transaction, self._group
        transaction.announce(MessagesImported(group.id))
        if self._imported.finished:
            set_all_read(transaction, group.id, group.last_seq)
            announce_last_message(transaction, group)
            announce_entries(transaction, group.id)


def _files_of(messages: Sequence[NewMessage]) -> list[str]:
    return [file.id for one in messages for file in one.files]


def message_key(message: str) -> str:
    """Return the idempotency key of a message of a source."""
    return "import-" + hashlib.sha256(message.encode()).hexdigest()[:40]


def _access(conversation: Conversation, author: str) -> Access:
    """Return the access of an author whom no rule for members holds up, as that of a webhook."""
    return Access(conversation, author, Role.ADMIN, 0, None)
