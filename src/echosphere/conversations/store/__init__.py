"""The tables of conversations and their members, and their queries."""

from echosphere.conversations.store.access import LOCK, find_access, groups_of
from echosphere.conversations.store.clearing import find_clearing, forget_draft, set_clearing
from echosphere.conversations.store.joining import (
    find_heir,
    insert_member,
    rejoin,
    set_left,
    set_role,
)
from echosphere.conversations.store.membership import (
    audience_of,
    count_present,
    find_member,
    in_time_of,
    joined_before,
    members_of,
    members_of_direct_conversations,
    present_with,
    unsighted,
)
from echosphere.conversations.store.positions import (
    forget_drafts,
    set_delivered,
    set_own_fields,
    set_read,
)
from echosphere.conversations.store.rows import (
    CONVERSATION,
    OWN,
    greater,
    sees_after,
    to_conversation,
    to_own_fields,
)
from echosphere.conversations.store.shared import (
    find_conversation,
    find_direct,
    insert_conversation,
    set_shared,
)
from echosphere.conversations.store.tables import conversations, members
from echosphere.conversations.store.versions import (
    next_seq,
    raise_members_version,
    raise_version,
    take_seq,
)

__all__ = [
    "CONVERSATION",
    "LOCK",
    "OWN",
    "audience_of",
    "conversations",
    "count_present",
    "find_access",
    "find_clearing",
    "find_conversation",
    "find_direct",
    "find_heir",
    "find_member",
    "forget_draft",
    "forget_drafts",
    "greater",
    "groups_of",
    "in_time_of",
    "insert_conversation",
    "insert_member",
    "joined_before",
    "members",
    "members_of",
    "members_of_direct_conversations",
    "next_seq",
    "present_with",
    "raise_members_version",
    "raise_version",
    "rejoin",
    "sees_after",
    "set_clearing",
    "set_delivered",
    "set_left",
    "set_own_fields",
    "set_read",
    "set_role",
    "set_shared",
    "take_seq",
    "to_conversation",
    "to_own_fields",
    "unsighted",
]
