"""The HTTP door of notifications."""

import asyncio

from quart import Quart, Response, render_template, request

from echosphere.caller import Caller
from echosphere.database import Database
from echosphere.limits import Limits, Rate
from echosphere.messages import seq_in
from echosphere.notifications.notify import Notifications
from echosphere.notifications.sealing import sealing
from echosphere.notifications.store import Notice
from echosphere.notifications.subscribe import (
    ask_for_test,
    check_endpoint,
    check_keys,
    subscribe,
    unsubscribe,
)
from echosphere.notifications.unsubscribe import Unsubscribing, end_digest
from echosphere.notifications.vapid import Vapid
from echosphere.notifications.why import why
from echosphere.notifications.wire import (
    NotificationShape,
    OneNotification,
    OneSubscription,
    PublicKey,
    Subscribe,
    SubscriptionShape,
)
from echosphere.web import Api

SUBSCRIPTIONS = Rate("subscriptions", burst=20, every=30.0)
TESTS = Rate("test notifications", burst=5, every=30.0)


class NotificationsApi:
    """Serves subscriptions, a test and the question why.

    Args:
        database: Where they are.
        limits: How often somebody may subscribe.
        notifications: Decides.
        vapid: Has the key that browsers subscribe with.
        inner: Whether a push service may be on this machine; for development only.
    """

    def __init__(
        self,
        database: Database,
        limits: Limits,
        notifications: Notifications,
        vapid: Vapid,
        *,
        inner: bool = False,
    ) -> None:
        self._database = database
        self._limits = limits
        self._notifications = notifications
        self._vapid = vapid
        self._inner = inner

    def serve(self, api: Api) -> None:
        """Add the routes."""
        api.get("/notifications/key", self.key, answer=PublicKey)
        subscriptions = "/notifications/subscriptions"
        api.post(subscriptions, self.subscribe, body=Subscribe, answer=OneSubscription, status=201)
        api.delete(f"{subscriptions}/<subscription>", self.unsubscribe, status=204)
        api.post("/notifications/test", self.test, status=202)
        message = "/conversations/<conversation>/messages/<seq>"
        api.get(f"{message}/notification", self.why, answer=OneNotification)

    async def key(self, _caller: Caller) -> PublicKey:
        """Return the public key that a browser subscribes with."""
        await asyncio.to_thread(sealing)  # the first time it reads files
        return PublicKey(self._vapid.public_key)

    async def subscribe(self, caller: Caller, body: Subscribe) -> OneSubscription:
        """Have this device told of messages while it is closed, as long as it is signed in."""
        self._limits.take(SUBSCRIPTIONS, caller.user)
        check_endpoint(body.endpoint, inner=self._inner)
        check_keys(body.keys.p256dh, body.keys.auth)
        made = await self._database.write(subscribe, caller, body)
        self._notifications.subscribed()
        return OneSubscription(SubscriptionShape(made))

    async def unsubscribe(self, caller: Caller, subscription: str) -> None:
        """Leave a device alone again."""
        await self._database.write(unsubscribe, caller, subscription)

    async def test(self, caller: Caller) -> Response:
        """Send a notification to the caller's own devices, to see whether it arrives."""
        self._limits.take(TESTS, caller.user)
        await self._database.write(ask_for_test, caller)
        return Response(b"{}", status=202, content_type="application/json")

    async def why(self, caller: Caller, conversation: str, seq: str) -> OneNotification:
        """Tell whether and why the caller was notified of a message, or why not."""
        found = await self._database.read(
            why, self._notifications.decision, caller.user, conversation, seq_in(seq)
        )
        outcome, at = (found.outcome, found.at) if isinstance(found, Notice) else found
        return OneNotification(NotificationShape(outcome.is_notified, outcome.value, at))


class UnsubscribePages:
    """Serves `/unsubscribe/{token}`, to which each digest leads.

    Who has the link needs no session, and may come from another page: mail programs send the form
    themselves (RFC 8058). It ends mails and does nothing else.
    """

    def __init__(self, database: Database, unsubscribing: Unsubscribing) -> None:
        self._database = database
        self._unsubscribing = unsubscribing

    def serve(self, app: Quart) -> None:
        """Add the page to the application."""
        app.add_url_rule(
            "/unsubscribe/<token>", "unsubscribe", self.unsubscribe, methods=["GET", "POST"]
        )

    async def unsubscribe(self, token: str) -> str:
        """Ask whether the mails are to end, or end them."""
        user = self._unsubscribing.user_of(token)
        if request.method == "POST":
            await self._database.write(end_digest, user)
        return await render_template("unsubscribe.html", done=request.method == "POST")
