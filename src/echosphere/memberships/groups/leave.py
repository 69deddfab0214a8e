"""Ends being a member: one leaves, is removed, or closes the account."""

from echosphere.accounts import AccountClosed, users_by_id
from echosphere.avatars import replace_group_avatar
from echosphere.conversations import (
    Access,
    Conversation,
    Member,
    Role,
    access_for_update,
    count_members,
    find_member,
    find_successor,
    group_ids_of,
    profile_visibility,
    set_conversation_fields,
    set_left,
)
from echosphere.core.errors import Conflict, NotFound
from echosphere.database import Transaction
from echosphere.memberships.groups.events import MemberLeft
from echosphere.memberships.groups.permissions import (
    HAND_OVER_FIRST,
    require_group,
    require_power_over,
)
from echosphere.memberships.groups.roles import give_role
from echosphere.memberships.groups.system_messages import next_members_version, say
from echosphere.memberships.store import invites as store
from echosphere.messages import purge_later

NO_MEMBER = "There is no such member."


def remove_member(transaction: Transaction, actor: str, conversation: str, person: str) -> None:
    """Remove a member, or leave; from the commit on they hear nothing any more.

    Raises:
        NotFound: The actor or the person is no member.
        Conflict: It is no group, or the owner must hand it over before leaving.
        Forbidden: The actor has not the right.
    """
    access = access_for_update(transaction, actor, conversation)
    require_group(access)
    if person == actor:
        _require_may_leave(transaction, access)
        group = _end(transaction, access.conversation, member_in(transaction, access, person))
        say(transaction, group, actor, "left", user=person)
        return
    member = member_in(transaction, access, person)
    require_power_over(access, member)
    group = _end(transaction, access.conversation, member)
    store.note_removal(transaction, conversation, person)
    say(transaction, group, actor, "removed", user=person)


def leave_all_groups(transaction: Transaction, event: AccountClosed) -> None:
    """Take somebody who closed their account out of all groups; what they own gets an heir."""
    for conversation in group_ids_of(transaction, event.user_id):
        access = access_for_update(transaction, event.user_id, conversation)
        heir = find_successor(transaction, conversation, event.user_id)
        group = _end(
            transaction, access.conversation, member_in(transaction, access, event.user_id)
        )
        group = say(transaction, group, event.user_id, "left", user=event.user_id)
        if access.role is Role.OWNER and heir is not None:
            member = member_in(transaction, access, heir)
            group = give_role(transaction, group, member, Role.OWNER)
            say(transaction, group, event.user_id, "role", user=heir, role=Role.OWNER.value)


def member_in(transaction: Transaction, access: Access, person: str) -> Member:
    """Return somebody who is a member now.

    Raises:
        NotFound: They are not.
    """
    member = find_member(transaction, access.conversation.id, person)
    if member is None or member.left:
        raise NotFound(NO_MEMBER)
    return member


def _require_may_leave(transaction: Transaction, access: Access) -> None:
    if access.role is Role.OWNER and count_members(transaction, access.conversation.id) > 1:
        raise Conflict(HAND_OVER_FIRST)


def _end(transaction: Transaction, conversation: Conversation, member: Member) -> Conversation:
    after = next_members_version(transaction, conversation)
    gone = member._replace(left=True, role=Role.MEMBER, version=after.version)
    set_left(transaction, gone)
    user = users_by_id(transaction, [gone.user])[gone.user]
    transaction.announce(MemberLeft(after, gone, user, profile_visibility(transaction, gone)))
    if not count_members(transaction, conversation.id):
        return _desert(transaction, after)
    return after


def _desert(transaction: Transaction, conversation: Conversation) -> Conversation:
    """Leave nothing of what nobody can see any more: who could let somebody in has gone."""
    replace_group_avatar(transaction, conversation.id, None)
    set_conversation_fields(transaction, conversation.id, avatar=None)
    purge_later(transaction, conversation.id)
    return conversation._replace(avatar=None)
