"""E-mails users a digest of messages that waited too long, at most once a day."""

from collections.abc import Sequence

import msgspec

from echosphere.accounts import (
    OwnUser,
    UserSettings,
    find_active_user,
    settings_of,
    users_by_id,
)
from echosphere.conversations import audience_of
from echosphere.core.clock import DAY, HOUR
from echosphere.database import Database, Snapshot
from echosphere.jobs import JobRunner
from echosphere.mail import Mailer, deliver
from echosphere.messages import Message
from echosphere.notifications import store
from echosphere.notifications.content import MessageContext
from echosphere.notifications.decide import Outcome, decide
from echosphere.notifications.digest_email import MissedConversation, digest_email
from echosphere.notifications.recipients import decision_input, find_recipient, message_context
from echosphere.notifications.unsubscribe import UnsubscribeLinks
from echosphere.settings import LiveSettings

MIN_INTERVAL = DAY - HOUR // 2
"""Between two digests; less than a day, because the hourly job does not run on the minute."""

LOOKBACK = 7 * DAY
"""Older messages may have been in a digest whose notice has expired."""

MAX_MESSAGES = 100
"""Messages of one digest."""

MAX_FAILURES = 5
"""Failed e-mails in one run after which the mail server counts as unreachable."""


class Digest(msgspec.Struct, frozen=True):
    """A digest for one user."""

    to: OwnUser
    settings: UserSettings
    conversations: Sequence[MissedConversation]

    @property
    def messages(self) -> list[Message]:
        """All messages of the digest."""
        return [context.message for one in self.conversations for context in one.contexts]


class Digests:
    """Finds users with missed messages once an hour, and e-mails them.

    Args:
        database: Where the messages are.
        mail: Sends e-mails.
        unsubscribing: Makes the link that turns the digest off.
        live: How long a message must wait before it is in a digest.
    """

    def __init__(
        self,
        database: Database,
        mail: Mailer,
        unsubscribe_links: UnsubscribeLinks,
        live: LiveSettings,
    ) -> None:
        self._database = database
        self._mail = mail
        self._unsubscribe_links = unsubscribe_links
        self._base_url = live.start.base_url
        self._live = live

    def register(self, push_jobs: JobRunner) -> None:
        """Register the job if a mail server is configured."""
        if self._mail.is_configured:
            push_jobs.every("notifications.digest", HOUR, self.send_all)

    async def send_all(self) -> None:
        """Send all digests that are due.

        Raises:
            OSError: The mail server is unreachable or rejected an e-mail temporarily.
        """
        since, min_age = self._database.clock() - LOOKBACK, self._live.current.digest_hours * HOUR
        failures: list[OSError] = []
        for user in await self._database.read(store.users_with_unread, since):
            digest = await self._database.read(digest_for, user, min_age, self._base_url)
            try:
                if digest is not None:
                    await self._send(digest)
            except OSError as error:  # others may be accepted
                failures.append(error)
            if len(failures) == MAX_FAILURES:
                break
        if failures:
            raise failures[-1]

    async def _send(self, digest: Digest) -> None:
        link = self._unsubscribe_links.link_for(digest.to.id)
        email = digest_email(
            digest.to.email, digest.to.name, digest.conversations, digest.settings, link
        )
        delivered = await deliver(self._mail, email, "a digest")
        outcome = Outcome.DIGEST if delivered else Outcome.UNDELIVERABLE
        by_conversation: dict[str, list[int]] = {}
        for message in digest.messages:
            by_conversation.setdefault(message.conversation, []).append(message.seq)
        await self._database.write(store.PutDigestNotices(digest.to.id, by_conversation, outcome))


def digest_for(snapshot: Snapshot, user: str, min_age: int, base_url: str) -> Digest | None:
    """Return the digest that is due for a user, or None.

    Args:
        snapshot: The state to read.
        user: The user id.
        min_age: Milliseconds that the oldest message must have waited.
        base_url: Of this instance.
    """
    own = find_active_user(snapshot, user)
    if own is None:  # the account was closed, or its owner is kept out
        return None
    settings = settings_of(snapshot, user)
    last = store.last_digest_of(snapshot, user)
    if not settings.digest or (last is not None and snapshot.now - last < MIN_INTERVAL):
        return None
    until = snapshot.now - min_age
    unread = store.missed_messages(
        snapshot, user, snapshot.now - LOOKBACK, MAX_MESSAGES, settings.notify
    )
    if all(message.created_at > until for message in unread):
        return None
    contexts = [
        one for one in (_context_if_missed(snapshot, message, user) for message in unread) if one
    ]
    if all(one.message.created_at > until for one in contexts):
        return None  # nothing has waited long enough
    return Digest(own, settings, _by_conversation(snapshot, user, contexts, base_url))


def _context_if_missed(snapshot: Snapshot, message: Message, user: str) -> MessageContext | None:
    """Return a message if a device of the user would have been notified of it."""
    recipient = find_recipient(snapshot, message, user)
    if recipient is None:
        return None
    context = message_context(snapshot, message)
    given = decision_input(context, recipient, is_open=False)
    outcome = decide(msgspec.structs.replace(given, quiet=None, has_device=True), snapshot.now)
    return context if outcome.is_notified else None


def _by_conversation(
    snapshot: Snapshot, user: str, contexts: Sequence[MessageContext], base_url: str
) -> list[MissedConversation]:
    found: dict[str, list[MessageContext]] = {}
    for one in contexts:
        found.setdefault(one.message.conversation, []).append(one)
    return [
        MissedConversation(_title(snapshot, user, some[0]), f"{base_url}/c/{conversation}", some)
        for conversation, some in found.items()
    ]


def _title(snapshot: Snapshot, user: str, context: MessageContext) -> str:
    if context.title:
        return context.title
    people = audience_of(snapshot, context.message.conversation)[1] - {user}
    names = [one.name for one in users_by_id(snapshot, people).values()]
    return names[0] if context.is_direct and names else context.author_name
