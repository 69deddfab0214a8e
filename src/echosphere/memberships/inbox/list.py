"""Lists a person's conversations."""

from typing import NamedTuple

from echosphere.accounts import User, settings_of
from echosphere.attachments import Attachment
from echosphere.contacts import blocked_user_ids
from echosphere.conversations import (
    Member,
    members_of,
    members_of_direct_conversations,
    profiles_for,
)
from echosphere.core.errors import NotFound
from echosphere.database import Snapshot
from echosphere.memberships.inbox.entry import Entry
from echosphere.memberships.store import inbox as store
from echosphere.messages import attachments_of_page


class Sight(NamedTuple):
    """What one person sees of the others, wherever they look.

    Attributes:
        viewer: The person.
        positions: Whether they see how far the others have come.
        apart: Those across a block from them: of these it is not seen.
    """

    viewer: str
    positions: bool
    apart: set[str]


class Described(NamedTuple):
    """An entry with what is needed to show it.

    Attributes:
        attachments: Those of the last message.
        members: Given for direct conversations and for a single one.
        users: The members as the viewer sees them.
        sight: What the viewer sees of them.
    """

    entry: Entry
    attachments: list[Attachment]
    members: list[Member] | None
    users: dict[str, User]
    sight: Sight


def list_conversations(snapshot: Snapshot, viewer: str) -> list[Described]:
    """Return all conversations of a person, the one with the newest change first."""
    entries = store.entries_of(snapshot, viewer)
    members = members_of_direct_conversations(snapshot, viewer)
    sight = sight_of(snapshot, viewer)
    everybody = [one for pair in members.values() for one in pair]
    users = profiles_for(snapshot, viewer, everybody, sight.apart)
    entries.sort(key=_last_change, reverse=True)
    return [
        Described(entry, _files(snapshot, entry), members.get(entry.conversation.id), users, sight)
        for entry in entries
    ]


def get_conversation(snapshot: Snapshot, viewer: str, conversation: str) -> Described:
    """Return one conversation with its members.

    Raises:
        NotFound: The person is not a member.
    """
    return describe(snapshot, sight_of(snapshot, viewer), conversation)


def sight_of(snapshot: Snapshot, viewer: str) -> Sight:
    """Return what a person sees of the others."""
    positions = settings_of(snapshot, viewer).receipts
    return Sight(viewer, positions, blocked_user_ids(snapshot, viewer))


def describe(snapshot: Snapshot, sight: Sight, conversation: str, since: int = 0) -> Described:
    """Return one conversation with its members that changed after a version, 0 for all of them.

    Raises:
        NotFound: The viewer is not a member.
    """
    entry = store.find_entry(snapshot, sight.viewer, conversation)
    if entry is None:
        raise NotFound("There is no such conversation.")
    members = members_of(snapshot, conversation, since)
    users = profiles_for(snapshot, sight.viewer, members, sight.apart)
    return Described(entry, _files(snapshot, entry), members, users, sight)


def _last_change(entry: Entry) -> tuple[int, str]:
    last, conversation = entry.last_message, entry.conversation
    before = max(conversation.created_at, entry.cleared.until or 0)
    return (last.created_at if last else before, conversation.id)


def _files(snapshot: Snapshot, entry: Entry) -> list[Attachment]:
    last = entry.last_message
    if last is None or not last.files:
        return []
    return attachments_of_page(snapshot, last.conversation, [last]).get(last.seq, [])
