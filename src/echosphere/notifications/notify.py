"""Notifies people of messages: a job that runs a moment after each message."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from echosphere.core.clock import DAY, HOUR, SECOND
from echosphere.core.errors import RetryLater
from echosphere.database import Database, JobRunner, Snapshot, Transaction
from echosphere.messages import Message, MessageDeleted, MessageEdited, MessagePosted, find_message
from echosphere.notifications import store
from echosphere.notifications.attention import Attention
from echosphere.notifications.circumstances import (
    Circumstances,
    Person,
    circumstances_of,
    circumstances_of_mention,
    concern_of,
    person_of,
    said_of,
    test_subscriptions,
)
from echosphere.notifications.content import Said, notification_of, test_notification
from echosphere.notifications.decide import Outcome, decide
from echosphere.notifications.mentioned_later import newly_mentioned
from echosphere.notifications.push import Delivery, Pusher
from echosphere.notifications.store import Subscription

NOTIFY = "notifications.message"
"""The kind of job that tells people of a message; its payload is `{conversation, seq}`."""

MENTIONED = "notifications.mentioned"
"""The same for those whom an edit mentions: `{conversation, seq, had_read: {person: bool}}`."""

RETRY = "notifications.retry"
"""For one subscription whose push service was busy: `{conversation, seq, subscription, had_read}`."""

TEST = "notifications.test"
"""Tells a person that they can be told: `{user}`."""

PAUSE = SECOND
"""A device that shows the conversation needs a moment to say that it was read."""

OLD = HOUR
"""After that a message is no news, and is not tried again."""

TOGETHER = 50
"""People who are told at once, and whose outcomes are noted in one transaction."""

KEPT = 30 * DAY


class Busy(RetryLater):
    """A push service could not take a message now."""


class Notifications:
    """Decides and tells.

    Args:
        database: Where messages and subscriptions are.
        attention: What is open where.
        pusher: Tells browsers.
    """

    def __init__(self, database: Database, attention: Attention, pusher: Pusher) -> None:
        self._database = database
        self._attention = attention
        self._pusher = pusher
        self._anybody_listens = False

    def register(self, runner: JobRunner) -> None:
        """Have the work done by a job runner, beginning with each posted or edited message."""
        self._database.also(MessagePosted, self.queue)
        self._database.also(MessageEdited, self.queue_mentioned)
        self._database.also(MessageDeleted, forget)
        runner.register(NOTIFY, self.notify)
        runner.register(MENTIONED, self.notify_mentioned)
        runner.register(RETRY, self.retry)
        runner.register(TEST, self.test)
        runner.every("notifications.sweep", HOUR, self.sweep)

    async def start(self) -> None:
        """Learn whether anybody wants to be told of anything."""
        self._anybody_listens = await self._database.read(store.anybody_listens)

    def subscribed(self) -> None:
        """Somebody wants to be told from now on."""
        self._anybody_listens = True

    def queue(self, transaction: Transaction, event: MessagePosted) -> None:
        """Leave a job if another member of the conversation can be told."""
        message = event.message
        if not self._anybody_listens or message.system is not None:
            return
        if store.somebody_listens(transaction, message.conversation, message.author):
            job = {"conversation": message.conversation, "seq": message.seq}
            transaction.enqueue(NOTIFY, job, after=PAUSE)

    def queue_mentioned(self, transaction: Transaction, event: MessageEdited) -> None:
        """Leave a job if an edit mentions somebody anew who can be told."""
        had_read = newly_mentioned(transaction, event)
        if had_read:
            message = event.message
            job = {"conversation": message.conversation, "seq": message.seq, "had_read": had_read}
            transaction.enqueue(MENTIONED, job, after=PAUSE)

    async def notify(self, payload: dict[str, Any]) -> None:
        """Tell those who are to be told of a message, and note what was decided for each."""
        await self._tell_all(circumstances_of, payload["conversation"], payload["seq"])

    async def notify_mentioned(self, payload: dict[str, Any]) -> None:
        """Tell those whom an edit mentions, unless they were told so before."""
        place = payload["conversation"], payload["seq"]
        await self._tell_all(circumstances_of_mention, *place, payload["had_read"])

    async def _tell_all(self, look: Callable[..., Circumstances | None], *about: Any) -> None:
        """Tell some at a time, looking anew for each part.

        Push services may take long, and meanwhile somebody is removed, or the message deleted.
        """
        done: set[str] = set()
        while found := await self._database.read(look, *about):
            waiting = [person for person in found.people if person.id not in done]
            if not waiting:
                return
            some = waiting[:TOGETHER]
            done.update(person.id for person in some)
            await self._tell_some(found, some)

    async def _tell_some(self, found: Circumstances, some: Sequence[Person]) -> None:
        told = await asyncio.gather(*(self._tell(found, person) for person in some))
        outcomes = [
            (person.id, outcome)
            for person, outcome in zip(some, told, strict=True)
            if outcome.is_notified or not person.was_told
        ]
        message = found.said.message
        await self._database.write(store.put_notices, message.conversation, message.seq, outcomes)

    async def _tell(self, found: Circumstances, person: Person) -> Outcome:
        said = found.said
        outcome = self.decision(said, person, self._database.clock())
        if not outcome.is_notified:
            return outcome
        notification = notification_of(said, person.settings)
        deliveries = await asyncio.gather(
            *(self._push(said, person, to, notification) for to in person.subscriptions)
        )
        if Delivery.TAKEN in deliveries or Delivery.LATER in deliveries:
            return outcome
        return Outcome.FAILED if Delivery.REFUSED in deliveries else Outcome.NO_DEVICE

    def decision(self, said: Said, person: Person, now: int) -> Outcome:
        """Return what is to be done about a message for a person, as things stand."""
        is_open = self._attention.is_open(person.id, said.message.conversation)
        return decide(concern_of(said, person, is_open=is_open), now)

    async def _push(
        self, said: Said, person: Person, to: Subscription, notification: dict[str, Any]
    ) -> Delivery:
        delivery = await self._pusher.push(to, notification)
        if delivery is Delivery.GONE:
            await self._database.write(store.remove_subscription, to.id)
        elif delivery is Delivery.LATER:
            await self._database.write(try_again, said.message, to.id, person.had_read)
        return delivery

    async def retry(self, payload: dict[str, Any]) -> None:
        """Tell one browser whose push service was busy, if there is still something to tell.

        Raises:
            Busy: It still is.
        """
        found = await self._database.read(_again, payload)
        if found is None:
            return
        said, person, to = found
        message, now = said.message, self._database.clock()
        outcome = self.decision(said, person, now)
        if outcome.is_notified:
            if now - (message.edited_at or message.created_at) < OLD and await self._push_again(
                said, person, to
            ):
                return
            outcome = Outcome.FAILED
        if len(person.subscriptions) == 1:  # others may have told the person
            noted = [(person.id, outcome)]
            await self._database.write(store.put_notices, message.conversation, message.seq, noted)

    async def _push_again(self, said: Said, person: Person, to: Subscription) -> bool:
        """Return whether the push service took it this time."""
        notification = notification_of(said, person.settings)
        delivery = await self._pusher.push(to, notification, again=True)
        if delivery is Delivery.LATER:
            raise Busy
        if delivery is Delivery.GONE:
            await self._database.write(store.remove_subscription, to.id)
        return delivery is Delivery.TAKEN

    async def test(self, payload: dict[str, Any]) -> None:
        """Tell a person's browsers that they can be told."""
        found, settings = await self._database.read(test_subscriptions, payload["user"])
        for to in found:
            if await self._pusher.push(to, test_notification(settings)) is Delivery.GONE:
                await self._database.write(store.remove_subscription, to.id)

    async def sweep(self) -> None:
        """Forget decisions that nobody will ask for, and look who still wants to be told."""
        await self._database.write(store.forget_notices_before, self._database.clock() - KEPT)
        await self.start()


def try_again(
    transaction: Transaction, message: Message, subscription: str, had_read: bool
) -> None:
    """Leave a job for one browser whose push service was busy."""
    job = {
        "conversation": message.conversation,
        "seq": message.seq,
        "subscription": subscription,
        "had_read": had_read,
    }
    transaction.enqueue(RETRY, job, after=5 * SECOND)


def forget(transaction: Transaction, event: MessageDeleted) -> None:
    """Remove what was noted about a message that is deleted."""
    store.forget_notices_of(transaction, event.message.conversation, event.message.seq)


def _again(snapshot: Snapshot, payload: dict[str, Any]) -> tuple[Said, Person, Subscription] | None:
    to = store.find_subscription(snapshot, payload["subscription"])
    message = find_message(snapshot, payload["conversation"], payload["seq"])
    if to is None or message is None or message.deleted:
        return None
    had_read = payload.get("had_read", False)
    person = person_of(snapshot, message, to.user, had_read=had_read)
    if person is None or to not in person.subscriptions:  # its session is over
        return None
    return said_of(snapshot, message), person, to
