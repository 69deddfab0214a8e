"""Lists a user's conversations."""

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
from echosphere.memberships.inbox.entry import InboxEntry
from echosphere.memberships.store import inbox as inbox_store
from echosphere.messages import attachments_of_page


class ViewerPermissions(NamedTuple):
    """What a user may see of other members.

    Attributes:
        viewer: The user's id.
        sees_positions: Whether they see read and delivered positions.
        blocked_user_ids: Users who blocked them or whom they blocked: their positions are hidden.
    """

    viewer: str
    sees_positions: bool
    blocked_user_ids: set[str]


class ConversationView(NamedTuple):
    """An inbox entry with everything that is needed to show it.

    Attributes:
        attachments: Those of the last message.
        members: None for groups in a list.
        users: The members' profiles by id, as the viewer sees them.
        permissions: What the viewer may see of the members.
    """

    entry: InboxEntry
    attachments: list[Attachment]
    members: list[Member] | None
    users: dict[str, User]
    permissions: ViewerPermissions


def list_conversations(snapshot: Snapshot, viewer: str) -> list[ConversationView]:
    """Return all conversations of a user, sorted by last message, newest first."""
    entries = inbox_store.entries_of(snapshot, viewer)
    members = members_of_direct_conversations(snapshot, viewer)
    permissions = viewer_permissions(snapshot, viewer)
    all_members = [one for pair in members.values() for one in pair]
    users = profiles_for(snapshot, viewer, all_members, permissions.blocked_user_ids)
    entries.sort(key=_last_change, reverse=True)
    return [
        ConversationView(
            entry,
            _attachments(snapshot, entry),
            members.get(entry.conversation.id),
            users,
            permissions,
        )
        for entry in entries
    ]


def get_conversation(snapshot: Snapshot, viewer: str, conversation: str) -> ConversationView:
    """Return one conversation with its members.

    Raises:
        NotFound: The viewer is not a member.
    """
    return load_view(snapshot, viewer_permissions(snapshot, viewer), conversation)


def viewer_permissions(snapshot: Snapshot, viewer: str) -> ViewerPermissions:
    """Return what a user may see of other members."""
    sees_positions = settings_of(snapshot, viewer).receipts
    return ViewerPermissions(viewer, sees_positions, blocked_user_ids(snapshot, viewer))


def load_view(
    snapshot: Snapshot, permissions: ViewerPermissions, conversation: str, since: int = 0
) -> ConversationView:
    """Return one conversation with the members that changed after version `since`; 0 for all.

    Raises:
        NotFound: The viewer is not a member.
    """
    entry = inbox_store.find_entry(snapshot, permissions.viewer, conversation)
    if entry is None:
        raise NotFound("Conversation not found.")
    members = members_of(snapshot, conversation, since)
    users = profiles_for(snapshot, permissions.viewer, members, permissions.blocked_user_ids)
    return ConversationView(entry, _attachments(snapshot, entry), members, users, permissions)


def _last_change(entry: InboxEntry) -> tuple[int, str]:
    last, conversation = entry.last_message, entry.conversation
    before = max(conversation.created_at, entry.cleared.until or 0)
    return (last.created_at if last else before, conversation.id)


def _attachments(snapshot: Snapshot, entry: InboxEntry) -> list[Attachment]:
    last = entry.last_message
    if last is None or not last.files:
        return []
    return attachments_of_page(snapshot, last.conversation, [last]).get(last.seq, [])
