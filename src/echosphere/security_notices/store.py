"""The table of security events and its queries."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, delete, insert, select, update

from echosphere.accounts import SecurityEvent
from echosphere.core.ids import new_id
from echosphere.database import Identifier, Milliseconds, Row, Snapshot, Transaction, metadata

security_events = Table(
    "security_events",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("device", String(200), nullable=False),
    Column("address", String(64), nullable=False),
    Column("actor_id", String(64)),  # the administrator who did it
    Column("created_at", Milliseconds, nullable=False),
    Index(None, "user_id", "created_at"),
)

_events = security_events.c


def insert_event(transaction: Transaction, event: SecurityEvent) -> str:
    """Insert an event and return its id."""
    made = new_id()
    transaction.execute(
        insert(security_events).values(
            id=made,
            user_id=event.user_id,
            kind=event.kind,
            device=event.device,
            address=event.address,
            actor_id=event.actor_id,
            created_at=transaction.now,
        )
    )
    return made


def has_event_since(snapshot: Snapshot, event: SecurityEvent, since: int) -> bool:
    """Whether there was the same event on the same device after a time."""
    same = (
        _events.user_id == event.user_id,
        _events.kind == event.kind,
        _events.device == event.device,
        _events.address == event.address,
        _events.created_at > since,
    )
    return snapshot.execute(select(_events.id).where(*same).limit(1)).first() is not None


def events_of(snapshot: Snapshot, user_id: str, limit: int) -> list[Row]:
    """Return id, kind, device, address, actor and time of a user's events, the newest first."""
    columns = (
        _events.id,
        _events.kind,
        _events.device,
        _events.address,
        _events.actor_id,
        _events.created_at,
    )
    statement = select(*columns).where(_events.user_id == user_id)
    newest = statement.order_by(_events.created_at.desc(), _events.id.desc()).limit(limit)
    return [tuple(row) for row in snapshot.execute(newest)]


def delete_events_of(transaction: Transaction, user_id: str) -> None:
    """Delete a user's events."""
    transaction.execute(delete(security_events).where(_events.user_id == user_id))


def shift_events(transaction: Transaction, by: int) -> None:
    """Have events be as old as before a leap of the clock: none is forgotten early, or kept long."""
    transaction.execute(update(security_events).values(created_at=_events.created_at + by))


def delete_events_before(transaction: Transaction, moment: int) -> None:
    """Delete old events."""
    transaction.execute(delete(security_events).where(_events.created_at < moment))
