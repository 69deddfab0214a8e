"""The tables of messages and their queries."""

from echosphere.messages.store.changing import (
    change,
    count_versions,
    delete_traces,
    keep_version,
    versions_of,
)
from echosphere.messages.store.mentioned import (
    delete_mentions,
    mentions_person,
    names_person,
    set_mentions,
)
from echosphere.messages.store.personal import (
    delete_personal_rows,
    hidden_after,
    hidden_among,
    hide,
    last_hidden,
    restore,
    save,
    saved_before,
    unsave,
)
from echosphere.messages.store.posting import (
    find,
    find_by_key,
    find_shown,
    insert_message,
    insert_system,
)
from echosphere.messages.store.reading import (
    changed_since,
    count_pins,
    exists_before,
    numbers_among,
    page_after,
    page_before,
    pins,
    undeleted,
    visible_messages,
)
from echosphere.messages.store.rows import MESSAGE, shown_to, to_message
from echosphere.messages.store.tables import hidden_messages, mentions, messages, saved_messages

__all__ = [
    "MESSAGE",
    "change",
    "changed_since",
    "count_pins",
    "count_versions",
    "delete_mentions",
    "delete_personal_rows",
    "delete_traces",
    "exists_before",
    "find",
    "find_by_key",
    "find_shown",
    "hidden_after",
    "hidden_among",
    "hidden_messages",
    "hide",
    "insert_message",
    "insert_system",
    "keep_version",
    "last_hidden",
    "mentions",
    "mentions_person",
    "messages",
    "names_person",
    "numbers_among",
    "page_after",
    "page_before",
    "pins",
    "restore",
    "save",
    "saved_before",
    "saved_messages",
    "set_mentions",
    "shown_to",
    "to_message",
    "undeleted",
    "unsave",
    "versions_of",
    "visible_messages",
]
