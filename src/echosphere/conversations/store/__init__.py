"""The tables of conversations and their members, and their queries."""

from echosphere.conversations.store.access import (
    LOCK,
    access_lookups,
    find_access,
    group_ids_of,
    partner_block_lookup,
)
from echosphere.conversations.store.cleared_history import (
    clear_draft,
    find_cleared_history,
    set_cleared_history,
    settled_clearings,
)
from echosphere.conversations.store.conversation import (
    find_conversation,
    find_direct,
    insert_conversation,
    set_conversation_fields,
)
from echosphere.conversations.store.member_changes import (
    find_successor,
    insert_member,
    rejoin,
    set_left,
    set_role,
)
from echosphere.conversations.store.members import (
    audience_of,
    count_members,
    filter_fellow_members,
    find_member,
    find_sees_after,
    groups_run_by,
    is_visible_to_member,
    members_at_message,
    members_of,
    members_of_direct_conversations,
    members_without_sight,
)
from echosphere.conversations.store.positions import (
    clear_drafts,
    set_delivered,
    set_member_settings,
    set_posted,
    set_read,
)
from echosphere.conversations.store.rows import (
    CONVERSATION,
    MEMBER_SETTINGS,
    greater,
    sees_after,
    to_conversation,
    to_member_settings,
)
from echosphere.conversations.store.sizes import longest_conversations
from echosphere.conversations.store.tables import conversations, members
from echosphere.conversations.store.versions import (
    allocate_seq,
    next_seq,
    raise_members_version,
    raise_version,
)

__all__ = [
    "CONVERSATION",
    "LOCK",
    "MEMBER_SETTINGS",
    "access_lookups",
    "allocate_seq",
    "audience_of",
    "clear_draft",
    "clear_drafts",
    "conversations",
    "count_members",
    "filter_fellow_members",
    "find_access",
    "find_cleared_history",
    "find_conversation",
    "find_direct",
    "find_member",
    "find_sees_after",
    "find_successor",
    "greater",
    "group_ids_of",
    "groups_run_by",
    "insert_conversation",
    "insert_member",
    "is_visible_to_member",
    "longest_conversations",
    "members",
    "members_at_message",
    "members_of",
    "members_of_direct_conversations",
    "members_without_sight",
    "next_seq",
    "partner_block_lookup",
    "raise_members_version",
    "raise_version",
    "rejoin",
    "sees_after",
    "set_cleared_history",
    "set_conversation_fields",
    "set_delivered",
    "set_left",
    "set_member_settings",
    "set_posted",
    "set_read",
    "set_role",
    "settled_clearings",
    "to_conversation",
    "to_member_settings",
]
