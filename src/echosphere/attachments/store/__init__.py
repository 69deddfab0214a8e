"""The table of attachments and its queries."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    union,
    update,
)

from echosphere.attachments.attachment import ConversationSize, FileKind, FilesWanted, StoredFile
from echosphere.database import (
    Identifier,
    Milliseconds,
    Prepared,
    Row,
    Snapshot,
    Transaction,
    metadata,
)

attachments = Table(
    "attachments",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("owner_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("conversation_id", Identifier),  # null until a message uses it
    Column("seq", BigInteger),
    Column("position", Integer),
    Column("name", String(255), nullable=False),
    Column("type", String(100), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("thumbnail", Boolean, nullable=False),
    Column("created_at", Milliseconds, nullable=False),
    # The id of the stored file; null if it is the attachment's own. Forwarded ones share a file.
    Column("stored", Identifier, index=True),
    Column("duration", Integer),  # milliseconds of audio or video
    Column("waveform", String(128)),
    Column("animated", Boolean),
    Column("ground", String(10)),
    # Whose storage it takes: the person behind the program that sent it; null if it is the owner's.
    Column("charged_to", Identifier, index=True),
    ForeignKeyConstraint(["conversation_id", "seq"], ["messages.conversation_id", "messages.seq"]),
    Index(None, "conversation_id", "seq"),
    Index(None, "created_at"),
)

FILE = (
    attachments.c.id,
    attachments.c.owner_id,
    attachments.c.conversation_id,
    attachments.c.seq,
    attachments.c.name,
    attachments.c.type,
    attachments.c.size,
    attachments.c.width,
    attachments.c.height,
    attachments.c.thumbnail,
    func.coalesce(attachments.c.stored, attachments.c.id),
    attachments.c.duration,
    attachments.c.waveform,
    func.coalesce(attachments.c.animated, false()),
    attachments.c.ground,
)

_unused = attachments.c.conversation_id.is_(None)
_this = attachments.c.id == bindparam("attachment")
_of_owner = attachments.c.owner_id == bindparam("owner")
PAYER = func.coalesce(attachments.c.charged_to, attachments.c.owner_id)
"""The person whose storage a file takes."""

_paid_by = or_(
    attachments.c.charged_to == bindparam("payer"),
    (attachments.c.owner_id == bindparam("payer")) & attachments.c.charged_to.is_(None),
)
_of_message = (attachments.c.conversation_id == bindparam("conversation")) & (
    attachments.c.seq == bindparam("seq")
)

FIND = Prepared(select(*FILE).where(_this))
FIND_UNUSED = Prepared(select(*FILE).where(_this, _of_owner, _unused))
# If a file is sent twice at once, one of the writers finds none instead of waiting.
FIND_UNUSED_FOR_UPDATE = Prepared(
    select(*FILE).where(_this, _of_owner, _unused).with_for_update(skip_locked=True)
)
CLAIM = Prepared(
    update(attachments)
    .where(_this, _of_owner, _unused)
    .values(
        conversation_id=bindparam("conversation"),
        seq=bindparam("in_seq"),
        position=bindparam("in_position"),
    )
)
IN_RANGE = Prepared(
    select(*FILE)
    .where(
        attachments.c.conversation_id == bindparam("conversation"),
        attachments.c.seq >= bindparam("first_seq"),
        attachments.c.seq <= bindparam("last_seq"),
    )
    .order_by(attachments.c.seq, attachments.c.position)
)
UNUSED_USAGE = Prepared(
    select(func.count(), func.coalesce(func.sum(attachments.c.size), 0)).where(_of_owner, _unused)
)
_files = select(
    func.coalesce(attachments.c.stored, attachments.c.id).label("stored"), attachments.c.size
).distinct()
_of_one_payer = _files.where(_paid_by).subquery()
_of_programs = _files.where(attachments.c.charged_to == bindparam("payer")).subquery()
_of_all = _files.subquery()
BYTES_PAID_BY = Prepared(select(func.coalesce(func.sum(_of_one_payer.c.size), 0)))
BYTES_OF_PROGRAMS = Prepared(select(func.coalesce(func.sum(_of_programs.c.size), 0)))
TOTAL_BYTES = Prepared(select(func.coalesce(func.sum(_of_all.c.size), 0)))
BYTES_IN_CONVERSATION = Prepared(
    select(func.coalesce(func.sum(attachments.c.size), 0)).where(
        attachments.c.conversation_id == bindparam("conversation"),
        attachments.c.seq > bindparam("after"),
    )
)
LARGEST_OF = Prepared(
    select(*FILE)
    .where(_paid_by, attachments.c.conversation_id.is_not(None))
    .order_by(attachments.c.size.desc(), attachments.c.created_at.desc(), attachments.c.id)
    .limit(bindparam("limit"))
)
INSERT = Prepared(insert(attachments).values({c.name: bindparam(c.name) for c in attachments.c}))
DELETE_OF_MESSAGE = Prepared(
    delete(attachments)
    .where(_of_message)
    .returning(func.coalesce(attachments.c.stored, attachments.c.id))
)
DELETE_UNUSED_OF_OWNER = Prepared(
    delete(attachments).where(_of_owner, _unused).returning(attachments.c.id)
)
DELETE_UNUSED = Prepared(delete(attachments).where(_this, _of_owner, _unused))
_expired = (
    select(attachments.c.id)
    .where(_unused, attachments.c.created_at < bindparam("before"))
    .limit(bindparam("limit"))
)
DELETE_EXPIRED = Prepared(
    delete(attachments).where(attachments.c.id.in_(_expired), _unused).returning(attachments.c.id)
)


def shift_unused(transaction: Transaction, by: int) -> None:
    """Have uploads that no message uses yet be as old as before a leap of the clock."""
    later = attachments.c.created_at + by
    transaction.execute(update(attachments).where(_unused).values(created_at=later))


def find(snapshot: Snapshot, attachment: str) -> StoredFile | None:
    """Return a file, or None; the right to see it is not checked."""
    row = snapshot.first(FIND, attachment=attachment)
    return None if row is None else to_file(row)


def find_unused(snapshot: Snapshot, owner: str, attachment: str) -> StoredFile | None:
    """Return a file that this user uploaded and no message uses, or None."""
    row = snapshot.first(FIND_UNUSED, attachment=attachment, owner=owner)
    return None if row is None else to_file(row)


def find_unused_for_update(
    transaction: Transaction, owner: str, attachment: str
) -> StoredFile | None:
    """Return a file as `find_unused`, locked; None if another transaction has locked it."""
    row = transaction.first(FIND_UNUSED_FOR_UPDATE, attachment=attachment, owner=owner)
    return None if row is None else to_file(row)


def unused_usage(snapshot: Snapshot, owner: str) -> tuple[int, int]:
    """Return the number and total size of the files that a user uploaded and no message uses."""
    count, size = snapshot.all(UNUSED_USAGE, owner=owner)[0]
    return int(count), int(size)


def bytes_paid_by(snapshot: Snapshot, payer: str) -> int:
    """Return how many bytes the files of a person, and of programs that count for them, take.

    A file that was forwarded often counts once.
    """
    return int(snapshot.all(BYTES_PAID_BY, payer=payer)[0][0])


def bytes_of_programs(snapshot: Snapshot, payer: str) -> int:
    """Return how many bytes the files of programs take that count for a person."""
    return int(snapshot.all(BYTES_OF_PROGRAMS, payer=payer)[0][0])


def total_bytes(snapshot: Snapshot) -> int:
    """Return how many bytes all files take; one that several messages use counts once."""
    return int(snapshot.all(TOTAL_BYTES)[0][0])


def bytes_in_conversation(snapshot: Snapshot, conversation: str, after: int) -> int:
    """Return how many bytes the files of the messages after a `seq` have together."""
    return int(snapshot.all(BYTES_IN_CONVERSATION, conversation=conversation, after=after)[0][0])


def largest_of(snapshot: Snapshot, payer: str, limit: int) -> list[StoredFile]:
    """Return the largest sent files that take a person's storage, the largest first."""
    return [to_file(row) for row in snapshot.all(LARGEST_OF, payer=payer, limit=limit)]


def largest_conversations(snapshot: Snapshot, limit: int) -> list[ConversationSize]:
    """Return the conversations whose files take most storage, the largest first."""
    size, conversation = func.sum(attachments.c.size), attachments.c.conversation_id
    by_conversation = (
        select(conversation, func.count(), size)
        .where(conversation.is_not(None))
        .group_by(conversation)
        .order_by(size.desc(), conversation)
        .limit(limit)
    )
    rows: list[Any] = list(snapshot.execute(by_conversation))
    return [ConversationSize(one, files, int(size)) for one, files, size in rows]


def add(transaction: Transaction, file: StoredFile, payer: str) -> None:
    """Insert a file that no message uses yet, and that takes storage of the payer."""
    _insert(transaction, file, payer, conversation_id=None, seq=None, position=None, stored=None)


def add_copy(transaction: Transaction, file: StoredFile, payer: str, position: int) -> None:
    """Insert a forwarded file of a message; it shares the stored file of another."""
    _insert(
        transaction,
        file,
        payer,
        conversation_id=file.conversation,
        seq=file.seq,
        position=position,
        stored=file.blob_id,
    )


def _insert(
    transaction: Transaction, file: StoredFile, payer: str, **columns: str | int | None
) -> None:
    transaction.run(
        INSERT,
        id=file.id,
        owner_id=file.owner,
        name=file.name,
        type=file.type,
        size=file.size,
        width=file.width,
        height=file.height,
        thumbnail=file.thumbnail,
        created_at=transaction.now,
        duration=file.duration,
        waveform=file.waveform,
        animated=file.animated,
        ground=file.background,
        charged_to=None if payer == file.owner else payer,
        **columns,
    )


def claim(
    transaction: Transaction, file: StoredFile, conversation: str, seq: int, position: int
) -> bool:
    """Assign an unused file to a message; return False if it is no longer unused."""
    bound = transaction.run(
        CLAIM,
        attachment=file.id,
        owner=file.owner,
        conversation=conversation,
        in_seq=seq,
        in_position=position,
    )
    return bound == 1


def in_range(
    snapshot: Snapshot, conversation: str, first_seq: int, last_seq: int
) -> list[StoredFile]:
    """Return the files of a range of messages, in their order."""
    rows = snapshot.all(IN_RANGE, conversation=conversation, first_seq=first_seq, last_seq=last_seq)
    return [to_file(row) for row in rows]


def of_messages(snapshot: Snapshot, conversation: str, seqs: Sequence[int]) -> list[StoredFile]:
    """Return the files of these messages, in their order."""
    statement = (
        select(*FILE)
        .where(attachments.c.conversation_id == conversation, attachments.c.seq.in_(seqs))
        .order_by(attachments.c.seq, attachments.c.position)
    )
    return [to_file(tuple(row)) for row in snapshot.execute(statement).all()]


def names(snapshot: Snapshot, conversation: str, seqs: Sequence[int]) -> list[Row]:
    """Return the files of these messages, in their order: `seq` and name."""
    statement = (
        select(attachments.c.seq, attachments.c.name)
        .where(attachments.c.conversation_id == conversation, attachments.c.seq.in_(seqs))
        .order_by(attachments.c.position)
    )
    return [tuple(row) for row in snapshot.execute(statement)]


def before(
    snapshot: Snapshot, conversation: str, after: int, wanted: FilesWanted
) -> tuple[list[StoredFile], bool]:
    """Return the requested files, newest first, and whether there are older ones."""
    of_kind = (
        attachments.c.conversation_id == conversation,
        attachments.c.seq > after,
        _of_kind(wanted.kind),
    )
    newest_seqs = (
        select(attachments.c.seq)
        .distinct()
        .where(*of_kind, attachments.c.seq < wanted.before)
        .order_by(attachments.c.seq.desc())
        .limit(wanted.limit + 1)
    )
    seqs = list(snapshot.execute(newest_seqs).scalars())
    page = seqs[: wanted.limit]
    statement = (
        select(*FILE)
        .where(*of_kind, attachments.c.seq.in_(page))
        .order_by(attachments.c.seq.desc(), attachments.c.position)
    )
    files = [to_file(tuple(row)) for row in snapshot.execute(statement)] if page else []
    return files, len(seqs) > wanted.limit


def _of_kind(kind: FileKind) -> ColumnElement[bool]:
    content_type = attachments.c.type
    audio = content_type.like("audio/%")
    media = or_(content_type.like("image/%"), content_type.like("video/%"))
    conditions = {FileKind.AUDIO: audio, FileKind.MEDIA: media, FileKind.FILE: ~or_(audio, media)}
    return conditions[kind]


def remove_of_message(transaction: Transaction, conversation: str, seq: int) -> list[str]:
    """Remove a message's files and return their blob ids."""
    rows = transaction.returning(DELETE_OF_MESSAGE, conversation=conversation, seq=seq)
    return [row[0] for row in rows]


def remove_unused(transaction: Transaction, owner: str, attachment: str) -> bool:
    """Remove an upload that no message uses; return whether it existed."""
    return transaction.run(DELETE_UNUSED, attachment=attachment, owner=owner) == 1


def remove_unused_of(transaction: Transaction, owner: str) -> list[str]:
    """Remove a user's uploads that no message uses, and return their ids."""
    return [row[0] for row in transaction.returning(DELETE_UNUSED_OF_OWNER, owner=owner)]


def remove_unused_before(transaction: Transaction, before: int, limit: int) -> list[str]:
    """Remove uploads from before a time that no message uses, and return their ids."""
    rows = transaction.returning(DELETE_EXPIRED, before=before, limit=limit)
    return [row[0] for row in rows]


def filter_existing_blobs(snapshot: Snapshot, ids: Sequence[str]) -> set[str]:
    """Return those of these blob ids that an attachment uses."""
    own = select(attachments.c.id).where(attachments.c.id.in_(ids), attachments.c.stored.is_(None))
    shared = select(attachments.c.stored).where(attachments.c.stored.in_(ids))
    return set(snapshot.execute(union(own, shared)).scalars())


def to_file(row: Row) -> StoredFile:
    """Return the file of a row of `FILE`."""
    return StoredFile(*[*row[:9], bool(row[9]), *row[10:13], bool(row[13]), row[14]])


SET_OWNER = Prepared(update(attachments).where(_of_owner).values(owner_id=bindparam("after")))


def set_owner(transaction: Transaction, before: str, after: str) -> None:
    """Give all files of one user to another."""
    transaction.run(SET_OWNER, owner=before, after=after)
