"""Sends new unread counts when an earlier message was edited, deleted or hidden."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence

from echosphere.database import Command, Database, Transaction
from echosphere.memberships.inbox.events import MemberSettingsChanged, MentionsChanged
from echosphere.memberships.store import inbox as inbox_store
from echosphere.messages import (
    MessageDeleted,
    MessageEdited,
    MessagesHidden,
    MessagesRestored,
    mentioned_user_ids,
)

BATCH_SIZE = 20
"""Users counted in one transaction, which keeps all other writers waiting."""

PAUSE = 0.5
"""Seconds in which several changes of a conversation are counted once."""

log = logging.getLogger(__name__)

Online = Callable[[Collection[str]], Collection[str]]
"""Returns those of the given users who have a connected device."""


class UnreadRecounter:
    """Counts for many users after the commit, in batches, for those who are connected.

    The others get the counts with their next sync.

    Args:
        database: Where the counts are read and announced.
        online: Selects the connected users.
    """

    def __init__(self, database: Database, online: Online) -> None:
        self._database = database
        self._online = online
        self._waiting: dict[str, set[str]] = {}
        self._work: asyncio.Task[None] | None = None

    def add(self, event: MentionsChanged) -> None:
        """Schedule a count for these users."""
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
                    await self._database.write(PushCounts(conversation, batch))
            except Exception as error:  # clients get the counts with their next sync
                log.warning("Unread counts could not be sent: %s", error)


def recount_mentions(transaction: Transaction, event: MessageEdited | MessageDeleted) -> None:
    """Send counts to the users whose number of mentions changed.

    Clients hold only some of the earlier messages, so they cannot compute it from the old text.
    The number of unread messages they can: the event about a deleted message is enough.
    """
    message, before = event.message, event.mentioned_before
    changed = before ^ mentioned_user_ids(message)
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
    """Send a user their counts after they hid messages or undid that."""
    push_counts(transaction, [event.user_id], event.conversation)


def push_counts(transaction: Transaction, user_ids: Sequence[str], conversation: str) -> None:
    """Announce the unread counts of a conversation to users; skip those who are not members."""
    for user_id in user_ids:
        entry = inbox_store.find_entry(transaction, user_id, conversation)
        if entry is not None:
            transaction.announce(MemberSettingsChanged(user_id, entry))


class PushCounts(Command[None], lane="conversation"):
    """Announce the unread counts of a conversation to users; see `push_counts`."""

    conversation: str
    user_ids: Sequence[str]

    def run(self, transaction: Transaction) -> None:
        """Announce them."""
        push_counts(transaction, self.user_ids, self.conversation)
