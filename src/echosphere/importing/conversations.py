"""Begins and finishes the import of a conversation: its members see it when it is complete."""

from collections.abc import Mapping
from typing import Self

import msgspec

from echosphere.accounts import filter_open_accounts, names_by_id, users_by_id
from echosphere.avatars import replace_group_avatar
from echosphere.contacts import blocked_pairs
from echosphere.conversations import (
    MAX_MEMBERS,
    Conversation,
    ConversationStarted,
    Kind,
    Member,
    Role,
    clean_description,
    clean_title,
    find_conversation,
    find_direct,
    find_member,
    get_conversation_for_update,
    insert_conversation,
    insert_member,
    members_of,
    pair_key,
    raise_members_version,
    rejoin,
    set_all_read,
    set_conversation_fields,
    set_role,
)
from echosphere.core.errors import Invalid
from echosphere.core.ids import new_id
from echosphere.database import Command, Snapshot, Transaction
from echosphere.importing import store
from echosphere.importing.format import OWN_SOURCE, ConversationRecord
from echosphere.importing.people import claimed_among
from echosphere.importing.store import ImportedConversation

UNTITLED = "Imported conversation"
MAX_NAMED = 3
ROLES = {role.value: role for role in Role}


class Begun(msgspec.Struct, frozen=True):
    """A conversation that is being imported.

    Attributes:
        conversation: Its id here; empty if there is none.
        finished: Its members see it already.
        own: It was exported from here, and is here still.
    """

    conversation: str
    finished: bool = False
    own: bool = False


class BeginConversation(Command[Begun], own_transaction=True):
    """Make a conversation that nobody sees yet, or find the one that an earlier run began."""

    source: str
    record: ConversationRecord

    def run(self, transaction: Transaction) -> Begun:
        """Make or find it."""
        record = self.record
        known = store.find_conversation(transaction, self.source, record.id)
        if known is not None:
            return Begun(known.conversation_id, finished=known.finished)
        if is_own(transaction, self.source, record.id):
            return Begun("", own=True)
        conversation = Conversation(
            id=new_id(),
            kind=Kind(record.kind),
            title=_title(record.title) if record.kind == "group" else None,
            avatar=None,
            version=1,
            members_version=1,
            last_seq=0,
            created_at=record.created_at or transaction.now,
            description=_description(record.description),
        )
        insert_conversation(transaction, conversation, None)
        store.add_conversation(
            transaction,
            ImportedConversation(
                self.source, record.id, conversation.id, record.kind, 0, finished=False
            ),
        )
        return Begun(conversation.id)


class FinishConversation(Command[bool], lane="conversation", own_transaction=True):
    """Let the members see a conversation with all that was imported; return whether that is new.

    Attributes:
        members: The roles of those who have an account here, by their ids.
        waiting: The same of placeholders.
        placeholders: The ids of all placeholders among them, by those of the source.
        avatar: The id of a picture that is stored.
    """

    conversation: str
    members: Mapping[str, str]
    waiting: Mapping[str, str]
    avatar: str | None = None
    placeholders: Mapping[str, str] = {}

    def run(self, transaction: Transaction) -> bool:
        """Let them see it."""
        group = get_conversation_for_update(transaction, self.conversation)
        imported = store.find_conversation_here(transaction, group.id)
        assert imported is not None  # noqa: S101 - it was begun
        if imported.finished:
            return False
        claimed = claimed_among(transaction, imported.source, self.placeholders)
        self._with(claimed).finish(transaction, group)
        return True

    def _with(self, claimed: Mapping[str, str]) -> Self:
        """Return this with the accounts that placeholders have got since."""
        members = {claimed[one]: role for one, role in self.waiting.items() if one in claimed}
        waiting = {one: role for one, role in self.waiting.items() if one not in claimed}
        return msgspec.structs.replace(self, members=members | dict(self.members), waiting=waiting)

    def finish(self, transaction: Transaction, group: Conversation) -> None:
        """Do it, once it is known who has an account."""
        present = filter_open_accounts(transaction, self.members)  # one may have been closed since
        members = {one: role for one, role in self.members.items() if one in present}
        fields = self._fields(transaction, group, members)
        if self.avatar is not None and group.kind is Kind.GROUP:
            fields["avatar"] = replace_group_avatar(transaction, group.id, self.avatar)
        if fields:
            set_conversation_fields(transaction, group.id, **fields)
        store.add_members(transaction, group.id, self.waiting)
        roles = (
            with_owner(members) if fields.get("pair") is None else dict.fromkeys(members, "member")
        )
        self._add_members(transaction, group, roles)
        store.set_finished(transaction, group.id)

    def _fields(
        self, transaction: Transaction, group: Conversation, members: Mapping[str, str]
    ) -> dict[str, str | None]:
        """Return what becomes of a direct conversation: one of two accounts, or a private group."""
        if group.kind is not Kind.DIRECT:
            return {}
        people = sorted({*members, *self.waiting})
        # Without somebody who is gone it would become the notes of the other one.
        is_pair = len(members) == len(self.members) in (1, 2)
        pair = pair_key(people[0], people[-1]) if is_pair else None
        if pair is not None and not self.waiting and find_direct(transaction, pair) is None:
            return {"pair": pair}
        names = names_by_id(transaction, people)
        title = ", ".join(sorted(names.values())[:MAX_NAMED])
        return {"kind": Kind.GROUP.value, "title": _title(title)}

    def _add_members(
        self, transaction: Transaction, group: Conversation, roles: Mapping[str, str]
    ) -> None:
        version = raise_members_version(transaction, group)
        for user_id, role in list(roles.items())[:MAX_MEMBERS]:
            member = Member(group.id, user_id, ROLES[role], False, version, 0, 0, 0, 0)
            if find_member(transaction, group.id, user_id) is None:
                insert_member(transaction, member)
            else:
                rejoin(transaction, member)
                set_role(transaction, member)
        set_all_read(transaction, group.id, group.last_seq)
        self._announce(transaction)

    def _announce(self, transaction: Transaction) -> None:
        group = find_conversation(transaction, self.conversation)
        assert group is not None  # noqa: S101 - it is locked
        members = tuple(members_of(transaction, group.id))
        user_ids = {member.user for member in members}
        users, blocked = users_by_id(transaction, user_ids), blocked_pairs(transaction, user_ids)
        transaction.announce(ConversationStarted(group, members, users, blocked))


def with_owner(roles: Mapping[str, str]) -> dict[str, str]:
    """Return the roles of members, of whom exactly one is the owner."""
    ranks = ("owner", "admin", "member")
    ordered = sorted(roles.items(), key=lambda one: (ranks.index(one[1]), one[0]))
    return {
        user_id: "owner" if not number else ("admin" if role == "owner" else role)
        for number, (user_id, role) in enumerate(ordered)
    }


def is_own(snapshot: Snapshot, source: str, conversation: str) -> bool:
    """Whether a conversation was exported from here, and is here still."""
    return source == OWN_SOURCE and find_conversation(snapshot, conversation) is not None


def find_begun(snapshot: Snapshot, source: str, conversation: str) -> Begun | None:
    """Return the conversation that an earlier run began; None if there is none."""
    known = store.find_conversation(snapshot, source, conversation)
    if known is not None:
        return Begun(known.conversation_id, finished=known.finished)
    return Begun("", own=True) if is_own(snapshot, source, conversation) else None


def _title(given: str) -> str:
    for text in (given[:100], UNTITLED):
        try:
            return clean_title(text)
        except Invalid:
            continue
    return UNTITLED


def _description(given: str) -> str | None:
    try:
        return clean_description(given[:500])
    except Invalid:
        return None


def roles_of(
    record: ConversationRecord, identities: Mapping[str, tuple[str, bool]]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the roles of members with an account, and those of placeholders.

    Args:
        record: The conversation.
        identities: User ids, and whether they are accounts, by the ids of the source.
    """
    members: dict[str, str] = {}
    waiting: dict[str, str] = {}
    for one in record.members:
        found = identities.get(one.person)
        if found is not None:
            user_id, is_account = found
            (members if is_account else waiting)[user_id] = one.role
    return members, waiting
