"""What changed for one user alone."""

import msgspec

from echosphere.memberships.inbox.entry import InboxEntry


class MemberSettingsChanged(msgspec.Struct, frozen=True):
    """A user's settings, draft, read position or unread counts of a conversation changed."""

    user_id: str
    entry: InboxEntry


class MentionsChanged(msgspec.Struct, frozen=True):
    """The mentions of many users in a conversation must be counted again."""

    conversation: str
    user_ids: frozenset[str]
