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
    pair_of,
)
from echosphere.conversations.events import ConversationStarted
from echosphere.core.errors import Invalid, NotFound
from echosphere.core.ids import new_id
from echosphere.database import Transaction

NOT_A_CONTACT = "Only people among your contacts can be reached. Add them by e-mail first."


def start_direct(transaction: Transaction, starter: str, other: str) -> tuple[str, bool]:
    """Return the id of two people's conversation, and whether it is new.

    With oneself it is a place for notes.

    Raises:
        NotFound: The other person is not a contact.
    """
    pair = pair_of(starter, other)
    known = store.find_direct(transaction, pair)
    if known is not None:
        return known, False
    if other != starter and not are_contacts(transaction, starter, other):
        raise NotFound(NOT_A_CONTACT)
    roles = {starter: Role.MEMBER, other: Role.MEMBER}
    return _start(transaction, Kind.DIRECT, None, roles, pair), True


def start_group(transaction: Transaction, starter: str, title: str, others: Sequence[str]) -> str:
    """Return the id of a new group.

    Raises:
        Invalid: The title or the number of people breaks a rule.
        NotFound: Somebody is not a contact.
    """
    people = dict.fromkeys(person for person in others if person != starter)
    if len(people) + 1 > MAX_MEMBERS:
        problem = f"a group has {MAX_MEMBERS} members at most"
        raise Invalid(f"Choose fewer people: {problem}.", fields={"members": problem})
    cleaned = clean_title(title)
    if filter_contacts(transaction, starter, list(people)) != set(people):
        raise NotFound(NOT_A_CONTACT)
    roles = {starter: Role.OWNER} | dict.fromkeys(people, Role.MEMBER)
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
    people = tuple(
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
    for member in people:
        store.insert_member(transaction, member)
    users = users_by_id(transaction, set(roles))
    apart = blocked_pairs(transaction, set(roles))
    transaction.announce(ConversationStarted(conversation, people, users, apart))
    return conversation.id
