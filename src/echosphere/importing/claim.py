"""Gives accounts what their owners wrote elsewhere: by an administrator's word, or in a job.

The claim itself changes one row. The job then goes through the conversations of the placeholder, some
messages at a time, and makes the account their author; see docs/decisions/0070.
"""

from typing import Any

from echosphere import audit
from echosphere.accounts import UserKind, actor_of, find_own_user, lock_user, users_by_id
from echosphere.attachments import set_owner
from echosphere.conversations import (
    Access,
    Conversation,
    Kind,
    Role,
    conversations_known_to,
    find_member,
    find_successor,
    get_conversation_for_update,
    set_role,
)
from echosphere.core.caller import Caller
from echosphere.core.errors import Conflict, Forbidden, NotFound
from echosphere.database import Command, Database, Snapshot, Transaction
from echosphere.importing import store
from echosphere.importing.people import CLAIM, claim
from echosphere.jobs import JobRunner
from echosphere.memberships import add_member, introduce_author
from echosphere.messages import announce_last_message, reattribute_messages

NOBODY = "This person does not exist, or their messages already belong to an account."
PROGRAM = "This is a program: its messages cannot be given to an account."
NO_ACCOUNT = "This account does not exist or is closed."


class LinkPlaceholder(Command[None], own_transaction=True):
    """Give an account what somebody wrote elsewhere, because an administrator knows who it was.

    Raises:
        NotFound: There is no such placeholder, or it is a program, or there is no such account.
    """

    placeholder: str
    account: str
    caller: Caller

    def run(self, transaction: Transaction) -> None:
        """Begin to give it."""
        if find_own_user(transaction, self.account) is None:
            raise NotFound(NO_ACCOUNT)
        if is_program(transaction, self.placeholder):
            raise NotFound(PROGRAM)
        if not claim(transaction, self.placeholder, self.account):
            raise NotFound(NOBODY)
        actor = actor_of(self.caller)
        audit.record(
            transaction, actor, "import.linked", self.account, placeholder=self.placeholder
        )


class ClaimInConversation(Command[bool], lane="conversation", own_transaction=True):
    """Make an account the author of some messages of a placeholder; return whether more are left."""

    conversation: str
    placeholder: str
    account: str

    def run(self, transaction: Transaction) -> bool:
        """Change them."""
        group = get_conversation_for_update(transaction, self.conversation)
        known = find_member(transaction, group.id, self.account)
        given = reattribute_messages(transaction, group, self.placeholder, self.account)
        if given.more:
            return True
        group = given.conversation
        role = store.take_member(transaction, group.id, self.placeholder)
        # Whoever left, or was removed, since an earlier claim stays away.
        if role is not None and group.kind is Kind.GROUP and known is None:
            group = self._join(transaction, group, Role(role))
        if given.changed:
            group = self._introduce(transaction, group)
            announce_last_message(transaction, group)
        return False

    def _join(self, transaction: Transaction, group: Conversation, role: Role) -> Conversation:
        """Make them the member that they were elsewhere; the first one owns the group."""
        lock_user(transaction, self.account)
        if find_own_user(transaction, self.account) is None:  # closed since the claim
            return group
        is_first = find_successor(transaction, group.id, self.account) is None
        try:
            group, member = add_member(transaction, group, self.account)
        except (Conflict, Forbidden):  # it is full, or they are banned here
            return group
        wanted = _role(role, is_first=is_first)
        if wanted is not Role.MEMBER:
            set_role(transaction, member._replace(role=wanted))
        return group

    def _introduce(self, transaction: Transaction, group: Conversation) -> Conversation:
        """Make the author known to the members, like former members, unless they know each other."""
        if find_member(transaction, group.id, self.account) is not None:
            return group
        access = Access(group, self.account, Role.MEMBER, 0, None)
        return introduce_author(transaction, access, self.account)


class ClaimFiles(Command[None]):
    """Make an account the owner of a placeholder's files."""

    placeholder: str
    account: str

    def run(self, transaction: Transaction) -> None:
        """Change them."""
        set_owner(transaction, self.placeholder, self.account)


def is_program(snapshot: Snapshot, placeholder: str) -> bool:
    """Whether a placeholder is a bot or a webhook of another system."""
    found = users_by_id(snapshot, {placeholder}).get(placeholder)
    return found is not None and found.kind != UserKind.PERSON


def _role(role: Role, *, is_first: bool) -> Role:
    if is_first:
        return Role.OWNER
    return Role.ADMIN if role is Role.OWNER else role


class Claims:
    """The job behind a claim.

    Args:
        database: Holds the messages.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def register(self, jobs: JobRunner) -> None:
        """Register the job."""
        jobs.register(CLAIM, self.run)

    async def run(self, payload: dict[str, Any]) -> None:
        """Give an account everything; run again after a crash, it goes on."""
        placeholder, account = payload["placeholder"], payload["account"]
        for conversation in await self._database.read(conversations_naming, placeholder):
            command = ClaimInConversation(conversation, placeholder, account)
            while await self._database.write(command):
                pass
        await self._database.write(ClaimFiles(placeholder, account))


def conversations_naming(snapshot: Snapshot, user_id: str) -> list[str]:
    """Return the ids of the conversations in which a placeholder wrote, is named or was a member."""
    waiting = store.conversations_waiting_for(snapshot, user_id)
    return sorted({*waiting, *conversations_known_to(snapshot, user_id)})
