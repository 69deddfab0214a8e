"""Adds a contact of the actor to a group."""

import msgspec

from echosphere.accounts import Bot, User, find_bot
from echosphere.contacts import are_contacts, blocked_user_ids
from echosphere.conversations import (
    NOT_A_CONTACT,
    Access,
    Member,
    access_conversation,
    access_for_update,
    find_member,
    profiles_for,
)
from echosphere.core.errors import NotFound
from echosphere.database import Command, Snapshot, Transaction
from echosphere.memberships.groups import system_messages
from echosphere.memberships.groups.members import add_member
from echosphere.memberships.groups.permissions import require_can_edit_group


class MemberWithProfile(msgspec.Struct, frozen=True):
    """A member with their profile; `new` if this call added them."""

    member: Member
    user: User
    new: bool = False


class AddContactToGroup(Command[MemberWithProfile], lane="conversation"):
    """Add a contact of the actor, even one who left or was removed; a member stays one.

    A bot can be added whose owner is a member: it sees nothing that its owner does not see.

    This clears an earlier removal: the added user can use invites to the group again.

    Raises:
        NotFound: The actor is not a member, or the user is not the actor's contact.
        Conflict: It is not a group, or it is full.
        Forbidden: The actor is neither owner nor admin.
    """

    actor: str
    conversation: str
    user_id: str

    def run(self, transaction: Transaction) -> MemberWithProfile:
        """Add them."""
        access = access_for_update(transaction, self.actor, self.conversation)
        require_can_edit_group(access)
        member_before = find_member(transaction, self.conversation, self.user_id)
        if member_before is not None and not member_before.left:
            return with_profile(transaction, self.actor, member_before)
        if are_contacts(transaction, self.actor, self.user_id):
            return _add(transaction, access, self.user_id)
        bot = find_bot(transaction, self.user_id)
        if bot is None or not _may_be_added(transaction, access, bot):
            raise NotFound(NOT_A_CONTACT)
        return _add(transaction, access, self.user_id, bot=True)


class AddInvited(Command[None], lane="conversation"):
    """Add someone whom an invite to the server led here; who is a member already stays one.

    Raises:
        NotFound: The actor is not a member.
        Conflict: It is no group, or it is full.
        Forbidden: The actor has not the right.
    """

    actor: str
    conversation: str
    user_id: str

    def run(self, transaction: Transaction) -> None:
        """Add them."""
        access = access_for_update(transaction, self.actor, self.conversation)
        require_can_edit_group(access)
        member_before = find_member(transaction, self.conversation, self.user_id)
        if member_before is None or member_before.left:
            _add(transaction, access, self.user_id)


def require_may_invite_to(snapshot: Snapshot, viewer: str, conversation: str) -> None:
    """Refuse who may not add people to a group.

    Raises:
        NotFound: The viewer is not a member.
        Conflict: It is no group.
        Forbidden: The viewer has not the right.
    """
    require_can_edit_group(access_conversation(snapshot, viewer, conversation))


def _may_be_added(snapshot: Snapshot, access: Access, bot: Bot) -> bool:
    owner = find_member(snapshot, access.conversation.id, bot.owner)
    return bot.disabled_at is None and owner is not None and not owner.left


def _add(
    transaction: Transaction, access: Access, user_id: str, *, bot: bool = False
) -> MemberWithProfile:
    actor = access.viewer
    group, member = add_member(transaction, access.conversation, user_id, bot=bot)
    system_messages.post(transaction, group, actor, "added", user=user_id)
    return with_profile(transaction, actor, member, new=True)


def with_profile(
    transaction: Transaction, viewer: str, member: Member, *, new: bool = False
) -> MemberWithProfile:
    """Return a member with their profile, as the viewer sees it."""
    blocked = blocked_user_ids(transaction, viewer)
    users = profiles_for(transaction, viewer, [member], blocked)
    return MemberWithProfile(member, users[member.user], new)
