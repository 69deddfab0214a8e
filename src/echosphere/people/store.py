"""Who is around whom: the people with whom somebody shares a contact or a conversation.

It joins the tables of contacts and conversations, like the inbox, and has one of its own.
"""

from collections.abc import Collection

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Select,
    String,
    Table,
    and_,
    bindparam,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement

from echosphere.contacts.store import blocks, contacts, past_contacts
from echosphere.conversations.store import members
from echosphere.core.ids import new_id
from echosphere.database import (
    Identifier,
    Milliseconds,
    Prepared,
    Snapshot,
    Text,
    Transaction,
    metadata,
)

reports = Table(
    "reports",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("reporter_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("conversation_id", Identifier),
    Column("seq", BigInteger),
    Column("reason", String(32), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", Milliseconds, nullable=False),
)

PUSHED_UP_TO = 200
"""Members: those of larger groups are asked about, and not told, who comes and goes."""

_mine, _theirs, _all = members.alias("mine"), members.alias("theirs"), members.alias("all")
_size = (
    select(func.count())
    .select_from(_all)
    .where(_all.c.conversation_id == _mine.c.conversation_id, _all.c.left == false())
    .correlate(_mine)
    .scalar_subquery()
)


def _around(*conditions: ColumnElement[bool]) -> Select[tuple[str]]:
    """Select the ids of a viewer's contacts, and of those who share a conversation with them."""
    sharing = (
        select(_theirs.c.user_id.label("id"))
        .join(_mine, _theirs.c.conversation_id == _mine.c.conversation_id)
        .where(
            _mine.c.user_id == bindparam("viewer"),
            _mine.c.left == false(),
            _theirs.c.left == false(),
            _theirs.c.user_id != bindparam("viewer"),
            *conditions,
        )
    )
    known = select(contacts.c.contact_id.label("id")).where(
        contacts.c.user_id == bindparam("viewer")
    )
    found = sharing.union(known).subquery("around")
    return select(found.c.id)


def _not_blocked(found: Select[tuple[str]]) -> Select[tuple[str]]:
    """Leave those out between whom and the viewer there is a block, whoever set it."""
    other = found.selected_columns.id
    either = or_(
        and_(blocks.c.user_id == bindparam("viewer"), blocks.c.blocked_id == other),
        and_(blocks.c.user_id == other, blocks.c.blocked_id == bindparam("viewer")),
    )
    return found.where(~exists().where(either))


SEEN = _not_blocked(_around())
AROUND = Prepared(SEEN)
AUDIENCE = Prepared(_not_blocked(_around(_size <= PUSHED_UP_TO)))
_one_around = _around()
IS_AROUND = Prepared(_one_around.where(_one_around.selected_columns.id == bindparam("other")))
_ever_sharing = (
    select(_theirs.c.user_id)
    .join(_mine, _theirs.c.conversation_id == _mine.c.conversation_id)
    .where(_mine.c.user_id == bindparam("viewer"), _theirs.c.user_id == bindparam("other"))
)
_known, _once_known = (
    select(table.c.contact_id).where(
        table.c.user_id == bindparam("viewer"), table.c.contact_id == bindparam("other")
    )
    for table in (contacts, past_contacts)
)
_blocked = select(blocks.c.blocked_id).where(
    blocks.c.user_id == bindparam("viewer"), blocks.c.blocked_id == bindparam("other")
)
HAVE_MET = Prepared(union_all(_ever_sharing, _known, _once_known, _blocked))
INSERT_REPORT = Prepared(insert(reports).values({c.name: bindparam(c.name) for c in reports.c}))


def people_around(snapshot: Snapshot, person: str) -> frozenset[str]:
    """Return all who see how somebody looks now: contacts, fellow members; nobody across a block."""
    return frozenset(row[0] for row in snapshot.all(AROUND, viewer=person))


def are_around(snapshot: Snapshot, viewer: str, other: str) -> bool:
    """Whether one person sees another's profile."""
    return snapshot.first(IS_AROUND, viewer=viewer, other=other) is not None


def have_met(snapshot: Snapshot, viewer: str, other: str) -> bool:
    """Whether one person has ever known of another.

    They are or were contacts, or both are or were members of one conversation, or the viewer has
    blocked the other already.
    """
    return snapshot.first(HAVE_MET, viewer=viewer, other=other) is not None


def audience_of_person(snapshot: Snapshot, person: str) -> frozenset[str]:
    """Return those who are told at once when somebody comes or goes; nobody across a block."""
    return frozenset(row[0] for row in snapshot.all(AUDIENCE, viewer=person))


def those_seen_by(snapshot: Snapshot, viewer: str, wanted: Collection[str]) -> set[str]:
    """Return those of these people whom a person may see come and go; nobody across a block."""
    statement = SEEN.where(SEEN.selected_columns.id.in_(wanted))
    return set(snapshot.execute(statement, {"viewer": viewer}).scalars())


def insert_report(
    transaction: Transaction,
    *,
    reporter: str,
    user: str,
    conversation: str | None,
    seq: int | None,
    reason: str,
    text: str,
) -> None:
    """Keep what somebody reported."""
    transaction.run(
        INSERT_REPORT,
        id=new_id(),
        reporter_id=reporter,
        user_id=user,
        conversation_id=conversation,
        seq=seq,
        reason=reason,
        text=text,
        created_at=transaction.now,
    )
