"""The tables of identities at providers, and of what was opened by them, and their queries."""

from typing import NamedTuple

import msgspec
from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
    delete,
    select,
    update,
)

from echosphere.core.clock import DAY
from echosphere.core.ids import new_id
from echosphere.database import (
    Command,
    Identifier,
    Milliseconds,
    Snapshot,
    Transaction,
    insert,
    metadata,
)
from echosphere.openid_connect.claims import Identity

WAITING_FOR = 60 * DAY
"""How long an identity is kept whose registration waits."""

openid_identities = Table(
    "openid_identities",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("issuer", String(500), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), index=True),
    # Instead of a password, while a registration waits for an administrator.
    Column("waiting", String(64), unique=True),
    Column("created_at", Milliseconds, nullable=False),
    Column("used_at", Milliseconds, nullable=False),
    UniqueConstraint("issuer", "subject"),
)

openid_sessions = Table(
    "openid_sessions",
    metadata,
    Column("session_id", ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", Identifier, nullable=False),
    Column("issuer", String(500), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("sid", String(255)),  # of the provider's session
    Index(None, "issuer", "subject"),
)

openid_pending = Table(
    "openid_pending",
    metadata,
    Column("token_hash", String(64), primary_key=True),  # of a sign-in that lacks a second factor
    Column("issuer", String(500), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("sid", String(255)),
    Column("ended_at", Milliseconds),  # the provider signed the person out meanwhile
    Column("expires_at", Milliseconds, nullable=False, index=True),
)

openid_used_tokens = Table(
    "openid_used_tokens",
    metadata,
    Column("token_hash", String(64), primary_key=True),  # of a state, or of a logout token
    Column("expires_at", Milliseconds, nullable=False, index=True),
)

_identities = openid_identities.c


class StoredIdentity(msgspec.Struct, frozen=True):
    """Someone at a provider, and whose account it is; None while a registration waits."""

    id: str
    user_id: str | None
    waiting: str | None


class Linked(NamedTuple):
    """An issuer at which a user signs in, since when, and when they last did."""

    issuer: str
    created_at: int
    used_at: int


def find_identity(snapshot: Snapshot, issuer: str, subject: str) -> StoredIdentity | None:
    """Return an identity, or None."""
    columns = (_identities.id, _identities.user_id, _identities.waiting)
    this = (_identities.issuer == issuer, _identities.subject == subject)
    row = snapshot.execute(select(*columns).where(*this)).first()
    return None if row is None else StoredIdentity(*tuple(row))


def insert_identity(
    transaction: Transaction, identity: Identity, user_id: str | None, waiting: str | None = None
) -> bool:
    """Store an identity; return False if it is stored already."""
    statement = insert(openid_identities).values(
        id=new_id(),
        issuer=identity.issuer,
        subject=identity.subject,
        user_id=user_id,
        waiting=waiting,
        created_at=transaction.now,
        used_at=transaction.now,
    )
    unless_known = statement.on_conflict_do_nothing(index_elements=["issuer", "subject"])
    return transaction.execute(unless_known.returning(_identities.id)).scalar() is not None


def adopt_identity(transaction: Transaction, waiting: str, user_id: str) -> None:
    """Give the identity of a registration that waited to the account that was made of it."""
    this = (_identities.waiting == waiting, _identities.user_id.is_(None))
    values = {"user_id": user_id, "waiting": None}
    transaction.execute(update(openid_identities).where(*this).values(values))


def touch_identity(transaction: Transaction, identity: str) -> None:
    """Store that someone signs in by an identity now."""
    statement = update(openid_identities).where(_identities.id == identity)
    transaction.execute(statement.values(used_at=transaction.now))


def identities_of(snapshot: Snapshot, user_id: str) -> list[Linked]:
    """Return the issuers at which a user signs in."""
    columns = (_identities.issuer, _identities.created_at, _identities.used_at)
    mine = select(*columns).where(_identities.user_id == user_id)
    return [Linked(*tuple(row)) for row in snapshot.execute(mine.order_by(_identities.created_at))]


def delete_identity(transaction: Transaction, identity: str) -> None:
    """Delete an identity."""
    transaction.execute(delete(openid_identities).where(_identities.id == identity))


def delete_identities(transaction: Transaction, user_id: str, issuer: str | None = None) -> int:
    """Delete a user's identities, or those at one issuer; return how many there were."""
    mine = [_identities.user_id == user_id]
    if issuer is not None:
        mine.append(_identities.issuer == issuer)
    return transaction.execute(delete(openid_identities).where(*mine)).rowcount


def insert_session(
    transaction: Transaction, session: str, user_id: str, identity: Identity
) -> None:
    """Store by whom a session was opened."""
    values = {"issuer": identity.issuer, "subject": identity.subject, "sid": identity.sid}
    statement = insert(openid_sessions).values(session_id=session, user_id=user_id)
    transaction.execute(statement.values(**values))


def follow_session(transaction: Transaction, session: str, identity: Identity) -> None:
    """Store the provider's session of now for a session that the same person opened before."""
    one = openid_sessions.c
    same = (one.issuer == identity.issuer, one.subject == identity.subject)
    statement = update(openid_sessions).where(one.session_id == session, *same)
    transaction.execute(statement.values(sid=identity.sid))


def sessions_of(
    snapshot: Snapshot, issuer: str, subject: str | None, sid: str | None
) -> list[tuple[str, str]]:
    """Return the sessions, and whose they are, that a person or a session of a provider opened."""
    one = openid_sessions.c
    these = [one.issuer == issuer]
    these += [one.subject == subject] if subject is not None else []
    these += [one.sid == sid] if sid is not None else []
    statement = select(one.session_id, one.user_id).where(*these)
    return [(row.session_id, row.user_id) for row in snapshot.execute(statement)]


def sessions_opened_by(snapshot: Snapshot, user_id: str, issuer: str) -> list[str]:
    """Return the sessions of a user that a provider opened."""
    one = openid_sessions.c
    statement = select(one.session_id).where(one.user_id == user_id, one.issuer == issuer)
    return list(snapshot.execute(statement).scalars())


def forget_sessions(transaction: Transaction, user_id: str, issuer: str) -> None:
    """Forget which sessions of a user a provider opened."""
    one = openid_sessions.c
    these = (one.user_id == user_id, one.issuer == issuer)
    transaction.execute(delete(openid_sessions).where(*these))


def void_pending_of(transaction: Transaction, user_id: str, issuer: str) -> None:
    """Void the sign-ins of a user by a provider that lack a second factor."""
    mine = select(_identities.subject).where(
        _identities.user_id == user_id, _identities.issuer == issuer
    )
    for subject in list(transaction.execute(mine).scalars()):
        end_pending(transaction, issuer, subject, None)


def insert_pending(
    transaction: Transaction, token_hash: str, identity: Identity, expires_at: int
) -> None:
    """Store by whom a sign-in was begun that lacks a second factor."""
    values = {"issuer": identity.issuer, "subject": identity.subject, "sid": identity.sid}
    statement = insert(openid_pending).values(token_hash=token_hash, expires_at=expires_at)
    transaction.execute(statement.values(**values))


def end_pending(
    transaction: Transaction, issuer: str, subject: str | None, sid: str | None
) -> None:
    """Void the sign-ins of a person, or of a session, that lack a second factor."""
    one = openid_pending.c
    these = [one.issuer == issuer]
    these += [one.subject == subject] if subject is not None else []
    these += [one.sid == sid] if sid is not None else []
    transaction.execute(update(openid_pending).where(*these).values(ended_at=transaction.now))


def finish_pending(transaction: Transaction, token_hash: str, session: str, user_id: str) -> bool:
    """Store by whom a session was opened after its second factor; return False if it was voided.

    Other sign-ins, those with a password, are not known here, and go on.
    """
    this = openid_pending.c.token_hash == token_hash
    columns = [openid_pending.c[name] for name in ("issuer", "subject", "sid", "ended_at")]
    row = transaction.execute(delete(openid_pending).where(this).returning(*columns)).first()
    if row is None:
        return True
    if row.ended_at is not None:
        return False
    values = {"issuer": row.issuer, "subject": row.subject, "sid": row.sid}
    statement = insert(openid_sessions).values(session_id=session, user_id=user_id)
    transaction.execute(statement.values(**values))
    return True


def use_token(transaction: Transaction, token_hash: str, expires_at: int) -> bool:
    """Use something up that comes once; return False if it was used before."""
    statement = insert(openid_used_tokens).values(token_hash=token_hash, expires_at=expires_at)
    unless_used = statement.on_conflict_do_nothing(index_elements=["token_hash"])
    returned = unless_used.returning(openid_used_tokens.c.token_hash)
    return transaction.execute(returned).scalar() is not None


class UseToken(Command[bool]):
    """Use something up that comes once; see `use_token`."""

    token_hash: str
    expires_at: int

    def run(self, transaction: Transaction) -> bool:
        """Use it up."""
        return use_token(transaction, self.token_hash, self.expires_at)


class DeleteExpiredIdentities(Command[None]):
    """Delete what has expired, and identities whose registration was never approved."""

    def run(self, transaction: Transaction) -> None:
        """Delete them."""
        now, used, pending = transaction.now, openid_used_tokens, openid_pending
        transaction.execute(delete(used).where(used.c.expires_at <= now))
        transaction.execute(delete(pending).where(pending.c.expires_at <= now))
        forgotten = (_identities.user_id.is_(None), _identities.used_at < now - WAITING_FOR)
        transaction.execute(delete(openid_identities).where(*forgotten))
