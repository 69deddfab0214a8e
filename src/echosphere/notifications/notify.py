"""Notifies members of messages: a job that runs a moment after each message."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from echosphere.bus import Cluster, SharedMap
from echosphere.core.clock import DAY, HOUR, SECOND
from echosphere.core.errors import RetryLater
from echosphere.database import Command, Database, Snapshot, Transaction
from echosphere.jobs import JobRunner
from echosphere.messages import (
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    find_message,
    has_expired,
)
from echosphere.notifications import store
from echosphere.notifications.content import MessageContext, message_notification, test_notification
from echosphere.notifications.decide import Outcome, decide
from echosphere.notifications.edit_mentions import newly_mentioned
from echosphere.notifications.open_conversations import OpenConversations
from echosphere.notifications.push import Delivery, PushSender
from echosphere.notifications.recipients import (
    NotificationContext,
    Recipient,
    active_subscriptions,
    context_of_edit,
    context_of_message,
    decision_input,
    find_recipient,
    message_context,
)
from echosphere.notifications.store import Subscription

NOTIFY = "notifications.message"
"""The job that notifies of a message; its payload is `{conversation, seq}`."""

NOTIFY_MENTIONED = "notifications.mentioned"
"""The same for users whom an edit mentions: `{conversation, seq, had_read: {user_id: bool}}`."""

RETRY = "notifications.retry"
"""For one subscription whose push service was busy: `{conversation, seq, subscription, had_read}`."""

TEST = "notifications.test"
"""Sends a test notification: `{user}`."""

DELAY = SECOND
"""Lets a device that shows the conversation mark the message as read first."""

MAX_AGE = HOUR
"""Older messages are not retried."""

BATCH = 50
"""Recipients who are notified concurrently and whose outcomes are stored in one transaction."""

NOTICES_KEPT = 30 * DAY


class PushServiceBusy(RetryLater):
    """A push service is busy."""


class Notifications:
    """Decides who is notified of messages, and notifies them.

    Args:
        database: Where messages and subscriptions are.
        attention: Which conversations devices show.
        push_sender: Sends push messages.
        cluster: The other processes, if there can be any.
    """

    def __init__(
        self,
        database: Database,
        open_conversations: OpenConversations,
        push_sender: PushSender,
        cluster: Cluster | None = None,
    ) -> None:
        self._database = database
        self._open_conversations = open_conversations
        self._push_sender = push_sender
        self._has_subscriptions = False
        self._subscribed: SharedMap[bool] = SharedMap("subscribed", bool, cluster)
        self._subscribed.on_change(lambda _key: self._note_subscription())

    def register(self, runner: JobRunner) -> None:
        """Register the jobs and the work done in the transactions of messages."""
        self._database.in_same_transaction(MessagePosted, self.enqueue)
        self._database.in_same_transaction(MessageEdited, self.enqueue_mentions)
        self._database.in_same_transaction(MessageDeleted, delete_notices)
        runner.register(NOTIFY, self.notify)
        runner.register(NOTIFY_MENTIONED, self.notify_mentioned)
        runner.register(RETRY, self.retry)
        runner.register(TEST, self.test)
        runner.every("notifications.sweep", HOUR, self.delete_old_notices)

    async def start(self) -> None:
        """Load whether there is any subscription."""
        self._has_subscriptions = await self._database.read(store.has_any_subscription)

    def on_subscribed(self) -> None:
        """Note that the server has a subscription now, in every process."""
        self._note_subscription()
        self._subscribed.set("any", value=True)

    def _note_subscription(self) -> None:
        self._has_subscriptions = True

    def enqueue(self, transaction: Transaction, event: MessagePosted) -> None:
        """Enqueue a job if another member of the conversation has a subscription."""
        message = event.message
        if not self._has_subscriptions or message.system is not None:
            return
        if store.has_subscribed_member(transaction, message.conversation, message.author):
            job = {"conversation": message.conversation, "seq": message.seq}
            transaction.enqueue(NOTIFY, job, after=DELAY)

    def enqueue_mentions(self, transaction: Transaction, event: MessageEdited) -> None:
        """Enqueue a job if an edit newly mentions users with a subscription; a program's rings never."""
        if event.message.automated:
            return
        had_read = newly_mentioned(transaction, event)
        if had_read:
            message = event.message
            job = {"conversation": message.conversation, "seq": message.seq, "had_read": had_read}
            transaction.enqueue(NOTIFY_MENTIONED, job, after=DELAY)

    async def notify(self, payload: dict[str, Any]) -> None:
        """Notify the recipients of a message and store the outcome for each."""
        await self._notify_all(context_of_message, payload["conversation"], payload["seq"])

    async def notify_mentioned(self, payload: dict[str, Any]) -> None:
        """Notify the users whom an edit mentions, unless they were notified of a mention before."""
        message_id = payload["conversation"], payload["seq"]
        await self._notify_all(context_of_edit, *message_id, payload["had_read"])

    async def _notify_all(
        self, load: Callable[..., NotificationContext | None], *args: Any
    ) -> None:
        """Notify in batches and reload the context for each.

        Push services may take long; meanwhile a member may be removed or the message deleted.
        """
        done: set[str] = set()
        while found := await self._database.read(load, *args):
            waiting = [recipient for recipient in found.recipients if recipient.id not in done]
            if not waiting:
                return
            batch = waiting[:BATCH]
            done.update(recipient.id for recipient in batch)
            await self._notify_batch(found, batch)

    async def _notify_batch(self, found: NotificationContext, batch: Sequence[Recipient]) -> None:
        outcomes = await asyncio.gather(
            *(self._notify_recipient(found, recipient) for recipient in batch)
        )
        notices = [
            (recipient.id, outcome)
            for recipient, outcome in zip(batch, outcomes, strict=True)
            if outcome.is_notified or not recipient.was_notified
        ]
        message = found.context.message
        await self._database.write(store.PutNotices(message.conversation, message.seq, notices))

    async def _notify_recipient(self, found: NotificationContext, recipient: Recipient) -> Outcome:
        context = found.context
        outcome = self.decide_now(context, recipient, self._database.clock())
        if not outcome.is_notified:
            return outcome
        notification = message_notification(context, recipient.settings)
        deliveries = await asyncio.gather(
            *(self._push(context, recipient, to, notification) for to in recipient.subscriptions)
        )
        if Delivery.ACCEPTED in deliveries or Delivery.RETRY in deliveries:
            return outcome
        return Outcome.FAILED if Delivery.REJECTED in deliveries else Outcome.NO_DEVICE

    def decide_now(self, context: MessageContext, recipient: Recipient, now: int) -> Outcome:
        """Return the outcome for a recipient as things stand now."""
        is_open = self._open_conversations.is_open(recipient.id, context.message.conversation)
        return decide(decision_input(context, recipient, is_open=is_open), now)

    async def _push(
        self,
        context: MessageContext,
        recipient: Recipient,
        to: Subscription,
        notification: dict[str, Any],
    ) -> Delivery:
        delivery = await self._push_sender.push(to, notification)
        if delivery is Delivery.GONE:
            await self._database.write(store.RemoveSubscription(to.id))
        elif delivery is Delivery.RETRY:
            message = context.message
            await self._database.write(
                EnqueueRetry(message.conversation, message.seq, to.id, recipient.had_read)
            )
        return delivery

    async def retry(self, payload: dict[str, Any]) -> None:
        """Try again for one browser whose push service was busy, if there is still a reason to.

        Raises:
            PushServiceBusy: It still is.
        """
        found = await self._database.read(_load_retry, payload)
        if found is None:
            return
        context, recipient, to = found
        message, now = context.message, self._database.clock()
        outcome = self.decide_now(context, recipient, now)
        if outcome.is_notified:
            if now - (message.edited_at or message.created_at) < MAX_AGE and await self._push_again(
                context, recipient, to
            ):
                return
            outcome = Outcome.FAILED
        if len(recipient.subscriptions) == 1:  # another subscription may have been notified
            noted = [(recipient.id, outcome)]
            await self._database.write(store.PutNotices(message.conversation, message.seq, noted))

    async def _push_again(
        self, context: MessageContext, recipient: Recipient, to: Subscription
    ) -> bool:
        """Return whether the push service accepted the message."""
        notification = message_notification(context, recipient.settings)
        delivery = await self._push_sender.push(to, notification, is_retry=True)
        if delivery is Delivery.RETRY:
            raise PushServiceBusy
        if delivery is Delivery.GONE:
            await self._database.write(store.RemoveSubscription(to.id))
        return delivery is Delivery.ACCEPTED

    async def test(self, payload: dict[str, Any]) -> None:
        """Send a test notification to a user's browsers."""
        found, settings = await self._database.read(active_subscriptions, payload["user"])
        for to in found:
            if await self._push_sender.push(to, test_notification(settings)) is Delivery.GONE:
                await self._database.write(store.RemoveSubscription(to.id))

    async def delete_old_notices(self) -> None:
        """Delete old notices, and reload whether there is any subscription."""
        await self._database.write(store.DeleteNoticesBefore(self._database.clock() - NOTICES_KEPT))
        await self.start()


class EnqueueRetry(Command[None]):
    """Enqueue a retry for one browser whose push service was busy."""

    conversation: str
    seq: int
    subscription: str
    had_read: bool

    def run(self, transaction: Transaction) -> None:
        """Enqueue it."""
        job = {
            "conversation": self.conversation,
            "seq": self.seq,
            "subscription": self.subscription,
            "had_read": self.had_read,
        }
        transaction.enqueue(RETRY, job, after=5 * SECOND)


def delete_notices(transaction: Transaction, event: MessageDeleted) -> None:
    """Delete the notices of a deleted message."""
    store.delete_notices_of(transaction, event.message.conversation, event.message.seq)


def _load_retry(
    snapshot: Snapshot, payload: dict[str, Any]
) -> tuple[MessageContext, Recipient, Subscription] | None:
    to = store.find_subscription(snapshot, payload["subscription"])
    message = find_message(snapshot, payload["conversation"], payload["seq"])
    if to is None or message is None or message.deleted or has_expired(message, snapshot.now):
        return None
    had_read = payload.get("had_read", False)
    recipient = find_recipient(snapshot, message, to.user, had_read=had_read)
    if recipient is None or to not in recipient.subscriptions:  # its session has ended
        return None
    return message_context(snapshot, message), recipient, to
