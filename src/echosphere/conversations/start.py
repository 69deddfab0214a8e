"""Starts a direct conversation or a group."""

from collections.abc import Sequence

from echosphere.accounts import users_by_id
from echosphere.contacts import are_contacts, blocked_pairs, filter_contacts
from echosphere.conversations import store
from echosphere.conversations.conversation import (
    MAX_MEMBERS,
    Conversation,
    Kind,
    Member,
    Role,
    clean_title,
    pair_key,
)
from echosphere.conversations.events import ConversationStarted
from echosphere.core.errors import Invalid, NotFound
from echosphere.core.ids import new_id
from echosphere.database import Command, Transaction

NOT_A_CONTACT = "You can only message your contacts. Add this person by e-mail first."


def start_direct(transaction: Transaction, actor: str, other_id: str) -> tuple[str, bool]:
    """Return the id of the direct conversation of two users, and whether it is new.

    A direct conversation with oneself holds notes.

    Raises:
        NotFound: The other user is not a contact.
    """
    pair = pair_key(actor, other_id)
    existing = store.find_direct(transaction, pair)
    if existing is not None:
        return existing, False
    if other_id != actor and not are_contacts(transaction, actor, other_id):
        raise NotFound(NOT_A_CONTACT)
    roles = {actor: Role.MEMBER, other_id: Role.MEMBER}
    return _start(transaction, Kind.DIRECT, None, roles, pair), True


class StartDirect(Command[tuple[str, bool]]):
    """Start the direct conversation of two users; see `start_direct`."""

    actor: str
    other_id: str

    def run(self, transaction: Transaction) -> tuple[str, bool]:
        """Find it, or start it."""
        return start_direct(transaction, self.actor, self.other_id)


def start_group(transaction: Transaction, actor: str, title: str, user_ids: Sequence[str]) -> str:
    """Return the id of a new group with the actor as owner and the users as members.

    Raises:
        Invalid: The title is invalid, or there are too many members.
        NotFound: A user is not a contact of the actor.
    """
    others = dict.fromkeys(user_id for user_id in user_ids if user_id != actor)
    if len(others) + 1 > MAX_MEMBERS:
        problem = f"a group can have up to {MAX_MEMBERS} members"
        raise Invalid(f"Choose fewer people: {problem}.", fields={"members": problem})
    cleaned = clean_title(title)
    if filter_contacts(transaction, actor, list(others)) != set(others):
        raise NotFound(NOT_A_CONTACT)
    roles = {actor: Role.OWNER} | dict.fromkeys(others, Role.MEMBER)
    return _start(transaction, Kind.GROUP, cleaned, roles, None)


def _start(
    transaction: Transaction,
    kind: Kind,
    title: str | None,
    roles: dict[str, Role],
    pair: str | None,
) -> str:
    conversation = Conversation(
        id=new_id(),
        kind=kind,
        title=title,
        avatar=None,
        version=1,
        members_version=1,
        last_seq=0,
        created_at=transaction.now,
    )
    store.insert_conversation(transaction, conversation, pair)
    members = tuple(
        Member(
            conversation=conversation.id,
            user=user,
            role=role,
            left=False,
            version=1,
            joined_seq=0,
            read_seq=0,
            delivered_seq=0,
        )
        for user, role in roles.items()
    )
    for member in members:
        store.insert_member(transaction, member)
    users = users_by_id(transaction, set(roles))
    blocked = blocked_pairs(transaction, set(roles))
    transaction.announce(ConversationStarted(conversation, members, users, blocked))
    return conversation.id
