"""Decides which members see the full profile of a member, and which a limited one."""

from collections.abc import Collection, Iterable

import msgspec

from echosphere.accounts import User, limited_profile, users_by_id
from echosphere.contacts import blocked_user_ids, filter_contacts
from echosphere.conversations import store
from echosphere.conversations.conversation import Member
from echosphere.database import Snapshot


class ProfileVisibility(msgspec.Struct, frozen=True):
    """Which members of a conversation see how much of one of them.

    Attributes:
        full: The ids of those who see the full profile; None for all members.
        limited: The ids of those who see name and avatar only.
    """

    full: frozenset[str] | None = None
    limited: frozenset[str] = frozenset()


def profiles_for(
    snapshot: Snapshot, viewer: str, members: Iterable[Member], blocked: Collection[str]
) -> dict[str, User]:
    """Return the profiles of members as a present member sees them, by id.

    Profiles are limited across a block, and so are those of former members with whom the viewer
    is not connected otherwise.

    Args:
        snapshot: The state to read.
        viewer: The present member.
        members: Members of conversations in which the viewer is.
        blocked: The ids of the users across a block from the viewer.
    """
    members = list(members)
    if not members:
        return {}
    users = users_by_id(snapshot, {member.user for member in members})
    former = {member.user for member in members if member.left}
    if not former and not blocked:
        return users
    strangers = former - filter_connected(snapshot, viewer, former) if former else former
    return {
        user_id: limited_profile(user) if user_id in blocked or user_id in strangers else user
        for user_id, user in users.items()
    }


def profile_visibility(snapshot: Snapshot, member: Member) -> ProfileVisibility:
    """Return which members see how much of one who is a member, or was one until now."""
    blocked = blocked_user_ids(snapshot, member.user)
    if not blocked and not member.left:
        return ProfileVisibility()
    present = store.audience_of(snapshot, member.conversation)[1]
    full = present - blocked
    if member.left:
        full &= filter_connected(snapshot, member.user, full)
    return ProfileVisibility(full, present - full) if full != present else ProfileVisibility()


def filter_connected(snapshot: Snapshot, user_id: str, others: Collection[str]) -> set[str]:
    """Return those of these users who are the user's contacts or in one of their conversations."""
    found = filter_contacts(snapshot, user_id, others)
    return found | store.filter_fellow_members(snapshot, user_id, set(others) - found)
