"""Ends memberships: a member leaves, is removed, or closes their account."""

from echosphere.accounts import AccountClosed, bots_by_id, users_by_id
from echosphere.avatars import replace_group_avatar
from echosphere.conversations import (
    Access,
    Conversation,
    Member,
    Role,
    access_for_update,
    bot_members,
    conversations_of_bot,
    count_members,
    find_member,
    find_successor,
    group_ids_of,
    profile_visibility,
    set_bot_count,
    set_conversation_fields,
    set_left,
)
from echosphere.core.errors import Conflict, NotFound
from echosphere.database import Command, Transaction
from echosphere.memberships.groups import system_messages
from echosphere.memberships.groups.events import MemberLeft, MemberRemoved
from echosphere.memberships.groups.permissions import (
    HAND_OVER_FIRST,
    require_can_manage_member,
    require_group,
)
from echosphere.memberships.groups.roles import apply_role
from echosphere.memberships.groups.versions import next_members_version
from echosphere.memberships.store import removals
from echosphere.messages import delete_held_of, enqueue_purge

NO_SUCH_MEMBER = "Member not found."


class RemoveMember(Command[None], lane="conversation"):
    """Remove a member, or leave; after the commit they receive nothing from the group.

    Raises:
        NotFound: The actor or the user is not a member.
        Conflict: It is not a group, or the owner must hand it over before leaving.
        Forbidden: The actor may not manage this member.
    """

    actor: str
    conversation: str
    user_id: str

    def run(self, transaction: Transaction) -> None:
        """End the membership."""
        access = access_for_update(transaction, self.actor, self.conversation)
        require_group(access)
        if self.user_id == self.actor:
            _require_may_leave(transaction, access)
            group = _end_membership(
                transaction, access.conversation, require_member(transaction, access, self.user_id)
            )
            system_messages.post(transaction, group, self.actor, "left", user=self.user_id)
            return
        member = require_member(transaction, access, self.user_id)
        require_can_manage_member(access, member)
        end_by_removal(transaction, access, member)


def end_by_removal(
    transaction: Transaction, access: Access, member: Member, *, banned: bool = False
) -> None:
    """Remove a member whom the viewer may manage; `banned` keeps them from being added again."""
    here, actor = access.conversation, access.viewer
    group = _end_membership(transaction, here, member)
    removals.put_removal(transaction, here.id, member.user, actor, banned=banned)
    transaction.announce(MemberRemoved(here.id, member.user))
    more: dict[str, bool] = {"banned": True} if banned else {}
    system_messages.post(transaction, group, actor, "removed", user=member.user, **more)


def remove_bot_from_groups(transaction: Transaction, bot: str) -> None:
    """Remove a bot that is about to be deleted from all groups."""
    for conversation in conversations_of_bot(transaction, bot):
        access = access_for_update(transaction, bot, conversation)
        group = _end_membership(
            transaction, access.conversation, require_member(transaction, access, bot)
        )
        system_messages.post(transaction, group, bot, "left", user=bot)


def leave_all_groups(transaction: Transaction, event: AccountClosed) -> None:
    """Remove a user who closed their account from all groups; a successor gets those they own."""
    for conversation in group_ids_of(transaction, event.user_id):
        access = access_for_update(transaction, event.user_id, conversation)
        successor = find_successor(transaction, conversation, event.user_id)
        group = _end_membership(
            transaction, access.conversation, require_member(transaction, access, event.user_id)
        )
        group = system_messages.post(transaction, group, event.user_id, "left", user=event.user_id)
        if access.role is Role.OWNER and successor is not None:
            member = require_member(transaction, access, successor)
            group = apply_role(transaction, group, member, Role.OWNER)
            system_messages.post(
                transaction, group, event.user_id, "role", user=successor, role=Role.OWNER.value
            )


def delete_held_messages(transaction: Transaction, event: MemberLeft) -> None:
    """Delete what waits of someone who is not a member any more."""
    delete_held_of(transaction, event.member.user, event.conversation.id)


def require_member(transaction: Transaction, access: Access, user_id: str) -> Member:
    """Return a current member.

    Raises:
        NotFound: The user is not a member.
    """
    member = find_member(transaction, access.conversation.id, user_id)
    if member is None or member.left:
        raise NotFound(NO_SUCH_MEMBER)
    return member


def _require_may_leave(transaction: Transaction, access: Access) -> None:
    if access.role is Role.OWNER and count_members(transaction, access.conversation.id) > 1:
        raise Conflict(HAND_OVER_FIRST)


def _end_membership(
    transaction: Transaction, conversation: Conversation, member: Member
) -> Conversation:
    after = next_members_version(transaction, conversation)
    if member.bot:
        after = after._replace(bots=after.bots - 1)
        set_bot_count(transaction, after.id, after.bots)
    gone = member._replace(left=True, role=Role.MEMBER, version=after.version)
    set_left(transaction, gone)
    user = users_by_id(transaction, [gone.user])[gone.user]
    transaction.announce(MemberLeft(after, gone, user, profile_visibility(transaction, gone)))
    is_empty = not member.bot and not count_members(transaction, conversation.id)
    if after.bots and not member.bot:
        after = _end_bots(transaction, after, None if is_empty else gone.user)
    return _purge_empty_group(transaction, after) if is_empty else after


def _end_bots(
    transaction: Transaction, conversation: Conversation, owner: str | None
) -> Conversation:
    """Remove the bots of an owner who is not a member any more; without an owner, all."""
    here = [one.member for one in bot_members(transaction, conversation.id)]
    known = bots_by_id(transaction, [one.user for one in here])
    for member in here:
        if owner is not None and (member.user not in known or known[member.user].owner != owner):
            continue
        conversation = _end_membership(transaction, conversation, member)
        if owner is not None:
            more = {"user": member.user}
            conversation = system_messages.post(transaction, conversation, owner, "removed", **more)
    return conversation


def _purge_empty_group(transaction: Transaction, conversation: Conversation) -> Conversation:
    """Remove the picture, and the messages in a job: without members no one can be added again."""
    replace_group_avatar(transaction, conversation.id, None)
    set_conversation_fields(transaction, conversation.id, avatar=None)
    enqueue_purge(transaction, conversation.id)
    return conversation._replace(avatar=None)
