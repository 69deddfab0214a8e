"""The tables of search and their queries."""

from echosphere.search.store.found import (
    IN_INDEX,
    LINKS,
    Scope,
    candidates,
    file_names,
    matching,
    messages_by_number,
    unindexed,
)
from echosphere.search.store.index import (
    Progress,
    add_texts,
    find_text,
    last_number,
    locked_progress,
    note_purged,
    progress,
    purge_index,
    remove_text,
    running_transactions,
    set_progress,
    to_be_indexed,
)
from echosphere.search.store.names import Place, blocked_either_way, people_around, places_of

__all__ = [
    "IN_INDEX",
    "LINKS",
    "Place",
    "Progress",
    "Scope",
    "add_texts",
    "blocked_either_way",
    "candidates",
    "file_names",
    "find_text",
    "last_number",
    "locked_progress",
    "matching",
    "messages_by_number",
    "note_purged",
    "people_around",
    "places_of",
    "progress",
    "purge_index",
    "remove_text",
    "running_transactions",
    "set_progress",
    "to_be_indexed",
    "unindexed",
]
