"""Deletes what nobody can see any more: the messages of a conversation that its last member left."""

from typing import Any

from echosphere.accounts import filter_open_accounts
from echosphere.conversations import (
    Access,
    Conversation,
    Role,
    audience_of,
    find_conversation,
    get_conversation_for_update,
    members_of_direct_conversations,
)
from echosphere.database import Database, JobRunner, Snapshot, Transaction
from echosphere.messages import store
from echosphere.messages.delete import remove_message

CLEAR = "messages.clear"
"""The kind of job that deletes the messages of a conversation; its payload is `{conversation}`."""

AT_ONCE = 100
"""Messages that are deleted in one transaction: nobody else writes meanwhile."""


class Clearing:
    """Does the work of these jobs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def register(self, jobs: JobRunner) -> None:
        """Have the work done by a job runner."""
        jobs.register(CLEAR, self.clear)

    async def clear(self, payload: dict[str, Any]) -> None:
        """Delete all messages of a conversation, some at a time."""
        conversation = payload["conversation"]
        after: int | None = 0
        while after is not None:
            after = await self._database.write_in(conversation, clear_some, conversation, after)


def clear_later(transaction: Transaction, conversation: str) -> None:
    """Have the messages of a conversation deleted that nobody can see any more."""
    transaction.enqueue(CLEAR, {"conversation": conversation})


def clear_deserted(transaction: Transaction, person: str) -> None:
    """Have the notes of somebody who closed their account deleted, and what they said to the gone."""
    both = members_of_direct_conversations(transaction, person)
    here = filter_open_accounts(transaction, {one.user for pair in both.values() for one in pair})
    for conversation, pair in sorted(both.items()):
        if not any(one.user in here for one in pair):
            clear_later(transaction, conversation)


def clear_some(transaction: Transaction, conversation: str, after: int) -> int | None:
    """Delete some messages after a number, their files with them.

    Returns:
        The number after which to go on, or None when nothing is left to be done.
    """
    if not is_deserted(transaction, conversation):
        return None
    found = store.living(transaction, conversation, after, AT_ONCE)
    for message in found:
        whole = get_conversation_for_update(transaction, conversation)
        remove_message(transaction, _as_owner(whole, message.author), message)
    return found[-1].seq if found else None


def is_deserted(snapshot: Snapshot, conversation: str) -> bool:
    """Whether a conversation has no member who could look at it."""
    if find_conversation(snapshot, conversation) is None:
        return False
    return not filter_open_accounts(snapshot, audience_of(snapshot, conversation)[1])


def _as_owner(conversation: Conversation, author: str) -> Access:
    """Return an access that stands for the server's own: there is nobody left who has one."""
    return Access(conversation, author, Role.OWNER, 0, None)
