"""The tables of server invitations and waiting registrations, and their queries."""

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)

from echosphere.accounts import AccountRole, StoredPassword
from echosphere.admission.invite import ServerInvite, token_of
from echosphere.admission.registration import WaitingRegistration
from echosphere.core.clock import DAY
from echosphere.core.ids import new_id, token_hash
from echosphere.database import (
    Command,
    Identifier,
    Milliseconds,
    Snapshot,
    Text,
    Transaction,
    metadata,
)
from echosphere.database import insert as insert_or_replace

MAX_WAIT = 30 * DAY
"""How long a registration waits; whoever still wants an account registers again."""

invites = Table(
    "server_invites",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_by", ForeignKey("users.id")),  # null for the owner's and the command line's
    Column("created_at", Milliseconds, nullable=False),
    Column("expires_at", Milliseconds),
    Column("max_uses", Integer),
    Column("uses", Integer, nullable=False),
    Column("role", String(16), nullable=False),
    Column("contact", Boolean, nullable=False),
    Column("groups", Text, nullable=False),  # ids, separated by spaces
    Column("email", String(254)),
    Column("revoked_at", Milliseconds),
    Index(None, "created_by"),
)

waiting = Table(
    "waiting_registrations",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("password", Text, nullable=False),
    Column("created_at", Milliseconds, nullable=False),
)

# A row for a server that had people before there were modes: it keeps the one that it had.
kept_mode = Table("kept_registration_mode", metadata, Column("mode", String(16), primary_key=True))

INVITE = tuple(invites.c[name] for name in ServerInvite._fields)
WAITING = (waiting.c.id, waiting.c.email, waiting.c.name, waiting.c.created_at)

_makes_owner = and_(invites.c.created_by.is_(None), invites.c.role == AccountRole.OWNER.value)
_usable = and_(
    invites.c.revoked_at.is_(None),
    or_(invites.c.expires_at.is_(None), invites.c.expires_at > bindparam("now")),
    or_(invites.c.max_uses.is_(None), invites.c.uses < invites.c.max_uses),
)


_waits = waiting.c.created_at > bindparam("since")


def _since(snapshot: Snapshot) -> dict[str, int]:
    return {"since": snapshot.now - MAX_WAIT}


def find_kept_mode(snapshot: Snapshot) -> str | None:
    """Return the mode of a server that had people before there were modes; None for others."""
    return snapshot.execute(select(kept_mode.c.mode)).scalar()


def insert_invite(transaction: Transaction, invite: ServerInvite) -> None:
    """Insert an invite."""
    transaction.execute(insert(invites).values(**invite._asdict()))


def find_usable(snapshot: Snapshot, hashed: str) -> ServerInvite | None:
    """Return the invite of a token's hash if it is neither revoked, expired nor used up."""
    return _find_usable(snapshot, invites.c.token_hash == hashed)


def find_usable_by_id(snapshot: Snapshot, invite: str) -> ServerInvite | None:
    """Return an invite if it is neither revoked, expired nor used up."""
    return _find_usable(snapshot, invites.c.id == invite)


def _find_usable(snapshot: Snapshot, condition: ColumnElement[bool]) -> ServerInvite | None:
    statement = select(*INVITE).where(condition, _usable)
    row = snapshot.execute(statement, {"now": snapshot.now}).first()
    return None if row is None else ServerInvite._make(row)


def find_owner_invite(snapshot: Snapshot) -> ServerInvite | None:
    """Return the usable invite for the server's owner, or None."""
    return _find_usable(snapshot, _makes_owner)


def revoke_owner_invites(transaction: Transaction) -> None:
    """Revoke the invites for the server's owner that were not used."""
    unused = update(invites).where(_makes_owner, _usable)
    transaction.execute(unused.values(revoked_at=transaction.now), {"now": transaction.now})


def usable_invites(snapshot: Snapshot, maker: str | None) -> list[ServerInvite]:
    """Return the usable invites of one maker, or of all, the newest first."""
    statement = select(*INVITE).where(_usable, not_(_makes_owner))
    if maker is not None:
        statement = statement.where(invites.c.created_by == maker)
    ordered = statement.order_by(invites.c.created_at.desc(), invites.c.id)
    return [ServerInvite._make(row) for row in snapshot.execute(ordered, {"now": snapshot.now})]


def use_invite(transaction: Transaction, invite: str) -> bool:
    """Count a use; return False if none was left, also to others at the same moment."""
    statement = update(invites).where(invites.c.id == invite, _usable)
    used = transaction.execute(statement.values(uses=invites.c.uses + 1), {"now": transaction.now})
    return used.rowcount == 1


def revoke_invite(transaction: Transaction, invite: str, maker: str | None) -> bool:
    """Revoke an invite, of one maker or of anyone; return False if there is none."""
    statement = update(invites).where(
        invites.c.id == invite, invites.c.revoked_at.is_(None), not_(_makes_owner)
    )
    if maker is not None:
        statement = statement.where(invites.c.created_by == maker)
    return transaction.execute(statement.values(revoked_at=transaction.now)).rowcount == 1


def insert_waiting(transaction: Transaction, *, email: str, name: str, password: str) -> str:
    """Insert a registration that waits and return its id; it replaces an older one of the address."""
    registration = new_id()
    values = {
        "id": registration,
        "email": email,
        "name": name,
        "password": password,
        "created_at": transaction.now,
    }
    statement = insert_or_replace(waiting).values(**values)
    transaction.execute(statement.on_conflict_do_update(index_elements=["email"], set_=values))
    return registration


def count_waiting(snapshot: Snapshot) -> int:
    """Return how many registrations wait."""
    return (
        snapshot.execute(
            select(func.count()).select_from(waiting).where(_waits), _since(snapshot)
        ).scalar()
        or 0
    )


def find_waiting_password(snapshot: Snapshot, email: str) -> StoredPassword | None:
    """Return the stored password of a registration that waits, or None."""
    statement = select(waiting.c.id, waiting.c.password).where(waiting.c.email == email, _waits)
    row = snapshot.execute(statement, _since(snapshot)).first()
    return None if row is None else StoredPassword(row.id, row.password, waiting=True)


def list_waiting(snapshot: Snapshot, offset: int, limit: int) -> list[WaitingRegistration]:
    """Return a page of the registrations that wait, the oldest first."""
    ordered = select(*WAITING).where(_waits).order_by(waiting.c.created_at, waiting.c.id)
    rows = snapshot.execute(ordered.offset(offset).limit(limit), _since(snapshot))
    return [WaitingRegistration._make(row) for row in rows]


def take_waiting(transaction: Transaction, registration: str) -> tuple[str, str, str] | None:
    """Delete a registration that waits; return address, name and stored password, or None."""
    statement = delete(waiting).where(waiting.c.id == registration, _waits)
    returned = statement.returning(waiting.c.email, waiting.c.name, waiting.c.password)
    row = transaction.execute(returned, _since(transaction)).first()
    return None if row is None else (row.email, row.name, row.password)


def delete_waiting_of(transaction: Transaction, email: str) -> bool:
    """Delete what waits of an address that has an account now; return whether something did."""
    return transaction.execute(delete(waiting).where(waiting.c.email == email)).rowcount > 0


def shift_waiting(transaction: Transaction, by: int) -> None:
    """Have registrations wait as long as before a leap of the clock."""
    transaction.execute(update(waiting).values(created_at=waiting.c.created_at + by))


class DeleteExpiredWaiting(Command[None]):
    """Delete registrations that no one answered in time."""

    def run(self, transaction: Transaction) -> None:
        """Delete them."""
        transaction.execute(
            delete(waiting).where(waiting.c.created_at <= transaction.now - MAX_WAIT)
        )


def renewed_token(transaction: Transaction, invite: ServerInvite, secret: str) -> str:
    """Return the token of an invite; where the secret has changed since, it gets another one."""
    token = token_of(secret, invite.id)
    if token_hash(token) != invite.token_hash:
        changed = update(invites).where(invites.c.id == invite.id)
        transaction.execute(changed.values(token_hash=token_hash(token)))
    return token
