"""What changed for one user alone."""

from dataclasses import dataclass

from echosphere.memberships.inbox.entry import InboxEntry


@dataclass(frozen=True, slots=True)
class MemberSettingsChanged:
    """A user's settings, draft, read position or unread counts of a conversation changed."""

    user_id: str
    entry: InboxEntry


@dataclass(frozen=True, slots=True)
class MentionsChanged:
    """The mentions of many users in a conversation must be counted again."""

    conversation: str
    user_ids: frozenset[str]
