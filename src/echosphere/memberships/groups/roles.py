"""Changes a member's role, and transfers ownership of a group."""

from echosphere.accounts import users_by_id
from echosphere.conversations import (
    Conversation,
    Member,
    Role,
    access_for_update,
    find_member,
    profile_visibility,
    set_role,
)
from echosphere.core.errors import Conflict, NotFound
from echosphere.database import Command, Transaction
from echosphere.memberships.groups import system_messages
from echosphere.memberships.groups.add import MemberWithProfile, with_profile
from echosphere.memberships.groups.events import MemberChanged
from echosphere.memberships.groups.permissions import require_can_set_role, require_group
from echosphere.memberships.groups.versions import next_version

NOT_FOR_BOTS = "A bot cannot manage a group. Give this role to a person."


class SetMemberRole(Command[MemberWithProfile], lane="conversation"):
    """Give a member a role; an owner who transfers ownership becomes an admin.

    Raises:
        NotFound: The actor or the user is not a member.
        Conflict: It is not a group, or the owner would step down without a successor.
        Forbidden: The actor may not give this role.
    """

    actor: str
    conversation: str
    user_id: str
    role: Role

    def run(self, transaction: Transaction) -> MemberWithProfile:
        """Give it."""
        access = access_for_update(transaction, self.actor, self.conversation)
        require_group(access)
        member = find_member(transaction, self.conversation, self.user_id)
        if member is None or member.left:
            raise NotFound("Member not found.")
        require_can_set_role(access, member, self.role)
        if member.bot and self.role is not Role.MEMBER:
            raise Conflict(NOT_FOR_BOTS)
        if member.role is self.role:
            return with_profile(transaction, self.actor, member)
        group = access.conversation
        if self.role is Role.OWNER:
            former = find_member(transaction, self.conversation, self.actor)
            assert former is not None  # noqa: S101 - access was checked
            group = apply_role(transaction, group, former, Role.ADMIN)
        group = apply_role(transaction, group, member, self.role)
        system_messages.post(
            transaction, group, self.actor, "role", user=self.user_id, role=self.role.value
        )
        return with_profile(
            transaction, self.actor, member._replace(role=self.role, version=group.version)
        )


def apply_role(
    transaction: Transaction, conversation: Conversation, member: Member, role: Role
) -> Conversation:
    """Store and announce a member's role; return the conversation after the change.

    Each change of a member has its own version, so a client that missed one event notices it.
    """
    after = next_version(transaction, conversation)
    changed = member._replace(role=role, version=after.version)
    set_role(transaction, changed)
    user = users_by_id(transaction, [member.user])[member.user]
    transaction.announce(
        MemberChanged(after, changed, user, profile_visibility(transaction, changed))
    )
    return after
