"""Removes members with their messages, bans them from the group, and lifts bans."""

import msgspec

from echosphere.accounts import User
from echosphere.contacts import blocked_user_ids
from echosphere.conversations import (
    Access,
    Member,
    access_conversation,
    access_for_update,
    find_member,
    profiles_for,
)
from echosphere.core.errors import NotFound
from echosphere.database import Command, Snapshot, Transaction
from echosphere.memberships.groups.events import GroupChanged, MemberRemoved
from echosphere.memberships.groups.leave import NO_SUCH_MEMBER, end_by_removal
from echosphere.memberships.groups.permissions import (
    require_can_edit_group,
    require_can_manage_member,
)
from echosphere.memberships.groups.removal import NO_SUCH_BAN, Ban, Removal
from echosphere.memberships.groups.versions import next_version
from echosphere.memberships.store import removals
from echosphere.messages import enqueue_removal, last_seq_older


class BanWithProfile(msgspec.Struct, frozen=True):
    """A ban, and the banned user as the viewer sees them."""

    ban: Ban
    user: User


class RemoveFromGroup(Command[None], lane="conversation"):
    """Remove a member, or keep a former one out; their messages go in a job, some at a time.

    Raises:
        NotFound: The actor is not a member, or the user never was one.
        Conflict: It is not a group.
        Forbidden: The actor may not manage this member, or is it themselves.
    """

    actor: str
    conversation: str
    user_id: str
    how: Removal

    def run(self, transaction: Transaction) -> None:
        """Remove them."""
        access = access_for_update(transaction, self.actor, self.conversation)
        require_can_edit_group(access)
        member = find_member(transaction, self.conversation, self.user_id)
        if member is None or self.user_id == self.actor:
            raise NotFound(NO_SUCH_MEMBER)
        require_can_manage_member(access, member)
        if (oldest := self.how.messages.oldest) is not None:
            after = last_seq_older(transaction, self.conversation, oldest)
            until = access.conversation.version
            enqueue_removal(transaction, self.conversation, self.user_id, after, until)
        if not member.left:
            end_by_removal(transaction, access, member, banned=self.how.banned)
        elif self.how.banned:
            self._ban_former(transaction, access)

    def _ban_former(self, transaction: Transaction, access: Access) -> None:
        here, user = self.conversation, self.user_id
        if not removals.is_banned(transaction, here, user):
            removals.put_removal(transaction, here, user, self.actor, banned=True)
            transaction.announce(MemberRemoved(here, user))
            _tell_members(transaction, access)


class LiftBan(Command[None], lane="conversation"):
    """Let a banned user be added again, and come by an invite.

    Raises:
        NotFound: The actor is not a member, or there is no such ban.
        Conflict: It is not a group.
        Forbidden: The actor is neither owner nor admin.
    """

    actor: str
    conversation: str
    user_id: str

    def run(self, transaction: Transaction) -> None:
        """Lift it."""
        access = access_for_update(transaction, self.actor, self.conversation)
        require_can_edit_group(access)
        if not removals.lift_ban(transaction, self.conversation, self.user_id):
            raise NotFound(NO_SUCH_BAN)
        _tell_members(transaction, access)


def list_bans(snapshot: Snapshot, viewer: str, conversation: str) -> list[BanWithProfile]:
    """Return who is banned from a group, the last banned first.

    Raises:
        NotFound: The viewer is not a member.
        Conflict: It is not a group.
        Forbidden: The viewer is neither owner nor admin.
    """
    require_can_edit_group(access_conversation(snapshot, viewer, conversation))
    bans = removals.bans_of(snapshot, conversation)
    members = [_member(snapshot, conversation, ban.user) for ban in bans]
    users = profiles_for(snapshot, viewer, members, blocked_user_ids(snapshot, viewer))
    return [BanWithProfile(ban, users[ban.user]) for ban in bans]


def _member(snapshot: Snapshot, conversation: str, user_id: str) -> Member:
    found = find_member(snapshot, conversation, user_id)
    assert found is not None  # noqa: S101 - only former members are banned
    return found


def _tell_members(transaction: Transaction, access: Access) -> None:
    """Raise the version: the clients of those who run the group read the list again."""
    transaction.announce(GroupChanged(next_version(transaction, access.conversation)))
