"""Notifies people of contact requests, and of those of their own that were accepted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from echosphere.accounts import User, find_own_user, find_user
from echosphere.contacts import ContactChanged, ContactRequested, are_contacts, find_request
from echosphere.core.clock import SECOND
from echosphere.database import Database, JobRunner, Snapshot, Transaction
from echosphere.i18n import translate
from echosphere.notifications import store
from echosphere.notifications.circumstances import test_subscriptions
from echosphere.notifications.content import MAX_TEXT, MAX_TITLE
from echosphere.notifications.decide import quiet_hours
from echosphere.notifications.push import Delivery, Pusher
from echosphere.notifications.store import Subscription
from echosphere.richtext import shortened

REQUESTED = "notifications.requested"
"""Tells a person of a request: `{user, request}`."""

ACCEPTED = "notifications.accepted"
"""Tells a person that somebody accepted theirs: `{user, contact}`."""

PAUSE = SECOND
"""Somebody who sits before the list may answer at once."""


class Busy(Exception):  # noqa: N818 - the job is to be tried again
    """No push service could take it now."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a person is told, and on which devices."""

    content: dict[str, Any]
    subscriptions: Sequence[Subscription]


class ContactNotices:
    """Decides and tells.

    Args:
        database: Where requests and subscriptions are.
        pusher: Tells browsers.
    """

    def __init__(self, database: Database, pusher: Pusher) -> None:
        self._database = database
        self._pusher = pusher

    def register(self, runner: JobRunner) -> None:
        """Have the work done by a job runner, beginning with each request and each yes."""
        self._database.also(ContactRequested, queue_request)
        self._database.also(ContactChanged, queue_accepted)
        runner.register(REQUESTED, self.tell_request)
        runner.register(ACCEPTED, self.tell_accepted)

    async def tell_request(self, payload: dict[str, Any]) -> None:
        """Tell a person of a request, if it still waits for them."""
        user, request = payload["user"], payload["request"]
        await self._tell(await self._database.read(request_notice, user, request))

    async def tell_accepted(self, payload: dict[str, Any]) -> None:
        """Tell a person who is their contact now, if that still holds."""
        user, contact = payload["user"], payload["contact"]
        await self._tell(await self._database.read(accepted_notice, user, contact))

    async def _tell(self, notice: Notice | None) -> None:
        if notice is None:
            return
        deliveries = []
        for to in notice.subscriptions:
            delivery = await self._pusher.push(to, notice.content)
            if delivery is Delivery.GONE:
                await self._database.write(store.remove_subscription, to.id)
            deliveries.append(delivery)
        if Delivery.LATER in deliveries and Delivery.TAKEN not in deliveries:
            raise Busy


def queue_request(transaction: Transaction, event: ContactRequested) -> None:
    """Leave a job for a new request, if there is a device to tell."""
    if event.fresh and store.subscriptions_of(transaction, [event.person]):
        job = {"user": event.person, "request": event.request.id}
        transaction.enqueue(REQUESTED, job, after=PAUSE)


def queue_accepted(transaction: Transaction, event: ContactChanged) -> None:
    """Leave a job for a yes, if there is a device to tell."""
    if event.accepted and store.subscriptions_of(transaction, [event.person]):
        job = {"user": event.person, "contact": event.contact.user.id}
        transaction.enqueue(ACCEPTED, job, after=PAUSE)


def request_notice(snapshot: Snapshot, user: str, request: str) -> Notice | None:
    """Return what a person is told of a request; None when it waits no more, or they want quiet."""
    own = find_own_user(snapshot, user)
    found = None if own is None else find_request(snapshot, user, own.email, request)
    asker = None if found is None else find_user(snapshot, found.from_user)
    if found is None or asker is None:
        return None
    return _notice(snapshot, user, asker, found.body or "", "New contact request")


def accepted_notice(snapshot: Snapshot, user: str, contact: str) -> Notice | None:
    """Return what a person is told of a new contact; None when they are none, or want quiet."""
    found = find_user(snapshot, contact)
    if found is None or not are_contacts(snapshot, user, contact):
        return None
    return _notice(snapshot, user, found, "", "accepted your request")


def _notice(
    snapshot: Snapshot, user: str, about: User, words: str, otherwise: str
) -> Notice | None:
    """Return what a person is told of somebody: their words, or a sentence instead of them."""
    subscriptions, settings = test_subscriptions(snapshot, user)
    quiet = quiet_hours(settings.quiet_from, settings.quiet_to, settings.time_zone)
    if settings.notify == "none" or (quiet is not None and quiet.include(snapshot.now)):
        return None
    shown = shortened(" ".join(words.split()), MAX_TEXT) if settings.notify_content else ""
    content = {
        "conversation": None,
        "seq": None,
        "title": shortened(about.name, MAX_TITLE),
        "body": shown or translate(settings.language, otherwise),
        "icon": about.avatar_url,
        "url": "/#contacts",
        "tag": f"contact-{about.id}",
    }
    return Notice(content, subscriptions)
