"""Lists a person's conversations."""

from dataclasses import dataclass

from echosphere.accounts import User, users_by_id
from echosphere.attachments import Attachment
from echosphere.conversations import Member, members_of, members_of_direct_conversations
from echosphere.database import Snapshot
from echosphere.errors import NotFound
from echosphere.inbox import store
from echosphere.inbox.entry import Entry
from echosphere.messages import attachments_of_page


@dataclass(frozen=True, slots=True)
class Described:
    """An entry with what is needed to show it.

    Attributes:
        attachments: Those of the last message.
        members: Given for direct conversations and for a single one.
    """

    entry: Entry
    attachments: list[Attachment]
    members: list[Member] | None
    users: dict[str, User]


def list_conversations(snapshot: Snapshot, viewer: str) -> list[Described]:
    """Return all conversations of a person, the one with the newest change first."""
    entries = store.entries_of(snapshot, viewer)
    members = members_of_direct_conversations(snapshot, viewer)
    users = users_by_id(snapshot, {one.user for pair in members.values() for one in pair})
    entries.sort(key=_last_change, reverse=True)
    return [
        Described(entry, _files(snapshot, entry), members.get(entry.conversation.id), users)
        for entry in entries
    ]


def get_conversation(snapshot: Snapshot, viewer: str, conversation: str) -> Described:
    """Return one conversation with its members.

    Raises:
        NotFound: The person is not a member.
    """
    entry = store.find_entry(snapshot, viewer, conversation)
    if entry is None:
        raise NotFound("There is no such conversation.")
    members = members_of(snapshot, conversation)
    users = users_by_id(snapshot, {member.user for member in members})
    return Described(entry, _files(snapshot, entry), members, users)


def _last_change(entry: Entry) -> tuple[int, str]:
    last = entry.last_message
    return (last.created_at if last else entry.conversation.created_at, entry.conversation.id)


def _files(snapshot: Snapshot, entry: Entry) -> list[Attachment]:
    last = entry.last_message
    if last is None or not last.files:
        return []
    return attachments_of_page(snapshot, last.conversation, [last]).get(last.seq, [])
