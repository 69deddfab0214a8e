"""The tables of notifications, and what decides, read from the tables of other features."""

from echosphere.notifications.store.decided import (
    Notice,
    find_notice,
    forget_notices_before,
    forget_notices_of,
    forget_why_not,
    outcomes_of,
    put_notices,
)
from echosphere.notifications.store.digests import (
    last_digest_of,
    people_with_unread,
    put_digest_notices,
    unread_of,
)
from echosphere.notifications.store.listening import Listener, find_listener, listeners, title_of
from echosphere.notifications.store.subscriptions import (
    Subscription,
    anybody_listens,
    find_subscription,
    keep_newest,
    put_subscription,
    remove_subscription,
    somebody_listens,
    subscriptions_of,
)
from echosphere.notifications.store.tables import notices, push_subscriptions

__all__ = [
    "Listener",
    "Notice",
    "Subscription",
    "anybody_listens",
    "find_listener",
    "find_notice",
    "find_subscription",
    "forget_notices_before",
    "forget_notices_of",
    "forget_why_not",
    "keep_newest",
    "last_digest_of",
    "listeners",
    "notices",
    "outcomes_of",
    "people_with_unread",
    "push_subscriptions",
    "put_digest_notices",
    "put_notices",
    "put_subscription",
    "remove_subscription",
    "somebody_listens",
    "subscriptions_of",
    "title_of",
    "unread_of",
]
