"""Decides how much people see of each other in a conversation: the whole profile, or the face."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from echosphere.accounts import User, limited_profile, users_by_id
from echosphere.contacts import blocked_user_ids, filter_contacts
from echosphere.conversations import store
from echosphere.conversations.conversation import Member
from echosphere.database import Snapshot


@dataclass(frozen=True, slots=True)
class Onlookers:
    """Who of a conversation's members sees how much of one of them.

    Attributes:
        whole: Those who see the whole profile; None for all of them.
        face: Those who see name and picture.
    """

    whole: frozenset[str] | None = None
    face: frozenset[str] = frozenset()


def profiles_for(
    snapshot: Snapshot, viewer: str, people: Iterable[Member], apart: Collection[str]
) -> dict[str, User]:
    """Return members as one of the present members sees them.

    Args:
        snapshot: The state to read.
        viewer: Who looks.
        people: Members of conversations in which the viewer is.
        apart: Those across a block from the viewer; only their faces are seen, and those of people
            who left and with whom the viewer shares nothing else.
    """
    members = list(people)
    if not members:
        return {}
    users = users_by_id(snapshot, {one.user for one in members})
    gone = {one.user for one in members if one.left}
    if not gone and not apart:
        return users
    far = gone - those_near(snapshot, viewer, gone) if gone else gone
    return {
        one: limited_profile(user) if one in apart or one in far else user
        for one, user in users.items()
    }


def onlookers_of(snapshot: Snapshot, member: Member) -> Onlookers:
    """Return who sees how much of somebody who is a member, or was one until now."""
    apart = blocked_user_ids(snapshot, member.user)
    if not apart and not member.left:
        return Onlookers()
    present = store.audience_of(snapshot, member.conversation)[1]
    whole = present - apart
    if member.left:
        whole &= those_near(snapshot, member.user, whole)
    return Onlookers(whole, present - whole) if whole != present else Onlookers()


def those_near(snapshot: Snapshot, person: str, others: Collection[str]) -> set[str]:
    """Return those of these people who are a person's contacts, or with them in a conversation."""
    near = filter_contacts(snapshot, person, others)
    return near | store.present_with(snapshot, person, set(others) - near)
