"""The operations of notifications."""

import asyncio

from echosphere.api import Declaration, DeviceOperation, Empty, Operation, delete, get, post
from echosphere.core.caller import Caller
from echosphere.core.rate_limits import Rate
from echosphere.database import Database
from echosphere.messages import MessageCall
from echosphere.notifications.explain_notification import explain_notification
from echosphere.notifications.notify import Notifications
from echosphere.notifications.open_conversations import OpenConversations
from echosphere.notifications.store import Notice
from echosphere.notifications.subscribe import (
    AddSubscription,
    EnqueueTestPush,
    RemoveOwnSubscription,
    check_endpoint,
    check_keys,
)
from echosphere.notifications.vapid import Vapid
from echosphere.notifications.wire import (
    AttentionCall,
    NotificationShape,
    OneNotification,
    OneSubscription,
    PublicKey,
    Subscribe,
    SubscriptionCall,
    SubscriptionShape,
)

SUBSCRIPTION_RATE = Rate("subscriptions", burst=20, every=30.0)
TEST_RATE = Rate("test notifications", burst=5, every=30.0)


class NotificationsOperations:
    """Subscriptions, a test notification, explanations, and what devices show.

    Args:
        database: Where subscriptions and notices are.
        attention: Which conversations devices show.
        notifications: Decides who is notified.
        vapid: Has the key that browsers subscribe with.
        allow_private: Whether a push service may be on this machine; for development only.
    """

    def __init__(
        self,
        database: Database,
        open_conversations: OpenConversations,
        notifications: Notifications,
        vapid: Vapid,
        *,
        allow_private: bool = False,
    ) -> None:
        self._database = database
        self._open_conversations = open_conversations
        self._notifications = notifications
        self._vapid = vapid
        self._allow_private = allow_private

    def all(self) -> list[Declaration]:
        """Return the operations."""
        return [
            DeviceOperation(self.set_open_conversation, name="attention"),
            Operation(self.test, post("/notifications/test"), rate=TEST_RATE, status=202),
            Operation(
                self.explain, get("/conversations/<conversation>/messages/<seq>/notification")
            ),
            Operation(self.key, get("/notifications/key")),
            Operation(
                self.subscribe,
                post("/notifications/subscriptions"),
                rate=SUBSCRIPTION_RATE,
                status=201,
            ),
            Operation(self.unsubscribe, delete("/notifications/subscriptions/<subscription>")),
        ]

    async def set_open_conversation(self, caller: Caller, device: str, call: AttentionCall) -> None:
        """Set which conversation this device shows; its messages need no notification."""
        self._open_conversations.show(caller.user_id, device, call.conversation)

    async def key(self, _caller: Caller, _: Empty) -> PublicKey:
        """Return the public key that a browser subscribes with."""
        # The first call loads a large library.
        return PublicKey(await asyncio.to_thread(lambda: self._vapid.public_key))

    async def subscribe(self, caller: Caller, call: Subscribe) -> OneSubscription:
        """Notify this device of messages while the app is closed, as long as it is signed in."""
        check_endpoint(call.endpoint, allow_private=self._allow_private)
        check_keys(call.keys.p256dh, call.keys.auth)
        made = await self._database.write(AddSubscription(caller, call))
        self._notifications.on_subscribed()
        return OneSubscription(SubscriptionShape(made))

    async def unsubscribe(self, caller: Caller, call: SubscriptionCall) -> None:
        """Stop notifying a device."""
        await self._database.write(RemoveOwnSubscription(caller, call.subscription))

    async def test(self, caller: Caller, _: Empty) -> None:
        """Send a notification to the caller's own devices, to see whether it arrives."""
        await self._database.write(EnqueueTestPush(caller))

    async def explain(self, caller: Caller, call: MessageCall) -> OneNotification:
        """Explain why the caller was or was not notified of a message."""
        found = await self._database.read(
            explain_notification,
            self._notifications.decide_now,
            caller.user_id,
            call.conversation,
            call.seq,
        )
        outcome, at = (found.outcome, found.at) if isinstance(found, Notice) else found
        return OneNotification(NotificationShape(outcome.is_notified, outcome.value, at))
