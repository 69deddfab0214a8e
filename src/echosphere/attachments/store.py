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
    # Forwarded files share their bytes: the id under which they are stored; null for the own one.
    Column("stored", Identifier, index=True),
    Column("duration", Integer),  # milliseconds of sound or film
    Column("waveform", String(128)),
    Column("animated", Boolean),
    Column("ground", String(10)),
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
_of_message = (attachments.c.conversation_id == bindparam("conversation")) & (
    attachments.c.seq == bindparam("seq")
)

FIND = Prepared(select(*FILE).where(_this))
FIND_UNUSED = Prepared(select(*FILE).where(_this, _of_owner, _unused))
# Who sends a file twice at once must not have two writers wait for each other: one gets none.
FIND_FREE = Prepared(
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
HELD_UNUSED = Prepared(
    select(func.count(), func.coalesce(func.sum(attachments.c.size), 0)).where(_of_owner, _unused)
)
_files = select(
    func.coalesce(attachments.c.stored, attachments.c.id).label("stored"), attachments.c.size
).distinct()
_of_person = _files.where(_of_owner).subquery()
_of_all = _files.subquery()
STORED_BY = Prepared(select(func.coalesce(func.sum(_of_person.c.size), 0)))
STORED_BY_ALL = Prepared(select(func.coalesce(func.sum(_of_all.c.size), 0)))
LARGEST_OF = Prepared(
    select(*FILE)
    .where(_of_owner, attachments.c.conversation_id.is_not(None))
    .order_by(attachments.c.size.desc(), attachments.c.created_at.desc(), attachments.c.id)
    .limit(bindparam("most"))
)
INSERT = Prepared(insert(attachments).values({c.name: bindparam(c.name) for c in attachments.c}))
DELETE_OF_MESSAGE = Prepared(
    delete(attachments)
    .where(_of_message)
    .returning(func.coalesce(attachments.c.stored, attachments.c.id))
)
DELETE_UNUSED = Prepared(delete(attachments).where(_this, _of_owner, _unused))
_forgotten = (
    select(attachments.c.id)
    .where(_unused, attachments.c.created_at < bindparam("before"))
    .limit(bindparam("most"))
)
DELETE_FORGOTTEN = Prepared(
    delete(attachments).where(attachments.c.id.in_(_forgotten), _unused).returning(attachments.c.id)
)


def find(snapshot: Snapshot, attachment: str) -> StoredFile | None:
    """Return a file, whoever may see it, or None."""
    row = snapshot.first(FIND, attachment=attachment)
    return None if row is None else to_file(row)


def find_unused(snapshot: Snapshot, owner: str, attachment: str) -> StoredFile | None:
    """Return a file that this person uploaded and no message uses, or None."""
    row = snapshot.first(FIND_UNUSED, attachment=attachment, owner=owner)
    return None if row is None else to_file(row)


def find_free(transaction: Transaction, owner: str, attachment: str) -> StoredFile | None:
    """Like `find_unused`, and not one that is being bound or removed at this moment."""
    row = transaction.first(FIND_FREE, attachment=attachment, owner=owner)
    return None if row is None else to_file(row)


def held_unused(snapshot: Snapshot, owner: str) -> tuple[int, int]:
    """Return how many files, and how many bytes, a person uploaded that no message uses."""
    count, size = snapshot.all(HELD_UNUSED, owner=owner)[0]
    return int(count), int(size)


def stored_by(snapshot: Snapshot, owner: str) -> int:
    """Return how many bytes of files a person has; what they forwarded often counts once."""
    return int(snapshot.all(STORED_BY, owner=owner)[0][0])


def stored_by_all(snapshot: Snapshot) -> int:
    """Return how many bytes of files there are; what several messages carry counts once."""
    return int(snapshot.all(STORED_BY_ALL)[0][0])


def largest_of(snapshot: Snapshot, owner: str, most: int) -> list[StoredFile]:
    """Return the largest files that messages of a person carry, the largest first."""
    return [to_file(row) for row in snapshot.all(LARGEST_OF, owner=owner, most=most)]


def largest_conversations(snapshot: Snapshot, most: int) -> list[ConversationSize]:
    """Return the conversations whose files take most, the largest first."""
    size, place = func.sum(attachments.c.size), attachments.c.conversation_id
    by_conversation = (
        select(place, func.count(), size)
        .where(place.is_not(None))
        .group_by(place)
        .order_by(size.desc(), place)
        .limit(most)
    )
    rows: list[Any] = list(snapshot.execute(by_conversation))
    return [ConversationSize(place, files, int(size)) for place, files, size in rows]


def add(transaction: Transaction, file: StoredFile) -> None:
    """Enter a file that no message uses yet."""
    _insert(transaction, file, conversation_id=None, seq=None, position=None, stored=None)


def add_copy(
    transaction: Transaction, file: StoredFile, conversation: str, seq: int, position: int
) -> None:
    """Enter a forwarded file with the message that carries it; its bytes are another's."""
    _insert(
        transaction,
        file,
        conversation_id=conversation,
        seq=seq,
        position=position,
        stored=file.stored,
    )


def _insert(transaction: Transaction, file: StoredFile, **place: str | int | None) -> None:
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
        ground=file.ground,
        **place,
    )


def claim(
    transaction: Transaction, file: StoredFile, conversation: str, seq: int, position: int
) -> bool:
    """Bind an unused file to a message; return whether it was still there to be bound."""
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
    """Return the files of a stretch of messages, in their order."""
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


def before(
    snapshot: Snapshot, conversation: str, after: int, wanted: FilesWanted
) -> tuple[list[StoredFile], bool]:
    """Return the files that are wanted, the newest first, and whether there are older ones."""
    of_kind = (
        attachments.c.conversation_id == conversation,
        attachments.c.seq > after,
        _of_kind(wanted.kind),
    )
    numbers = (
        select(attachments.c.seq)
        .distinct()
        .where(*of_kind, attachments.c.seq < wanted.before)
        .order_by(attachments.c.seq.desc())
        .limit(wanted.limit + 1)
    )
    seqs = list(snapshot.execute(numbers).scalars())
    kept = seqs[: wanted.limit]
    statement = (
        select(*FILE)
        .where(*of_kind, attachments.c.seq.in_(kept))
        .order_by(attachments.c.seq.desc(), attachments.c.position)
    )
    files = [to_file(tuple(row)) for row in snapshot.execute(statement)] if kept else []
    return files, len(seqs) > wanted.limit


def _of_kind(kind: FileKind) -> ColumnElement[bool]:
    kind_of = attachments.c.type
    audio = kind_of.like("audio/%")
    media = or_(kind_of.like("image/%"), kind_of.like("video/%"))
    found = {FileKind.AUDIO: audio, FileKind.MEDIA: media, FileKind.FILE: ~or_(audio, media)}
    return found[kind]


def remove_of_message(transaction: Transaction, conversation: str, seq: int) -> list[str]:
    """Remove a message's files and return the ids under which their bytes are stored."""
    rows = transaction.returning(DELETE_OF_MESSAGE, conversation=conversation, seq=seq)
    return [row[0] for row in rows]


def remove_unused(transaction: Transaction, owner: str, attachment: str) -> bool:
    """Remove an upload that no message uses; return whether there was one."""
    return transaction.run(DELETE_UNUSED, attachment=attachment, owner=owner) == 1


def remove_forgotten(transaction: Transaction, before: int, most: int) -> list[str]:
    """Remove uploads that waited too long for a message and return their ids."""
    rows = transaction.returning(DELETE_FORGOTTEN, before=before, most=most)
    return [row[0] for row in rows]


def known_among(snapshot: Snapshot, ids: Sequence[str]) -> set[str]:
    """Return under which of these ids bytes are stored that belong to a file."""
    own = select(attachments.c.id).where(attachments.c.id.in_(ids), attachments.c.stored.is_(None))
    shared = select(attachments.c.stored).where(attachments.c.stored.in_(ids))
    return set(snapshot.execute(union(own, shared)).scalars())


def to_file(row: Row) -> StoredFile:
    """Return the file of a row of `FILE`."""
    return StoredFile(*[*row[:9], bool(row[9]), *row[10:13], bool(row[13]), row[14]])
