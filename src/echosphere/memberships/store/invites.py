"""The table of invites, and its queries."""

from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)

from echosphere.database import (
    Identifier,
    Milliseconds,
    Prepared,
    Row,
    Snapshot,
    Transaction,
    metadata,
)
from echosphere.memberships.invites.invite import Invite

invites = Table(
    "invites",
    metadata,
    Column("id", Identifier, primary_key=True),
    # Null for a personal invite, which makes contacts.
    Column("conversation_id", ForeignKey("conversations.id"), index=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_by", ForeignKey("users.id"), nullable=False, index=True),
    Column("created_at", Milliseconds, nullable=False),
    Column("expires_at", Milliseconds),
    Column("max_uses", Integer),
    Column("uses", Integer, nullable=False),
    Column("revoked_at", Milliseconds),
)

INVITE = (
    invites.c.id,
    invites.c.conversation_id,
    invites.c.created_by,
    invites.c.created_at,
    invites.c.expires_at,
    invites.c.max_uses,
    invites.c.uses,
    invites.c.token_hash,
)

_not_revoked = invites.c.revoked_at.is_(None)
_in_time = or_(invites.c.expires_at.is_(None), invites.c.expires_at > bindparam("now"))
_has_uses_left = or_(invites.c.max_uses.is_(None), invites.c.uses < invites.c.max_uses)
_of_conversation = invites.c.conversation_id == bindparam("conversation")

FIND_INVITE = Prepared(
    select(*INVITE).where(invites.c.token_hash == bindparam("token_hash"), _not_revoked)
)
INVITES_OF = Prepared(
    select(*INVITE)
    .where(_of_conversation, _not_revoked, _in_time, _has_uses_left)
    .order_by(invites.c.created_at.desc(), invites.c.id)
)
_personal = (invites.c.created_by == bindparam("inviter")) & invites.c.conversation_id.is_(None)
PERSONAL_INVITES = Prepared(
    select(*INVITE)
    .where(_personal, _not_revoked, _in_time, _has_uses_left)
    .order_by(invites.c.created_at.desc(), invites.c.id)
)
INSERT_INVITE = Prepared(
    insert(invites).values({c.name: bindparam(c.name) for c in invites.c if c.name != "revoked_at"})
)
USE_INVITE = Prepared(
    update(invites)
    .where(invites.c.id == bindparam("invite"), _not_revoked, _in_time, _has_uses_left)
    .values(uses=invites.c.uses + 1)
)
REVOKE_INVITE = Prepared(
    update(invites)
    .where(invites.c.id == bindparam("invite"), _of_conversation, _not_revoked)
    .values(revoked_at=bindparam("now"))
)
DELETE_PERSONAL_INVITES = Prepared(
    delete(invites).where(
        invites.c.created_by == bindparam("inviter"), invites.c.conversation_id.is_(None)
    )
)
REVOKE_PERSONAL_INVITE = Prepared(
    update(invites)
    .where(invites.c.id == bindparam("invite"), _personal, _not_revoked)
    .values(revoked_at=bindparam("now"))
)


def find_invite(snapshot: Snapshot, token_hash: str) -> Invite | None:
    """Return the invite with this token, if it was not revoked."""
    row = snapshot.first(FIND_INVITE, token_hash=token_hash)
    return None if row is None else to_invite(row)


def invites_of(snapshot: Snapshot, conversation: str) -> list[Invite]:
    """Return a group's valid invites, newest first."""
    rows = snapshot.all(INVITES_OF, conversation=conversation, now=snapshot.now)
    return [to_invite(row) for row in rows]


def personal_invites_of(snapshot: Snapshot, inviter: str) -> list[Invite]:
    """Return a user's valid personal invites, newest first."""
    rows = snapshot.all(PERSONAL_INVITES, inviter=inviter, now=snapshot.now)
    return [to_invite(row) for row in rows]


def insert_invite(transaction: Transaction, invite: Invite) -> None:
    """Store a new invite."""
    transaction.run(
        INSERT_INVITE,
        id=invite.id,
        conversation_id=invite.conversation,
        token_hash=invite.token_hash,
        created_by=invite.created_by,
        created_at=invite.created_at,
        expires_at=invite.expires_at,
        max_uses=invite.max_uses,
        uses=invite.uses,
    )


def use_invite(transaction: Transaction, invite: str) -> bool:
    """Count one use of an invite; return False if it is not valid."""
    return transaction.run(USE_INVITE, invite=invite, now=transaction.now) == 1


def revoke_invite(transaction: Transaction, conversation: str, invite: str) -> bool:
    """Revoke an invite to a group; return False if there is no such one."""
    revoked = transaction.run(
        REVOKE_INVITE, invite=invite, conversation=conversation, now=transaction.now
    )
    return revoked == 1


def revoke_personal_invite(transaction: Transaction, inviter: str, invite: str) -> bool:
    """Revoke a personal invite; return False if there is no such one."""
    revoked = transaction.run(
        REVOKE_PERSONAL_INVITE, invite=invite, inviter=inviter, now=transaction.now
    )
    return revoked == 1


def delete_personal_invites(transaction: Transaction, inviter: str) -> None:
    """Delete a user's personal invites."""
    transaction.run(DELETE_PERSONAL_INVITES, inviter=inviter)


def to_invite(row: Row | tuple[Any, ...]) -> Invite:
    """Return the invite of a row of `INVITE`."""
    return Invite(*row)
