"""Tells people anew what is unread when somebody changed an old message."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence

from echosphere.database import Database, Transaction
from echosphere.memberships.inbox.events import MentionsChanged, OwnChanged
from echosphere.memberships.store import inbox as store
from echosphere.messages import (
    MessageDeleted,
    MessageEdited,
    MessagesHidden,
    MessagesRestored,
    mentioned_in,
)

AT_ONCE = 20
"""People for whom it is counted in one transaction: nobody else writes meanwhile."""

PAUSE = 0.5
"""Seconds in which several changes in a conversation are counted as one."""

log = logging.getLogger(__name__)

Online = Callable[[Collection[str]], Collection[str]]
"""Returns those of these people who have a device connected."""


class Recounting:
    """Counts after a commit where many are concerned: for those who are connected, some at a time.

    The others ask when they come back.

    Args:
        database: Where it is counted.
        online: Who is connected.
    """

    def __init__(self, database: Database, online: Online) -> None:
        self._database = database
        self._online = online
        self._waiting: dict[str, set[str]] = {}
        self._work: asyncio.Task[None] | None = None

    def add(self, event: MentionsChanged) -> None:
        """Note for whom to count."""
        self._waiting.setdefault(event.conversation, set()).update(event.people)
        if self._work is None or self._work.done():
            self._work = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        while self._waiting:
            await asyncio.sleep(PAUSE)
            conversation = next(iter(self._waiting))
            people = sorted(self._online(self._waiting.pop(conversation)))
            try:
                for start in range(0, len(people), AT_ONCE):
                    some = people[start : start + AT_ONCE]
                    await self._database.write_in(conversation, tell_all, some, conversation)
            except Exception as error:  # they see it when they ask
                log.warning("Mentions could not be counted anew: %s", error)


def recount_mentions(transaction: Transaction, event: MessageEdited | MessageDeleted) -> None:
    """Tell those whose count of mentions changed.

    Devices hold only some of the earlier messages, so they cannot know what an edited one said to
    them before. How many messages are unread they see from the deleted ones themselves.
    """
    message, before = event.message, event.mentioned_before
    concerned = before ^ mentioned_in(message)
    calls_all = event.all_before != bool(message.mentions_all)
    if not concerned and not calls_all:
        return
    waiting = store.who_has_not_read(transaction, message.conversation, message.seq)
    people = (waiting if calls_all else waiting & concerned) - {message.author}
    if len(people) > AT_ONCE:
        transaction.announce(MentionsChanged(message.conversation, frozenset(people)))
    else:
        tell_all(transaction, sorted(people), message.conversation)


def recount_shown(transaction: Transaction, event: MessagesHidden | MessagesRestored) -> None:
    """Tell a person what is unread now that they hid messages, or took that back."""
    tell_all(transaction, [event.person], event.conversation)


def tell_all(transaction: Transaction, people: Sequence[str], conversation: str) -> None:
    """Tell people what is unread in a conversation now."""
    for person in people:
        entry = store.find_entry(transaction, person, conversation)
        if entry is not None:
            transaction.announce(OwnChanged(person, entry))
