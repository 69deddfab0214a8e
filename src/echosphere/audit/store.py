"""The tables of the audit log and their queries."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, bindparam, select, update

from echosphere.audit.entry import FIRST_HASH, Entry, EntryHead
from echosphere.database import (
    Command,
    Identifier,
    Milliseconds,
    Prepared,
    Snapshot,
    Text,
    Transaction,
    insert,
    metadata,
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Milliseconds, nullable=False),
    Column("actor", Identifier, nullable=False),
    Column("action", String(64), nullable=False),
    Column("target", Identifier),
    Column("details", Text, nullable=False),  # JSON
    Column("address_hash", String(64)),
    Column("address", String(64)),
    Column("address_salt", String(64)),
    Column("hash", String(64), nullable=False),
    Index(None, "actor", "number"),
    Index(None, "target", "number"),
)

# One row: the last entry. Whoever appends locks it, so that the entries have one order.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)

ENTRY = tuple(audit_log.c)
HEAD = Prepared(select(audit_head.c.number, audit_head.c.hash))
LOCKED_HEAD = Prepared(select(audit_head.c.number, audit_head.c.hash).with_for_update())
MOVE_HEAD = Prepared(
    update(audit_head).values(number=bindparam("to_number"), hash=bindparam("to_hash"))
)
INSERT = Prepared(insert(audit_log).values({c.name: bindparam(c.name) for c in audit_log.c}))


def find_head(snapshot: Snapshot) -> EntryHead:
    """Return the last entry's number and hash."""
    row = snapshot.first(HEAD)
    return EntryHead(0, FIRST_HASH) if row is None else EntryHead(*row)


def lock_head(transaction: Transaction) -> EntryHead:
    """Return the last entry's number and hash; others that append wait for the commit."""
    row = transaction.first(LOCKED_HEAD)
    if row is None:
        first = insert(audit_head).values(id=1, number=0, hash=FIRST_HASH)
        transaction.execute(first.on_conflict_do_nothing(index_elements=["id"]))
        row = transaction.all(LOCKED_HEAD)[0]
    return EntryHead(*row)


def append(transaction: Transaction, entry: Entry) -> None:
    """Insert an entry behind the locked head and move the head to it."""
    transaction.run(INSERT, **entry._asdict())
    transaction.run(MOVE_HEAD, to_number=entry.number, to_hash=entry.hash)


def entries_after(snapshot: Snapshot, number: int, limit: int) -> list[Entry]:
    """Return the next entries, ascending."""
    later = select(*ENTRY).where(audit_log.c.number > number).order_by(audit_log.c.number)
    return [Entry(*tuple(row)) for row in snapshot.execute(later.limit(limit))]


def entries_before(
    snapshot: Snapshot, before: int, limit: int, person: str | None = None
) -> list[Entry]:
    """Return entries with smaller numbers, the newest first; all, or those by or about a person."""
    earlier = select(*ENTRY).where(audit_log.c.number < before)
    if person is not None:
        earlier = earlier.where((audit_log.c.actor == person) | (audit_log.c.target == person))
    newest_first = earlier.order_by(audit_log.c.number.desc()).limit(limit)
    return [Entry(*tuple(row)) for row in snapshot.execute(newest_first)]


def entries_about(snapshot: Snapshot, user_id: str, limit: int) -> list[Entry]:
    """Return what others did to a user's account, the newest first."""
    theirs = (audit_log.c.target == user_id, audit_log.c.actor != user_id)
    statement = select(*ENTRY).where(*theirs).order_by(audit_log.c.number.desc()).limit(limit)
    return [Entry(*tuple(row)) for row in snapshot.execute(statement)]


def forget_addresses_of(transaction: Transaction, user_id: str) -> None:
    """Remove the network addresses of a user; the chain stays whole."""
    known = (audit_log.c.actor == user_id, audit_log.c.address.is_not(None))
    transaction.execute(update(audit_log).where(*known).values(address=None, address_salt=None))


class ForgetAddressesBefore(Command[None]):
    """Remove network addresses that are older; the chain stays whole."""

    moment: int

    def run(self, transaction: Transaction) -> None:
        """Remove them."""
        old = (audit_log.c.at < self.moment, audit_log.c.address.is_not(None))
        transaction.execute(update(audit_log).where(*old).values(address=None, address_salt=None))
