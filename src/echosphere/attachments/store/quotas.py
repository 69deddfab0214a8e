"""The table of the limits that were set for single people, and who stores how much."""

from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    ForeignKey,
    Table,
    bindparam,
    delete,
    func,
    or_,
    select,
)

from echosphere.accounts import AccountClosed, accounts_for_storage
from echosphere.attachments.attachment import StorageWanted
from echosphere.attachments.store import PAYER, attachments
from echosphere.database import Prepared, Snapshot, Transaction, insert, metadata

storage_quotas = Table(
    "storage_quotas",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("bytes", BigInteger, nullable=False),  # 0 for any number
)

_of_owner = storage_quotas.c.user_id == bindparam("owner")
FIND = Prepared(select(storage_quotas.c.bytes).where(_of_owner))
DELETE = Prepared(delete(storage_quotas).where(_of_owner))

_files = (
    select(
        PAYER.label("payer"),
        func.coalesce(attachments.c.stored, attachments.c.id).label("stored"),
        attachments.c.size,
    )
    .distinct()
    .subquery()
)
_stored = (
    select(_files.c.payer, func.count().label("files"), func.sum(_files.c.size).label("bytes"))
    .group_by(_files.c.payer)
    .subquery()
)
_program_files = (
    select(
        attachments.c.charged_to,
        func.coalesce(attachments.c.stored, attachments.c.id).label("stored"),
        attachments.c.size,
    )
    .where(attachments.c.charged_to.is_not(None))
    .distinct()
    .subquery()
)
_by_programs = (
    select(_program_files.c.charged_to, func.sum(_program_files.c.size).label("bytes"))
    .group_by(_program_files.c.charged_to)
    .subquery()
)


class PersonUsage(NamedTuple):
    """What the files of a person, and of their programs, take.

    Attributes:
        email: None if the account is closed.
        used: Bytes; a file that was sent several times counts once.
        by_programs: Those of them that their bots and webhooks sent.
        own_quota: The limit that was set for them alone, in bytes, 0 for none; None if none was set.
    """

    user_id: str
    name: str
    email: str | None
    role: str
    avatar_url: str | None
    files: int
    used: int
    by_programs: int
    own_quota: int | None


def find_quota(snapshot: Snapshot, owner: str) -> int | None:
    """Return the limit that was set for one user, in bytes, 0 for none; None if none was set."""
    row = snapshot.first(FIND, owner=owner)
    return None if row is None else int(row[0])


def save_quota(transaction: Transaction, owner: str, size: int | None) -> None:
    """Set the limit of one user in bytes, 0 for none; with None that of everyone holds."""
    if size is None:
        transaction.run(DELETE, owner=owner)
        return
    statement = insert(storage_quotas).values(user_id=owner, bytes=size)
    transaction.execute(
        statement.on_conflict_do_update(index_elements=["user_id"], set_={"bytes": size})
    )


def forget_quota(transaction: Transaction, event: AccountClosed) -> None:
    """Forget the limit of someone whose account is closed."""
    save_quota(transaction, event.user_id, None)


def usage_by_person(snapshot: Snapshot, wanted: StorageWanted) -> list[PersonUsage]:
    """Return a page of the people; closed accounts only while messages keep files of theirs."""
    people = accounts_for_storage(wanted.query)
    files, used = func.coalesce(_stored.c.files, 0), func.coalesce(_stored.c.bytes, 0)
    orders: dict[str, tuple[ColumnElement[object], ...]] = {
        "used": (used.desc(), files.desc()),
        "files": (files.desc(), used.desc()),
        "name": (),
    }
    statement = (
        select(
            *people.c,
            files,
            used,
            func.coalesce(_by_programs.c.bytes, 0),
            storage_quotas.c.bytes,
        )
        .outerjoin(_stored, _stored.c.payer == people.c.id)
        .outerjoin(_by_programs, _by_programs.c.charged_to == people.c.id)
        .outerjoin(storage_quotas, storage_quotas.c.user_id == people.c.id)
        .where(or_(people.c.email.is_not(None), _stored.c.files > 0))
        .order_by(*orders[wanted.sort], func.lower(people.c.name), people.c.id)
        .offset(wanted.offset)
        .limit(wanted.limit)
    )
    if wanted.own_quota:
        statement = statement.where(storage_quotas.c.bytes.is_not(None))
    rows: list[Any] = list(snapshot.execute(statement))
    return [
        PersonUsage._make((*row[:5], int(row[5]), int(row[6]), int(row[7]), row[8])) for row in rows
    ]
