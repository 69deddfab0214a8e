"""Notifies users of contact requests, and of their own requests and invites being accepted."""

from collections.abc import Sequence
from typing import Any

import msgspec

from echosphere.accounts import User, UserSettings, find_own_user, find_user
from echosphere.contacts import (
    ContactChanged,
    ContactRequested,
    are_contacts,
    find_received_request,
)
from echosphere.core.clock import SECOND
from echosphere.database import Database, Snapshot, Transaction
from echosphere.i18n import translate
from echosphere.jobs import JobRunner
from echosphere.notifications import store
from echosphere.notifications.content import MAX_TEXT, MAX_TITLE
from echosphere.notifications.decide import parse_quiet_hours
from echosphere.notifications.push import Delivery, PushSender
from echosphere.notifications.recipients import active_subscriptions
from echosphere.notifications.store import Subscription
from echosphere.richtext import truncate_with_ellipsis

REQUESTED = "notifications.requested"
"""The job that notifies of a request: `{user, request}`."""

ACCEPTED = "notifications.accepted"
"""The job that notifies of an accepted request or invite: `{user, contact, invited}`."""

DELAY = SECOND
"""A user who has the list open may answer at once."""


class PushServicesBusy(Exception):  # noqa: N818 - a reason to retry the job
    """No push service accepted the message now."""


class PushNotification(msgspec.Struct, frozen=True):
    """A notification and the subscriptions that it goes to."""

    content: dict[str, Any]
    subscriptions: Sequence[Subscription]


class ContactNotifications:
    """Decides who is notified of contacts, and notifies them.

    Args:
        database: Where requests and subscriptions are.
        pusher: Sends push messages.
    """

    def __init__(self, database: Database, push_sender: PushSender) -> None:
        self._database = database
        self._push_sender = push_sender

    def register(self, runner: JobRunner) -> None:
        """Register the jobs and the work done in the transactions of contacts."""
        self._database.in_same_transaction(ContactRequested, enqueue_request)
        self._database.in_same_transaction(ContactChanged, enqueue_acceptance)
        runner.register(REQUESTED, self.notify_of_request)
        runner.register(ACCEPTED, self.notify_of_acceptance)

    async def notify_of_request(self, payload: dict[str, Any]) -> None:
        """Notify a user of a request that is still pending."""
        user, request = payload["user"], payload["request"]
        await self._push(await self._database.read(request_notification, user, request))

    async def notify_of_acceptance(self, payload: dict[str, Any]) -> None:
        """Notify a user of a new contact, if it still is one."""
        user, contact = payload["user"], payload["contact"]
        invited = payload.get("invited", False)
        read = self._database.read
        await self._push(await read(acceptance_notification, user, contact, invited))

    async def _push(self, notification: PushNotification | None) -> None:
        await push_to_all(self._database, self._push_sender, notification)


async def push_to_all(
    database: Database, push_sender: PushSender, notification: PushNotification | None
) -> None:
    """Send a notification to each of its browsers, and forget those that are gone.

    Raises:
        PushServicesBusy: None of them took it now.
    """
    if notification is None:
        return
    deliveries = []
    for to in notification.subscriptions:
        delivery = await push_sender.push(to, notification.content)
        if delivery is Delivery.GONE:
            await database.write(store.RemoveSubscription(to.id))
        deliveries.append(delivery)
    if Delivery.RETRY in deliveries and Delivery.ACCEPTED not in deliveries:
        raise PushServicesBusy


def wants_none_now(settings: UserSettings, now: int) -> bool:
    """Whether a user wants no notifications, or none at this time of their day."""
    quiet = parse_quiet_hours(settings.quiet_from, settings.quiet_to, settings.time_zone)
    return settings.notify == "none" or (quiet is not None and quiet.include(now))


def enqueue_request(transaction: Transaction, event: ContactRequested) -> None:
    """Enqueue a job for a new request.

    The job finds out whether it is for anyone, and whether they have a subscription: its sender
    waits for this transaction, and must not learn either from how long it takes.
    """
    if event.is_new:
        job = {"user": event.user_id, "request": event.request.id}
        transaction.enqueue(REQUESTED, job, after=DELAY)


def enqueue_acceptance(transaction: Transaction, event: ContactChanged) -> None:
    """Enqueue a job for an accepted request or invite if its author has a subscription."""
    if event.accepted and store.subscriptions_of(transaction, [event.user_id]):
        invited = event.accepted == "invite"
        job = {"user": event.user_id, "contact": event.contact.user.id, "invited": invited}
        transaction.enqueue(ACCEPTED, job, after=DELAY)


def request_notification(snapshot: Snapshot, user: str, request: str) -> PushNotification | None:
    """Return the notification of a request; None if it is closed or the user wants none now."""
    own = find_own_user(snapshot, user)
    found = None if own is None else find_received_request(snapshot, user, own.email, request)
    asker = None if found is None else find_user(snapshot, found.from_user)
    if found is None or asker is None:
        return None
    return _notification(snapshot, user, asker, found.body or "", "New contact request")


def acceptance_notification(
    snapshot: Snapshot, user: str, contact: str, invited: bool
) -> PushNotification | None:
    """Return the notification of a contact; None if it is gone or the user wants none now."""
    found = find_user(snapshot, contact)
    if found is None or not are_contacts(snapshot, user, contact):
        return None
    what = "accepted your invitation" if invited else "accepted your request"
    return _notification(snapshot, user, found, "", what)


def _notification(
    snapshot: Snapshot, user: str, about: User, text: str, fallback: str
) -> PushNotification | None:
    """Return a notification about a user: their text, or the fallback sentence."""
    subscriptions, settings = active_subscriptions(snapshot, user)
    if wants_none_now(settings, snapshot.now):
        return None
    shown = (
        truncate_with_ellipsis(" ".join(text.split()), MAX_TEXT) if settings.notify_content else ""
    )
    content = {
        "conversation": None,
        "seq": None,
        "title": truncate_with_ellipsis(about.name, MAX_TITLE),
        "body": shown or translate(settings.language, fallback),
        "icon": about.avatar_url,
        "url": "/#contacts",
        "tag": f"contact-{about.id}",
    }
    return PushNotification(content, subscriptions)
