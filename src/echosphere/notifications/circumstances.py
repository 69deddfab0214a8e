"""Gathers what decides whether people are notified of a message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from echosphere.accounts import (
    PersonSettings,
    find_user,
    living_sessions,
    settings_of,
    settings_of_all,
)
from echosphere.attachments import attachments_of_messages
from echosphere.contacts import blockers_of
from echosphere.database import Snapshot
from echosphere.messages import Message, find_message
from echosphere.notifications import store
from echosphere.notifications.content import Said
from echosphere.notifications.decide import Concern, Outcome, Wish, quiet_hours
from echosphere.notifications.store import Listener, Subscription

MEANT = (Outcome.MENTION, Outcome.REPLY)
"""Who was told so needs not be told that an edit mentions them."""


@dataclass(frozen=True, slots=True)
class Person:
    """One member who may have to be told.

    Attributes:
        had_read: Whether they had read the words before an edit that mentions them now; they have
            not read these then, wherever their read position is.
        was_told: Whether they were told of the message before, not as one that mentions them.
    """

    listener: Listener
    settings: PersonSettings
    subscriptions: Sequence[Subscription]
    blocks_author: bool
    had_read: bool = False
    was_told: bool = False

    @property
    def id(self) -> str:
        """The person's id."""
        return self.listener.user


@dataclass(frozen=True, slots=True)
class Circumstances:
    """A message, and those who may have to be told of it."""

    said: Said
    people: Sequence[Person]


def circumstances_of(snapshot: Snapshot, conversation: str, seq: int) -> Circumstances | None:
    """Return a message with all members who have a subscription and were not told yet."""
    message = _find_said(snapshot, conversation, seq)
    if message is None:
        return None
    found = store.listeners(snapshot, conversation, seq, message.author)
    decided = store.outcomes_of(snapshot, [one.user for one in found], conversation, seq)
    people = _people(snapshot, message, [one for one in found if one.user not in decided])
    return Circumstances(said_of(snapshot, message), people)


def circumstances_of_mention(
    snapshot: Snapshot, conversation: str, seq: int, had_read: Mapping[str, bool]
) -> Circumstances | None:
    """Return a message with those whom an edit mentioned and who were not told so yet.

    Args:
        snapshot: The state to read.
        conversation: Where the message is.
        seq: Its number.
        had_read: Who was mentioned, and whether they had read the earlier words. Whom it does not
            mention any more is left out.
    """
    message = _find_said(snapshot, conversation, seq)
    if message is None:
        return None
    found = store.listeners(snapshot, conversation, seq, message.author, had_read)
    decided = store.outcomes_of(snapshot, [one.user for one in found], conversation, seq)
    mentioned = [
        one
        for one in found
        if (one.mentioned or message.mentions_all) and decided.get(one.user) not in MEANT
    ]
    people = [
        replace(
            person,
            had_read=had_read[person.id],
            was_told=person.id in decided and decided[person.id].is_notified,
        )
        for person in _people(snapshot, message, mentioned)
    ]
    return Circumstances(said_of(snapshot, message), people)


def person_of(
    snapshot: Snapshot, message: Message, user: str, *, had_read: bool = False
) -> Person | None:
    """Return how one member stands to a message, or None if they are none."""
    listener = store.find_listener(snapshot, message.conversation, message.seq, user)
    if listener is None:
        return None
    return replace(_people(snapshot, message, [listener])[0], had_read=had_read)


def said_of(snapshot: Snapshot, message: Message) -> Said:
    """Return a message with what is needed to speak of it."""
    author = find_user(snapshot, message.author)
    direct, title = store.title_of(snapshot, message.conversation)
    files = (
        attachments_of_messages(snapshot, message.conversation, [message.seq])
        if message.files
        else {}
    )
    return Said(
        message,
        files.get(message.seq, ()),
        direct,
        title,
        author.name if author else "",
        author.avatar_url if author else None,
        _answered(snapshot, message),
    )


def test_subscriptions(
    snapshot: Snapshot, user: str
) -> tuple[Sequence[Subscription], PersonSettings]:
    """Return a person's living subscriptions and settings."""
    found = store.subscriptions_of(snapshot, [user]).get(user, [])
    return _living(snapshot, {user: found})[user], settings_of(snapshot, user)


def concern_of(said: Said, person: Person, *, is_open: bool) -> Concern:
    """Return what a message is to a person."""
    message, listener, settings = said.message, person.listener, person.settings
    here = None if listener.notify == "default" else cast("Wish", listener.notify)
    return Concern(
        own=message.author == listener.user,
        system=message.system is not None,
        deleted=bool(message.deleted),
        hidden=listener.hidden,
        blocked=person.blocks_author,
        read=listener.read_seq >= message.seq and not person.had_read,
        is_open=is_open,
        direct=said.direct,
        mentioned=listener.mentioned or bool(message.mentions_all),
        answered=said.answers == listener.user,
        muted=listener.muted,
        muted_until=listener.muted_until,
        in_conversation=here,
        everywhere=settings.notify,
        quiet=quiet_hours(settings.quiet_from, settings.quiet_to, settings.time_zone),
        has_device=bool(person.subscriptions),
    )


def _answered(snapshot: Snapshot, message: Message) -> str | None:
    """Return who wrote what a message replies to."""
    if message.reply_to is None:
        return None
    answered = find_message(snapshot, message.conversation, message.reply_to)
    return None if answered is None else answered.author


def _find_said(snapshot: Snapshot, conversation: str, seq: int) -> Message | None:
    """Return a message that somebody wrote and that is there, or None."""
    message = find_message(snapshot, conversation, seq)
    if message is None or message.deleted or message.system is not None:
        return None
    return message


def _people(snapshot: Snapshot, message: Message, found: Sequence[Listener]) -> list[Person]:
    ids = [listener.user for listener in found]
    subscriptions = _living(snapshot, store.subscriptions_of(snapshot, ids))
    settings = settings_of_all(snapshot, ids)
    blockers = blockers_of(snapshot, message.author) if found else set()
    return [
        Person(
            listener,
            settings.get(listener.user, PersonSettings()),
            subscriptions.get(listener.user, []),
            listener.user in blockers,
        )
        for listener in found
    ]


def _living(
    snapshot: Snapshot, found: dict[str, list[Subscription]]
) -> dict[str, list[Subscription]]:
    """Sessions end by age without anybody's doing: what they subscribed to is not sent any more."""
    sessions = {one.session for some in found.values() for one in some}
    alive = living_sessions(snapshot, sessions)
    return {user: [one for one in some if one.session in alive] for user, some in found.items()}
