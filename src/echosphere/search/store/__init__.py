"""The tables of search and their queries."""

from echosphere.search.store.index import (
    MarkPurged,
    Progress,
    PurgeIndex,
    add_texts,
    find_text,
    last_message_id,
    load_progress,
    lock_progress,
    messages_to_index,
    remove_text,
    remove_texts,
    running_transactions,
    set_progress,
)
from echosphere.search.store.messages import (
    LINKS,
    TRIGRAM,
    Scope,
    candidate_ids,
    matching_ids,
    messages_by_id,
    unindexed_messages,
)
from echosphere.search.store.names import (
    SearchableConversation,
    blocked_user_ids,
    connected_users,
    conversations_of,
)

__all__ = [
    "LINKS",
    "TRIGRAM",
    "MarkPurged",
    "Progress",
    "PurgeIndex",
    "Scope",
    "SearchableConversation",
    "add_texts",
    "blocked_user_ids",
    "candidate_ids",
    "connected_users",
    "conversations_of",
    "find_text",
    "last_message_id",
    "load_progress",
    "lock_progress",
    "matching_ids",
    "messages_by_id",
    "messages_to_index",
    "remove_text",
    "remove_texts",
    "running_transactions",
    "set_progress",
    "unindexed_messages",
]
