"""The events sent when a group or its members change."""

from collections.abc import Sequence

from echosphere.accounts import User, limited_profile
from echosphere.conversations import Conversation, Member, ProfileVisibility
from echosphere.memberships.groups.events import (
    GroupChanged,
    MemberAdded,
    MemberChanged,
    MemberLeft,
)
from echosphere.memberships.wire.conversations import conversation_event
from echosphere.memberships.wire.groups import member_event, welcome_event
from echosphere.realtime.delivery import FanOut, ToMembers, ToUser


class GroupsLive:
    """Sends the events `conversation` and `member`."""

    def serve(self, fan_out: FanOut) -> None:
        """Register the events."""
        fan_out.on(GroupChanged, group_changed)
        fan_out.on(MemberAdded, member_added)
        fan_out.on(MemberChanged, member_changed)
        fan_out.on(MemberLeft, member_left)


def group_changed(event: GroupChanged) -> Sequence[ToMembers]:
    """Send the group's new fields to its members."""
    conversation = event.conversation
    payload = conversation_event(conversation)
    return (ToMembers(conversation.id, conversation.members_version, "conversation", payload),)


def member_added(event: MemberAdded) -> Sequence[ToMembers | ToUser]:
    """Send the group with all members to the new one, and the new one to the members."""
    member = event.member
    return (
        ToUser(member.user, "conversation", welcome_event(event)),
        *_to_members(event.conversation, member, event.users[member.user], event.visibility),
    )


def member_changed(event: MemberChanged) -> Sequence[ToMembers]:
    """Send the member with the new role to the members."""
    return _to_members(event.conversation, event.member, event.user, event.visibility)


def member_left(event: MemberLeft) -> Sequence[ToMembers | ToUser]:
    """Send who left to the members and to the one who left.

    It is the last event about the group for their devices, which then remove it.
    """
    payload = member_event(event.conversation, event.member, event.user)
    return (
        ToUser(event.member.user, "member", payload),
        *_to_members(event.conversation, event.member, event.user, event.visibility),
    )


def _to_members(
    conversation: Conversation, member: Member, user: User, visibility: ProfileVisibility
) -> list[ToMembers]:
    """Send a member to all members, to some with a limited profile only."""
    place = conversation.id, conversation.members_version, "member"
    told = [ToMembers(*place, member_event(conversation, member, user), visibility.full)]
    if visibility.limited:
        limited = member_event(conversation, member, limited_profile(user))
        told.append(ToMembers(*place, limited, visibility.limited))
    return told
