"""Deletes many messages in batches: those that no user can see any more, and of removed members."""

import asyncio
from typing import Any

from echosphere.accounts import filter_open_accounts
from echosphere.conversations import (
    Access,
    Conversation,
    Kind,
    Role,
    audience_of,
    find_conversation,
    get_conversation_for_update,
    members_of_direct_conversations,
    settled_clearings,
)
from echosphere.core.clock import SECOND
from echosphere.core.errors import NotFound
from echosphere.database import Command, Database, Snapshot, Transaction
from echosphere.jobs import JobRunner
from echosphere.messages import store
from echosphere.messages.delete import erase_message, erase_silently
from echosphere.messages.limits import UNDO_WINDOW

PURGE = "messages.clear"
"""The job that deletes the messages of a conversation; its payload is `{conversation}`."""

PURGE_CLEARED = "messages.purge_cleared"
"""The same for messages that both members of a direct conversation cleared."""

REMOVE = "messages.remove"
"""Deletes messages of a removed member: `{conversation, author, after, until}`."""

REMOVE_EVERYWHERE = "messages.remove_everywhere"
"""Deletes all that one author posted, in all conversations: `{author}`."""

ANY_SEQ = 2**53
PAUSE = 0.05
"""Seconds between two transactions of what may be long: who writes meanwhile does not wait for all."""

BATCH_SIZE = 100
"""Messages deleted in one transaction, during which no other write runs."""


class PurgeMessages(Command[int | None], lane="conversation"):
    """Delete a batch of messages, and their files, of a conversation without members."""

    conversation: str
    after: int

    def run(self, transaction: Transaction) -> int | None:
        """Delete it; return the `seq` after which to continue, or None at the end."""
        if not has_no_members(transaction, self.conversation):
            return None
        batch = store.undeleted(transaction, self.conversation, self.after, BATCH_SIZE)
        for message in batch:
            locked = get_conversation_for_update(transaction, self.conversation)
            erase_message(transaction, _access_of_server(locked, message.author), message)
        return batch[-1].seq if batch else None


class PurgeClearedMessages(Command[int | None], lane="conversation"):
    """Delete a batch of messages that both members of a direct conversation cleared."""

    conversation: str
    after: int

    def run(self, transaction: Transaction) -> int | None:
        """Delete it; return the `seq` after which to continue, or None at the end."""
        try:
            locked = get_conversation_for_update(transaction, self.conversation)
        except NotFound:
            return None
        until = last_seq_cleared_by_all(transaction, locked)
        undeleted = store.undeleted(transaction, self.conversation, self.after, BATCH_SIZE)
        batch = [message for message in undeleted if message.seq <= until]
        for message in batch:
            erase_silently(transaction, locked, message)
        return batch[-1].seq if batch else None


class RemoveAuthored(Command[bool], lane="conversation"):
    """Delete a batch of what one author posted after a `seq`, up to another one."""

    conversation: str
    author: str
    after: int
    until: int

    def run(self, transaction: Transaction) -> bool:
        """Delete it; return whether there was any."""
        here = self.conversation
        get_conversation_for_update(transaction, here)
        bounds = {"after": self.after, "until": self.until, "limit": BATCH_SIZE}
        batch = store.undeleted_of(transaction, here, self.author, **bounds)
        for message in batch:
            locked = get_conversation_for_update(transaction, here)
            erase_message(transaction, _access_of_server(locked, self.author), message)
        return bool(batch)


class PurgeJobs:
    """Runs the purges as jobs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def register(self, jobs: JobRunner) -> None:
        """Register the jobs."""
        jobs.register(PURGE, self.purge)
        jobs.register(PURGE_CLEARED, self.purge_cleared)
        jobs.register(REMOVE, self.remove)
        jobs.register(REMOVE_EVERYWHERE, self.remove_everywhere)

    async def purge(self, payload: dict[str, Any]) -> None:
        """Delete all messages of a conversation."""
        await self._run_batches(PurgeMessages, payload["conversation"])

    async def purge_cleared(self, payload: dict[str, Any]) -> None:
        """Delete the messages of a conversation that both members cleared and can no longer restore."""
        await self._run_batches(PurgeClearedMessages, payload["conversation"])

    async def remove(self, payload: dict[str, Any]) -> None:
        """Delete messages of a removed member."""
        while await self._database.write(RemoveAuthored(**payload)):
            pass

    async def remove_everywhere(self, payload: dict[str, Any]) -> None:
        """Delete all that one author posted; after a crash what is left of it."""
        author, after = payload["author"], ""
        while here := await self._database.read(store.next_conversation_of_author, author, after):
            more = True
            while more:
                more = await self._database.write(RemoveAuthored(here, author, 0, ANY_SEQ))
                await asyncio.sleep(PAUSE)
            after = here

    async def _run_batches(
        self, kind: type[PurgeMessages | PurgeClearedMessages], conversation: str
    ) -> None:
        after: int | None = 0
        while after is not None:
            after = await self._database.write(kind(conversation, after))


def enqueue_purge(transaction: Transaction, conversation: str) -> None:
    """Enqueue the purge of a conversation."""
    transaction.enqueue(PURGE, {"conversation": conversation})


def enqueue_purge_of_cleared(transaction: Transaction, conversation: str) -> None:
    """Enqueue the purge of what both members cleared, after the time in which that can be undone."""
    payload = {"conversation": conversation}
    transaction.enqueue(PURGE_CLEARED, payload, after=UNDO_WINDOW + SECOND)


def enqueue_purge_of_abandoned(transaction: Transaction, user_id: str) -> None:
    """Enqueue the purges that are due because a user closed their account.

    Of direct conversations whose other account is closed too, notes to self among them, and of those
    whose remaining member has cleared messages.
    """
    members = members_of_direct_conversations(transaction, user_id)
    open_accounts = filter_open_accounts(
        transaction, {one.user for pair in members.values() for one in pair}
    )
    for conversation, pair in sorted(members.items()):
        if not any(one.user in open_accounts for one in pair):
            enqueue_purge(transaction, conversation)
        elif any(settled_clearings(transaction, conversation, transaction.now).values()):
            enqueue_purge_of_cleared(transaction, conversation)


def enqueue_removal(
    transaction: Transaction, conversation: str, author: str, after: int, until: int
) -> None:
    """Enqueue the deletion of what an author posted after a `seq`, up to another one."""
    payload = {"conversation": conversation, "author": author, "after": after, "until": until}
    transaction.enqueue(REMOVE, payload)


def enqueue_removal_everywhere(transaction: Transaction, author: str) -> None:
    """Enqueue the deletion of all that an author posted, wherever it was."""
    transaction.enqueue(REMOVE_EVERYWHERE, {"author": author})


def last_seq_cleared_by_all(snapshot: Snapshot, conversation: Conversation) -> int:
    """Return the `seq` up to which all members with an open account cleared a conversation for good.

    In groups 0, since members who join later may see earlier messages.
    """
    if conversation.kind is not Kind.DIRECT:
        return 0
    cleared = settled_clearings(snapshot, conversation.id, snapshot.now - UNDO_WINDOW)
    open_accounts = filter_open_accounts(snapshot, cleared)
    return min((cleared[one] for one in open_accounts), default=0)


def has_no_members(snapshot: Snapshot, conversation: str) -> bool:
    """Whether a conversation exists and has no member who can open it."""
    if find_conversation(snapshot, conversation) is None:
        return False
    return not filter_open_accounts(snapshot, audience_of(snapshot, conversation)[1])


def _access_of_server(conversation: Conversation, author: str) -> Access:
    """Return an access for the server itself, since no member is left."""
    return Access(conversation, author, Role.OWNER, 0, None)
