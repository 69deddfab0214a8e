"""Adds one of one's contacts to a group."""

from dataclasses import dataclass

from echosphere.accounts import User
from echosphere.contacts import are_contacts, blocked_user_ids
from echosphere.conversations import (
    NOT_A_CONTACT,
    Member,
    access_for_update,
    find_member,
    profiles_for,
)
from echosphere.core.errors import NotFound
from echosphere.database import Transaction
from echosphere.memberships.groups.members import enter
from echosphere.memberships.groups.permissions import require_right
from echosphere.memberships.groups.system_messages import say


@dataclass(frozen=True, slots=True)
class Shown:
    """A member with their profile; `new` if this call made them one."""

    member: Member
    user: User
    new: bool = False


def add_member(transaction: Transaction, actor: str, conversation: str, person: str) -> Shown:
    """Add a person, also one who left or was removed; who is a member already stays one.

    Raises:
        NotFound: The actor is no member, or the person is not the actor's contact.
        Conflict: It is no group, or it is full.
        Forbidden: The actor has not the right.
    """
    access = access_for_update(transaction, actor, conversation)
    require_right(access)
    known = find_member(transaction, conversation, person)
    if known is not None and not known.left:
        return shown(transaction, actor, known)
    if not are_contacts(transaction, actor, person):
        raise NotFound(NOT_A_CONTACT)
    group, member = enter(transaction, access.conversation, person)
    say(transaction, group, actor, "added", user=person)
    return shown(transaction, actor, member, new=True)


def shown(transaction: Transaction, viewer: str, member: Member, *, new: bool = False) -> Shown:
    """Return a member with their profile, as another member sees them."""
    apart = blocked_user_ids(transaction, viewer)
    users = profiles_for(transaction, viewer, [member], apart)
    return Shown(member, users[member.user], new)
