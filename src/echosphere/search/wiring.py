"""Puts search together."""

from echosphere.messages import ActionsReplaced, MessageDeleted, MessageEdited
from echosphere.platform import Platform
from echosphere.search.cursor import CursorCodec
from echosphere.search.indexer import (
    Indexer,
    reindex_edited_message,
    unindex_deleted_message,
    unindexed_count,
)
from echosphere.search.live import wake_indexer
from echosphere.search.operations import SearchOperations


def install(platform: Platform) -> Indexer:
    """Serve search; return the indexer, which is to be started."""
    database, indexer = platform.database, Indexer(platform.database)
    wake_indexer(platform.fan_out, indexer)
    platform.measured["search_lag_messages"] = unindexed_count
    cursor_codec = CursorCodec(platform.settings.secret_key)
    platform.operations.add(SearchOperations(database, cursor_codec).all())
    database.in_same_transaction(MessageEdited, reindex_edited_message)
    database.in_same_transaction(ActionsReplaced, reindex_edited_message)
    database.in_same_transaction(MessageDeleted, unindex_deleted_message)
    return indexer
