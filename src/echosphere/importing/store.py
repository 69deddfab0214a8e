"""The tables of what was imported, and their queries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    bindparam,
    delete,
    false,
    func,
    insert,
    literal_column,
    select,
    true,
    update,
)

from echosphere.database import (
    Prepared,
    Row,
    Snapshot,
    Transaction,
    as_list,
    in_list,
    metadata,
)

imported_people = Table(
    "imported_people",
    metadata,
    Column("source", String(200), primary_key=True),
    Column("person", String(200), primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("email", String(254), index=True),
    Column("placeholder", Boolean, nullable=False),  # the user has no account
)
imported_conversations = Table(
    "imported_conversations",
    metadata,
    Column("source", String(200), primary_key=True),
    Column("conversation", String(200), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False, unique=True),
    Column("kind", String(8), nullable=False),  # there: direct, group
    Column("last_seq", BigInteger, nullable=False),  # of the last imported message
    Column("finished", Boolean, nullable=False),  # its members see it
)
imported_members = Table(
    "imported_members",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("user_id", ForeignKey("users.id"), primary_key=True, index=True),
    Column("role", String(8), nullable=False),
)
imported_messages = Table(
    "imported_messages",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("message", String(200), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Index("ix_imported_messages_seq", "conversation_id", "seq"),
)

_people = imported_people.c
_conversations = imported_conversations.c
_members = imported_members.c
_messages = imported_messages.c
_this_person = (_people.source == bindparam("of")) & (_people.person == bindparam("who"))
_this = _conversations.conversation_id == bindparam("here")


class ImportedPerson(NamedTuple):
    """A person of a source, and who that is here.

    Attributes:
        placeholder: They have no account here.
    """

    source: str
    person: str
    user_id: str
    email: str | None
    placeholder: bool


class ImportedConversation(NamedTuple):
    """A conversation of a source, and which that is here.

    Attributes:
        kind: What it was there.
        last_seq: That of the last imported message.
        finished: Its members see it.
    """

    source: str
    conversation: str
    conversation_id: str
    kind: str
    last_seq: int
    finished: bool


PEOPLE = Prepared(
    select(*_people).where(_people.source == bindparam("of"), in_list(_people.person, "persons"))
)
LOCKED_PEOPLE = Prepared(
    select(*_people)
    .where(_people.source == bindparam("of"), in_list(_people.person, "persons"))
    .order_by(_people.person)
    .with_for_update(read=True)
)
PERSON_OF = Prepared(select(*_people).where(_people.user_id == bindparam("user")))
WAITING = Prepared(
    select(*_people).where(_people.email == bindparam("address"), _people.placeholder == true())
)
PLACEHOLDERS = Prepared(
    select(*_people)
    .where(_people.placeholder == true())
    .order_by(_people.source, _people.person)
    .limit(bindparam("limit"))
)
ADD_PERSON = Prepared(insert(imported_people).values({c.name: bindparam(c.name) for c in _people}))
CLAIM = Prepared(
    update(imported_people)
    .where(_people.user_id == bindparam("before"), _people.placeholder == true())
    .values(user_id=bindparam("after"), placeholder=false())
)
SET_EMAIL = Prepared(update(imported_people).where(_this_person).values(email=bindparam("address")))
CONVERSATION = Prepared(
    select(*_conversations).where(
        _conversations.source == bindparam("of"),
        _conversations.conversation == bindparam("which"),
    )
)
CONVERSATION_HERE = Prepared(select(*_conversations).where(_this))
ADD_CONVERSATION = Prepared(
    insert(imported_conversations).values({c.name: bindparam(c.name) for c in _conversations})
)
SET_LAST = Prepared(
    update(imported_conversations).where(_this).values(last_seq=bindparam("reached"))
)
SET_FINISHED = Prepared(update(imported_conversations).where(_this).values(finished=true()))
ADD_MEMBER = Prepared(
    insert(imported_members).values({c.name: bindparam(c.name) for c in _members})
)
MEMBERS_HERE = Prepared(
    select(_members.user_id, _members.role)
    .where(_members.conversation_id == bindparam("here"))
    .order_by(_members.user_id)
)
CONVERSATIONS_OF = Prepared(
    select(_members.conversation_id)
    .where(_members.user_id == bindparam("user"))
    .order_by(_members.conversation_id)
)
TAKE_MEMBER = Prepared(
    delete(imported_members)
    .where(
        _members.conversation_id == bindparam("here"),
        _members.user_id == bindparam("user"),
    )
    .returning(_members.role)
)
SEQS = Prepared(
    select(_messages.message, _messages.seq).where(
        _messages.conversation_id == bindparam("here"), in_list(_messages.message, "ids")
    )
)
ADD_MESSAGE = Prepared(
    insert(imported_messages).values({c.name: bindparam(c.name) for c in _messages})
)
COUNT_MESSAGES = Prepared(
    select(func.count(literal_column("1"))).where(_messages.conversation_id == bindparam("here"))
)


def find_people(
    snapshot: Snapshot, source: str, people: Iterable[str]
) -> dict[str, ImportedPerson]:
    """Return those of these people of a source who were imported, by their ids there."""
    rows = snapshot.all(PEOPLE, of=source, persons=as_list(people))
    return {row[1]: _person(row) for row in rows}


def lock_people(
    transaction: Transaction, source: str, people: Iterable[str]
) -> dict[str, ImportedPerson]:
    """Like `find_people`; nobody claims them before the end of the transaction."""
    rows = transaction.all(LOCKED_PEOPLE, of=source, persons=as_list(people))
    return {row[1]: _person(row) for row in rows}


def people_of_user(snapshot: Snapshot, user_id: str) -> list[ImportedPerson]:
    """Return who a user is in the sources."""
    return [_person(row) for row in snapshot.all(PERSON_OF, user=user_id)]


def placeholders_with_email(snapshot: Snapshot, email: str) -> list[ImportedPerson]:
    """Return the placeholders of an address."""
    return [_person(row) for row in snapshot.all(WAITING, address=email)]


def placeholders(snapshot: Snapshot, limit: int) -> list[ImportedPerson]:
    """Return the first placeholders that nobody has claimed."""
    return [_person(row) for row in snapshot.all(PLACEHOLDERS, limit=limit)]


def add_person(transaction: Transaction, person: ImportedPerson) -> None:
    """Store who a person of a source is here."""
    transaction.run(ADD_PERSON, **person._asdict())


def set_email(transaction: Transaction, person: ImportedPerson) -> None:
    """Store the address of a person."""
    transaction.run(SET_EMAIL, of=person.source, who=person.person, address=person.email)


def claim(transaction: Transaction, placeholder: str, account: str) -> bool:
    """Store that a placeholder is the owner of an account; return False if somebody else is."""
    return transaction.run(CLAIM, before=placeholder, after=account) > 0


def find_conversation(
    snapshot: Snapshot, source: str, conversation: str
) -> ImportedConversation | None:
    """Return a conversation of a source, if it was begun to be imported."""
    row = snapshot.first(CONVERSATION, of=source, which=conversation)
    return None if row is None else _conversation(row)


def find_conversation_here(snapshot: Snapshot, conversation: str) -> ImportedConversation | None:
    """Return a conversation by its id here, if it was imported."""
    row = snapshot.first(CONVERSATION_HERE, here=conversation)
    return None if row is None else _conversation(row)


def add_conversation(transaction: Transaction, conversation: ImportedConversation) -> None:
    """Store that a conversation is being imported."""
    transaction.run(ADD_CONVERSATION, **conversation._asdict())


def set_last_seq(transaction: Transaction, conversation: str, seq: int) -> None:
    """Store the seq of the last imported message."""
    transaction.run(SET_LAST, here=conversation, reached=seq)


def set_finished(transaction: Transaction, conversation: str) -> None:
    """Store that the members of a conversation see it."""
    transaction.run(SET_FINISHED, here=conversation)


def add_members(transaction: Transaction, conversation: str, roles: Mapping[str, str]) -> None:
    """Store placeholders who were members, so that they become some when they are claimed."""
    transaction.run_many(
        ADD_MEMBER,
        (
            {"conversation_id": conversation, "user_id": user_id, "role": role}
            for user_id, role in roles.items()
        ),
    )


def waiting_members(snapshot: Snapshot, conversation: str) -> dict[str, str]:
    """Return the placeholders who were members of a conversation, with their roles."""
    return {row[0]: row[1] for row in snapshot.all(MEMBERS_HERE, here=conversation)}


def conversations_waiting_for(snapshot: Snapshot, user_id: str) -> list[str]:
    """Return the ids of the conversations in which a placeholder wrote or was a member."""
    return [row[0] for row in snapshot.all(CONVERSATIONS_OF, user=user_id)]


def take_member(transaction: Transaction, conversation: str, user_id: str) -> str | None:
    """Remove a placeholder from those who were members, and return the role; None if it was none."""
    rows = transaction.returning(TAKE_MEMBER, here=conversation, user=user_id)
    return rows[0][0] if rows else None


def seqs_of(snapshot: Snapshot, conversation: str, ids: Sequence[str]) -> dict[str, int]:
    """Return the seqs of those of these messages of a source that were imported, by their ids."""
    return dict(snapshot.all(SEQS, here=conversation, ids=as_list(ids)))


def ids_of(snapshot: Snapshot, conversation: str, seqs: Collection[int]) -> dict[int, str]:
    """Return the ids in the source of those of these messages that were imported, by their seqs."""
    statement = select(_messages.seq, _messages.message).where(
        _messages.conversation_id == conversation, _messages.seq.in_(seqs)
    )
    return {int(seq): str(message) for seq, message in map(tuple, snapshot.execute(statement))}


def count_messages(snapshot: Snapshot, conversation: str) -> int:
    """Return how many messages of a conversation were imported."""
    return int(snapshot.all(COUNT_MESSAGES, here=conversation)[0][0])


def add_messages(transaction: Transaction, conversation: str, seqs: Mapping[str, int]) -> None:
    """Store which messages were imported."""
    transaction.run_many(
        ADD_MESSAGE,
        (
            {"conversation_id": conversation, "message": message, "seq": seq}
            for message, seq in seqs.items()
        ),
    )


def _person(row: Row) -> ImportedPerson:
    source, person, user_id, email, placeholder = row
    return ImportedPerson(source, person, user_id, email, bool(placeholder))


def _conversation(row: Row) -> ImportedConversation:
    source, conversation, conversation_id, kind, last_seq, finished = row
    return ImportedConversation(
        source, conversation, conversation_id, kind, last_seq, bool(finished)
    )
