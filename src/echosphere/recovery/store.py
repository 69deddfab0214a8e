"""The table of one-time links and its queries."""

from sqlalchemy import Column, ForeignKey, String, Table, delete, insert, select, update

from echosphere.database import Command, Milliseconds, Snapshot, Transaction, metadata
from echosphere.recovery.link import OneTimeLink

one_time_links = Table(
    "one_time_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("purpose", String(16), nullable=False),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("email", String(254)),  # the address it was sent to
    Column("credentials", String(64), nullable=False),  # it is void once they are others
    Column("created_at", Milliseconds, nullable=False),
    Column("expires_at", Milliseconds, nullable=False, index=True),
    Column("used_at", Milliseconds),
)

_links = one_time_links.c
_LINK = (
    _links.purpose,
    _links.user_id,
    _links.email,
    _links.credentials,
    _links.expires_at,
    _links.used_at.is_not(None),
)


def insert_link(transaction: Transaction, token_hash: str, link: OneTimeLink) -> None:
    """Insert a new link."""
    transaction.execute(
        insert(one_time_links).values(
            token_hash=token_hash,
            purpose=link.purpose,
            user_id=link.user_id,
            email=link.email,
            credentials=link.credentials,
            created_at=transaction.now,
            expires_at=link.expires_at,
        )
    )


def find_link(snapshot: Snapshot, token_hash: str) -> OneTimeLink | None:
    """Return the link of a token's hash, used or not, or None."""
    row = snapshot.execute(select(*_LINK).where(_links.token_hash == token_hash)).first()
    return None if row is None else OneTimeLink(*tuple(row))


def consume_link(transaction: Transaction, token_hash: str, purpose: str) -> OneTimeLink | None:
    """Mark a link as used and return it; None if it was used, has expired or never existed.

    Of several at the same time, one gets it.
    """
    unused = (
        _links.token_hash == token_hash,
        _links.purpose == purpose,
        _links.used_at.is_(None),
        _links.expires_at > transaction.now,
    )
    statement = update(one_time_links).where(*unused).values(used_at=transaction.now)
    row = transaction.execute(statement.returning(*_LINK)).first()
    return None if row is None else OneTimeLink(*tuple(row))


def delete_links(transaction: Transaction, user_id: str, *purposes: str) -> None:
    """Delete a user's links of these purposes."""
    owned = (_links.user_id == user_id, _links.purpose.in_(purposes))
    transaction.execute(delete(one_time_links).where(*owned))


class DeleteExpiredLinks(Command[None]):
    """Delete the links that have expired."""

    def run(self, transaction: Transaction) -> None:
        """Delete them."""
        transaction.execute(delete(one_time_links).where(_links.expires_at <= transaction.now))
