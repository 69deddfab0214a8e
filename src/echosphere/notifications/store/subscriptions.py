"""Push subscriptions and their queries."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam, delete, false, literal_column, select

from echosphere.conversations.store import members
from echosphere.database import Command, Prepared, Snapshot, Transaction, as_list, in_list, insert
from echosphere.notifications.store.tables import push_subscriptions

SUBSCRIPTION = (
    push_subscriptions.c.id,
    push_subscriptions.c.user_id,
    push_subscriptions.c.session_id,
    push_subscriptions.c.endpoint,
    push_subscriptions.c.p256dh,
    push_subscriptions.c.auth,
)

# Runs for every posted message once the server has any subscription.
HAS_SUBSCRIBED_MEMBER = Prepared(
    select(literal_column("1"))
    .select_from(members)
    .join(push_subscriptions, push_subscriptions.c.user_id == members.c.user_id)
    .where(
        members.c.conversation_id == bindparam("conversation"),
        members.c.user_id != bindparam("author"),
        members.c.left == false(),
    )
    .limit(1)
)


class Subscription(msgspec.Struct, frozen=True):
    """A browser's push subscription."""

    id: str
    user: str
    session: str
    endpoint: str
    p256dh: str
    auth: str


def put_subscription(transaction: Transaction, subscription: Subscription) -> None:
    """Add a subscription, replacing an older one of the same browser (endpoint)."""
    same = push_subscriptions.c.endpoint == subscription.endpoint
    transaction.execute(delete(push_subscriptions).where(same))
    values = {
        "id": subscription.id,
        "user_id": subscription.user,
        "session_id": subscription.session,
        "endpoint": subscription.endpoint,
        "p256dh": subscription.p256dh,
        "auth": subscription.auth,
        "created_at": transaction.now,
    }
    transaction.execute(insert(push_subscriptions).values(values))


def remove_oldest_subscriptions(transaction: Transaction, user: str, most: int) -> None:
    """Remove a user's oldest subscriptions beyond a number."""
    mine = select(push_subscriptions.c.id).where(push_subscriptions.c.user_id == user)
    newest_first = mine.order_by(
        push_subscriptions.c.created_at.desc(), push_subscriptions.c.id.desc()
    )
    ids = transaction.execute(newest_first.offset(most)).scalars().all()
    if ids:
        transaction.execute(delete(push_subscriptions).where(push_subscriptions.c.id.in_(ids)))


def remove_subscription(
    transaction: Transaction, subscription: str, user: str | None = None
) -> bool:
    """Remove a subscription, only of this user if one is given; return whether it existed."""
    statement = delete(push_subscriptions).where(push_subscriptions.c.id == subscription)
    if user is not None:
        statement = statement.where(push_subscriptions.c.user_id == user)
    return transaction.execute(statement).rowcount == 1


class RemoveSubscription(Command[bool]):
    """Remove a subscription that a push service does not know any more."""

    subscription: str

    def run(self, transaction: Transaction) -> bool:
        """Remove it."""
        return remove_subscription(transaction, self.subscription)


def find_subscription(snapshot: Snapshot, subscription: str) -> Subscription | None:
    """Return a subscription, or None."""
    statement = select(*SUBSCRIPTION).where(push_subscriptions.c.id == subscription)
    row = snapshot.execute(statement).first()
    return None if row is None else Subscription(*tuple(row))


def subscriptions_of(snapshot: Snapshot, people: Sequence[str]) -> dict[str, list[Subscription]]:
    """Return subscriptions by user id."""
    found: dict[str, list[Subscription]] = {}
    statement = select(*SUBSCRIPTION).where(in_list(push_subscriptions.c.user_id, "people"))
    oldest_first = statement.order_by(push_subscriptions.c.created_at)
    for row in snapshot.execute(oldest_first, {"people": as_list(people)}):
        found.setdefault(row.user_id, []).append(Subscription(*tuple(row)))
    return found


def has_any_subscription(snapshot: Snapshot) -> bool:
    """Whether there is any subscription on this server."""
    return snapshot.execute(select(push_subscriptions.c.id).limit(1)).first() is not None


def has_subscribed_member(snapshot: Snapshot, conversation: str, author: str) -> bool:
    """Whether a member other than the author has a subscription."""
    return (
        snapshot.first(HAS_SUBSCRIBED_MEMBER, conversation=conversation, author=author) is not None
    )
