"""The tables of notifications, and queries of other features' tables."""

from echosphere.notifications.store.digests import (
    PutDigestNotices,
    last_digest_of,
    missed_messages,
    users_with_unread,
)
from echosphere.notifications.store.members import (
    MemberState,
    find_member_state,
    kind_and_title_of,
    subscribed_members,
)
from echosphere.notifications.store.notices import (
    DeleteNoticesBefore,
    Notice,
    PutNotices,
    delete_notices_of,
    delete_unsent_notices,
    find_notice,
    outcomes_of,
    put_notices,
    shift_notices,
)
from echosphere.notifications.store.subscriptions import (
    RemoveSubscription,
    Subscription,
    find_subscription,
    has_any_subscription,
    has_subscribed_member,
    put_subscription,
    remove_oldest_subscriptions,
    remove_subscription,
    subscriptions_of,
)
from echosphere.notifications.store.tables import notices, push_subscriptions

__all__ = [
    "DeleteNoticesBefore",
    "MemberState",
    "Notice",
    "PutDigestNotices",
    "PutNotices",
    "RemoveSubscription",
    "Subscription",
    "delete_notices_of",
    "delete_unsent_notices",
    "find_member_state",
    "find_notice",
    "find_subscription",
    "has_any_subscription",
    "has_subscribed_member",
    "kind_and_title_of",
    "last_digest_of",
    "missed_messages",
    "notices",
    "outcomes_of",
    "push_subscriptions",
    "put_notices",
    "put_subscription",
    "remove_oldest_subscriptions",
    "remove_subscription",
    "shift_notices",
    "subscribed_members",
    "subscriptions_of",
    "users_with_unread",
]
