"""Deletes what nobody can see any more: of conversations that all left, or cleared for themselves."""

from collections.abc import Callable
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
from echosphere.database import Database, Snapshot, Transaction
from echosphere.jobs import JobRunner
from echosphere.messages import store
from echosphere.messages.delete import purge_message, remove_message
from echosphere.messages.limits import UNDO_WINDOW

PURGE = "messages.clear"
"""The job that deletes the messages of a conversation; its payload is `{conversation}`."""

PURGE_CLEARED = "messages.purge_cleared"
"""The same for the messages that both of a direct conversation cleared."""

AT_ONCE = 100
"""Messages deleted in one transaction, during which no other write runs."""

Some = Callable[[Transaction, str, int], int | None]
"""Deletes some messages of a conversation after a number.

Returns:
    The number after which to go on, or None when nothing is left to be done.
"""


class Purging:
    """Runs the jobs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def register(self, jobs: JobRunner) -> None:
        """Register the job."""
        jobs.register(PURGE, self.purge)
        jobs.register(PURGE_CLEARED, self.purge_cleared)

    async def purge(self, payload: dict[str, Any]) -> None:
        """Delete all messages of a conversation."""
        await self._all(purge_some, payload["conversation"])

    async def purge_cleared(self, payload: dict[str, Any]) -> None:
        """Delete the messages of a conversation that nobody can bring back any more."""
        await self._all(purge_some_cleared, payload["conversation"])

    async def _all(self, some: Some, conversation: str) -> None:
        after: int | None = 0
        while after is not None:
            after = await self._database.write_in(conversation, some, conversation, after)


def purge_later(transaction: Transaction, conversation: str) -> None:
    """Enqueue the purge of a conversation."""
    transaction.enqueue(PURGE, {"conversation": conversation})


def purge_cleared_later(transaction: Transaction, conversation: str) -> None:
    """Have what both of a direct conversation cleared deleted, when that cannot be undone any more."""
    payload = {"conversation": conversation}
    transaction.enqueue(PURGE_CLEARED, payload, after=UNDO_WINDOW + SECOND)


def purge_deserted(transaction: Transaction, user_id: str) -> None:
    """Have deleted what nobody sees any more once somebody closed their account.

    That is their notes, what they said to the gone, and what those who are there had cleared.
    """
    both = members_of_direct_conversations(transaction, user_id)
    here = filter_open_accounts(transaction, {one.user for pair in both.values() for one in pair})
    for conversation, pair in sorted(both.items()):
        if not any(one.user in here for one in pair):
            purge_later(transaction, conversation)
        elif any(settled_clearings(transaction, conversation, transaction.now).values()):
            purge_cleared_later(transaction, conversation)


def purge_some(transaction: Transaction, conversation: str, after: int) -> int | None:
    """Delete some messages of a conversation without a member, their files with them."""
    if not has_no_members(transaction, conversation):
        return None
    found = store.undeleted(transaction, conversation, after, AT_ONCE)
    for message in found:
        whole = get_conversation_for_update(transaction, conversation)
        remove_message(transaction, _as_owner(whole, message.author), message)
    return found[-1].seq if found else None


def purge_some_cleared(transaction: Transaction, conversation: str, after: int) -> int | None:
    """Delete some messages that both members of a direct conversation cleared."""
    try:
        whole = get_conversation_for_update(transaction, conversation)
    except NotFound:
        return None
    until = cleared_by_all(transaction, whole)
    undeleted = store.undeleted(transaction, conversation, after, AT_ONCE)
    found = [message for message in undeleted if message.seq <= until]
    for message in found:
        purge_message(transaction, whole, message)
    return found[-1].seq if found else None


def cleared_by_all(snapshot: Snapshot, conversation: Conversation) -> int:
    """Return up to which message all who could look at a conversation cleared it for good.

    In a group that is nothing: who joins later may see what was said before.
    """
    if conversation.kind is not Kind.DIRECT:
        return 0
    cleared = settled_clearings(snapshot, conversation.id, snapshot.now - UNDO_WINDOW)
    here = filter_open_accounts(snapshot, cleared)
    return min((cleared[one] for one in here), default=0)


def has_no_members(snapshot: Snapshot, conversation: str) -> bool:
    """Whether a conversation exists and has no member who can open it."""
    if find_conversation(snapshot, conversation) is None:
        return False
    return not filter_open_accounts(snapshot, audience_of(snapshot, conversation)[1])


def _as_owner(conversation: Conversation, author: str) -> Access:
    """Return an access that stands for the server's own: there is nobody left who has one."""
    return Access(conversation, author, Role.OWNER, 0, None)
