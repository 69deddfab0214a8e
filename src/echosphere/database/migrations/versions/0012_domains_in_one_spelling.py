"""Domains of stored e-mail addresses in one spelling: letters instead of `xn--`."""

import logging

import idna
import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

log = logging.getLogger(__name__)

users = sa.table("users", sa.column("id"), sa.column("email"))
requests = sa.table("contact_requests", sa.column("id"), sa.column("to_email"))
contacts = sa.table("contacts", sa.column("user_id"), sa.column("contact_id"), sa.column("email"))


def upgrade() -> None:
    connection = op.get_bind()
    for row in connection.execute(_encoded(users, users.c.email)).all():
        taken = sa.select(users.c.id).where(users.c.email == _in_letters(row.email))
        if connection.execute(taken).first() is not None:
            # Both go on; this one signs in no more, and its owner needs the operator.
            log.warning("The account %s has an address that another one has in letters", row.id)
            continue
        new = {"email": _in_letters(row.email)}
        connection.execute(sa.update(users).where(users.c.id == row.id).values(**new))
    for table, column in ((requests, requests.c.to_email), (contacts, contacts.c.email)):
        for row in connection.execute(_encoded(table, column)).all():
            old = getattr(row, column.name)
            new = {column.name: _in_letters(old)}
            connection.execute(sa.update(table).where(column == old).values(**new))


def _encoded(table: sa.TableClause, column: sa.ColumnClause[str]) -> sa.Select[tuple[str]]:
    return sa.select(table).where(column.like("%@%xn--%"))


def _in_letters(email: str) -> str:
    local, _, domain = email.rpartition("@")
    try:
        return f"{local}@{idna.decode(domain)}"
    except idna.IDNAError:
        return email
