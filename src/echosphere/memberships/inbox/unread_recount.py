"""Tells people anew what is unread when somebody changed an old message."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence

from echosphere.database import Database, Transaction
from echosphere.memberships.inbox.events import MemberSettingsChanged, MentionsChanged
from echosphere.memberships.store import inbox as inbox_store
from echosphere.messages import (
    MessageDeleted,
    MessageEdited,
    MessagesHidden,
    MessagesRestored,
    mentioned_in,
)

BATCH_SIZE = 20
"""People for whom it is counted in one transaction: nobody else writes meanwhile."""

PAUSE = 0.5
"""Seconds in which several changes in a conversation are counted as one."""

log = logging.getLogger(__name__)

Online = Callable[[Collection[str]], Collection[str]]
"""Returns those of these people who have a device connected."""


class UnreadRecounter:
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
        self._waiting.setdefault(event.conversation, set()).update(event.user_ids)
        if self._work is None or self._work.done():
            self._work = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        while self._waiting:
            await asyncio.sleep(PAUSE)
            conversation = next(iter(self._waiting))
            user_ids = sorted(self._online(self._waiting.pop(conversation)))
            try:
                for start in range(0, len(user_ids), BATCH_SIZE):
                    batch = user_ids[start : start + BATCH_SIZE]
                    await self._database.write_in(conversation, push_counts, batch, conversation)
            except Exception as error:  # they see it when they ask
                log.warning("Mentions could not be counted anew: %s", error)


def recount_mentions(transaction: Transaction, event: MessageEdited | MessageDeleted) -> None:
    """Tell those whose count of mentions changed.

    Devices hold only some of the earlier messages, so they cannot know what an edited one said to
    them before. How many messages are unread they see from the deleted ones themselves.
    """
    message, before = event.message, event.mentioned_before
    changed = before ^ mentioned_in(message)
    calls_all = event.all_before != bool(message.mentions_all)
    if not changed and not calls_all:
        return
    waiting = inbox_store.members_with_unread(transaction, message.conversation, message.seq)
    user_ids = (waiting if calls_all else waiting & changed) - {message.author}
    if len(user_ids) > BATCH_SIZE:
        transaction.announce(MentionsChanged(message.conversation, frozenset(user_ids)))
    else:
        push_counts(transaction, sorted(user_ids), message.conversation)


def recount_after_hiding(
    transaction: Transaction, event: MessagesHidden | MessagesRestored
) -> None:
    """Tell a person what is unread now that they hid messages, or took that back."""
    push_counts(transaction, [event.person], event.conversation)


def push_counts(transaction: Transaction, user_ids: Sequence[str], conversation: str) -> None:
    """Tell people what is unread in a conversation now."""
    for user_id in user_ids:
        entry = inbox_store.find_entry(transaction, user_id, conversation)
        if entry is not None:
            transaction.announce(MemberSettingsChanged(user_id, entry))
