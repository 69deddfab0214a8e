"""What changed for one person alone, or in how far somebody has read."""

from dataclasses import dataclass

from echosphere.memberships.inbox.entry import InboxEntry


@dataclass(frozen=True, slots=True)
class MemberSettingsChanged:
    """A person read, muted, pinned, archived or drafted: their other devices follow."""

    user_id: str
    entry: InboxEntry


@dataclass(frozen=True, slots=True)
class MentionsChanged:
    """For many people it has to be counted anew how often a conversation mentions them."""

    conversation: str
    user_ids: frozenset[str]
