"""Tells people by e-mail, once a day at most, what waited for them too long."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from echosphere.accounts import OwnUser, PersonSettings, get_own_user, settings_of, users_by_id
from echosphere.conversations import audience_of
from echosphere.core.clock import DAY, HOUR
from echosphere.core.errors import NotFound
from echosphere.database import Database, JobRunner, Snapshot
from echosphere.mail import Mail, UndeliverableError
from echosphere.messages import Message
from echosphere.notifications import store
from echosphere.notifications.circumstances import concern_of, person_of, said_of
from echosphere.notifications.content import Said
from echosphere.notifications.decide import Outcome, decide
from echosphere.notifications.letter import Missed, digest_letter
from echosphere.notifications.unsubscribe import Unsubscribing

PAUSE = DAY - HOUR // 2
"""Between two digests: they are looked for once an hour, and not always in the same minute."""

LOOKED_BACK = 7 * DAY
"""What is older is no news, and may have been in a digest whose note is gone."""

MOST = 100
"""Messages of one digest."""

MOST_PROBLEMS = 5
"""Letters in a run that the mail server does not take before it counts as away."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Digest:
    """What somebody is to be told."""

    to: OwnUser
    settings: PersonSettings
    missed: Sequence[Missed]

    @property
    def messages(self) -> list[Message]:
        """All messages of the digest."""
        return [said.message for one in self.missed for said in one.said]


class Digests:
    """Looks for people with missed messages once an hour.

    Args:
        database: Where the messages are.
        mail: Sends letters.
        unsubscribing: Makes the link that ends them.
        base_url: Of this instance; links lead nowhere else.
        hours: How long a message waits before its person gets a mail.
    """

    def __init__(
        self,
        database: Database,
        mail: Mail,
        unsubscribing: Unsubscribing,
        *,
        base_url: str,
        hours: int,
    ) -> None:
        self._database = database
        self._mail = mail
        self._unsubscribing = unsubscribing
        self._base_url = base_url
        self._waited = hours * HOUR

    def register(self, push_jobs: JobRunner) -> None:
        """Have the work done, if letters can be sent at all."""
        if self._mail.is_there:
            push_jobs.every("notifications.digest", HOUR, self.send_all)

    async def send_all(self) -> None:
        """Send everybody what they missed.

        Raises:
            OSError: The mail server could not be reached, or did not take a letter just now.
        """
        since = self._database.clock() - LOOKED_BACK
        problems: list[OSError] = []
        for user in await self._database.read(store.people_with_unread, since):
            digest = await self._database.read(digest_for, user, self._waited, self._base_url)
            try:
                if digest is not None:
                    await self._send(digest)
            except OSError as error:  # perhaps of this one letter: others may be taken
                problems.append(error)
            if len(problems) == MOST_PROBLEMS:
                break
        if problems:
            raise problems[-1]

    async def _send(self, digest: Digest) -> None:
        link = self._unsubscribing.link_for(digest.to.id)
        letter = digest_letter(
            digest.to.email, digest.to.name, digest.missed, digest.settings, link
        )
        outcome = Outcome.DIGEST
        try:
            await self._mail.send(letter)
        except UndeliverableError as error:
            log.warning("A digest cannot be delivered: %s", error)
            outcome = Outcome.UNDELIVERABLE
        by_conversation: dict[str, list[int]] = {}
        for message in digest.messages:
            by_conversation.setdefault(message.conversation, []).append(message.seq)
        await self._database.write(store.put_digest_notices, digest.to.id, by_conversation, outcome)


def digest_for(snapshot: Snapshot, user: str, waited: int, base_url: str) -> Digest | None:
    """Return what to tell somebody now, or None if that is nothing.

    Args:
        snapshot: The state to read.
        user: Who may have missed something.
        waited: Milliseconds after which a message was missed.
        base_url: What links begin with.
    """
    settings = settings_of(snapshot, user)
    last = store.last_digest_of(snapshot, user)
    if not settings.digest or (last is not None and snapshot.now - last < PAUSE):
        return None
    until = snapshot.now - waited
    unread = store.unread_of(snapshot, user, snapshot.now - LOOKED_BACK, MOST, settings.notify)
    if all(message.created_at > until for message in unread):
        return None
    said = [one for one in (_missed(snapshot, message, user) for message in unread) if one]
    if all(one.message.created_at > until for one in said):
        return None  # nothing has waited long enough
    try:
        own = get_own_user(snapshot, user)
    except NotFound:  # the account was closed
        return None
    return Digest(own, settings, _by_conversation(snapshot, user, said, base_url))


def _missed(snapshot: Snapshot, message: Message, user: str) -> Said | None:
    """Return a message if the person would have been told of it on a device at hand."""
    person = person_of(snapshot, message, user)
    if person is None:
        return None
    said = said_of(snapshot, message)
    concern = concern_of(said, person, is_open=False)
    outcome = decide(replace(concern, quiet=None, has_device=True), snapshot.now)
    return said if outcome.is_notified else None


def _by_conversation(
    snapshot: Snapshot, user: str, said: Sequence[Said], base_url: str
) -> list[Missed]:
    found: dict[str, list[Said]] = {}
    for one in said:
        found.setdefault(one.message.conversation, []).append(one)
    return [
        Missed(_title(snapshot, user, some[0]), f"{base_url}/c/{conversation}", some)
        for conversation, some in found.items()
    ]


def _title(snapshot: Snapshot, user: str, said: Said) -> str:
    if said.title:
        return said.title
    people = audience_of(snapshot, said.message.conversation)[1] - {user}
    names = [one.name for one in users_by_id(snapshot, people).values()]
    return names[0] if said.direct and names else said.name
