"""The table of incoming webhooks, and its queries."""

from sqlalchemy import (
    Column,
    ForeignKey,
    String,
    Table,
    bindparam,
    insert,
    or_,
    select,
    update,
)

from echosphere.accounts import users_by_id
from echosphere.database import (
    Milliseconds,
    Prepared,
    Row,
    Snapshot,
    Transaction,
    metadata,
)
from echosphere.webhooks.webhook import Webhook

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", ForeignKey("users.id"), primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False, index=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_by", ForeignKey("users.id"), nullable=False, index=True),
    Column("created_at", Milliseconds, nullable=False),
    Column("last_used_at", Milliseconds),
    Column("revoked_at", Milliseconds),
)

_COLUMNS = (
    webhooks.c.id,
    webhooks.c.conversation_id,
    webhooks.c.created_by,
    webhooks.c.created_at,
    webhooks.c.last_used_at,
    webhooks.c.revoked_at,
    webhooks.c.token_hash,
)
_usable_here = (webhooks.c.conversation_id == bindparam("conversation")) & (
    webhooks.c.revoked_at.is_(None)
)
_this = webhooks.c.id == bindparam("webhook")

FIND = Prepared(select(*_COLUMNS).where(webhooks.c.token_hash == bindparam("token_hash")))
USABLE = Prepared(
    select(*_COLUMNS).where(_usable_here).order_by(webhooks.c.created_at.desc(), webhooks.c.id)
)
INSERT = Prepared(
    insert(webhooks).values(
        {
            name: bindparam(name)
            for name in ("id", "conversation_id", "token_hash", "created_by", "created_at")
        }
    )
)
TOUCH = Prepared(update(webhooks).where(_this).values(last_used_at=bindparam("now")))
REVOKE = Prepared(update(webhooks).where(_usable_here, _this).values(revoked_at=bindparam("now")))
REVOKE_OF = Prepared(
    update(webhooks)
    .where(
        _usable_here,
        or_(webhooks.c.created_by == bindparam("user"), webhooks.c.id == bindparam("user")),
    )
    .values(revoked_at=bindparam("now"))
)
REVOKE_ALL = Prepared(update(webhooks).where(_usable_here).values(revoked_at=bindparam("now")))


def insert_webhook(transaction: Transaction, webhook: Webhook) -> None:
    """Store a new webhook."""
    transaction.run(
        INSERT,
        id=webhook.id,
        conversation_id=webhook.conversation,
        token_hash=webhook.token_hash,
        created_by=webhook.created_by,
        created_at=webhook.created_at,
    )


def find_webhook(snapshot: Snapshot, hashed: str) -> Webhook | None:
    """Return the webhook with this hash of its token, revoked or not, without its name."""
    row = snapshot.first(FIND, token_hash=hashed)
    return None if row is None else _webhook(row, "")


def webhooks_of(snapshot: Snapshot, conversation: str) -> list[Webhook]:
    """Return the webhooks of a group that can be used, the newest first."""
    rows = snapshot.all(USABLE, conversation=conversation)
    authors = users_by_id(snapshot, [row[0] for row in rows])
    return [_webhook(row, authors[row[0]].name, authors[row[0]].avatar_url) for row in rows]


def touch(transaction: Transaction, webhook: str) -> None:
    """Store that a webhook was used now."""
    transaction.run(TOUCH, webhook=webhook, now=transaction.now)


def revoke(transaction: Transaction, conversation: str, webhook: str) -> bool:
    """Revoke a webhook of a group; return False if there is none that can be used."""
    now = transaction.now
    return transaction.run(REVOKE, conversation=conversation, webhook=webhook, now=now) > 0


def revoke_of(transaction: Transaction, conversation: str, user_id: str) -> None:
    """Revoke the webhooks that a user made in a group, or the one that the user is."""
    now = transaction.now
    transaction.run(REVOKE_OF, conversation=conversation, user=user_id, now=now)


def revoke_all(transaction: Transaction, conversation: str) -> None:
    """Revoke all webhooks of a group."""
    transaction.run(REVOKE_ALL, conversation=conversation, now=transaction.now)


def _webhook(row: Row, name: str, avatar: str | None = None) -> Webhook:
    webhook, conversation, maker, created_at, last_used_at, revoked_at, hashed = row
    times = created_at, last_used_at, revoked_at
    return Webhook(webhook, conversation, name, maker, *times, hashed, avatar)
