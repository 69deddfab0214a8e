"""Puts search together."""

from echosphere.messages import MessageDeleted, MessageEdited
from echosphere.platform import Platform
from echosphere.search.cursor import Cursors
from echosphere.search.indexing import Indexer, forget_deleted, index_edited
from echosphere.search.live import wake_indexer
from echosphere.search.operations import SearchOperations


def install(platform: Platform) -> Indexer:
    """Serve search; return the indexer, which is to be started."""
    database, indexer = platform.database, Indexer(platform.database)
    wake_indexer(platform.fan_out, indexer)
    cursors = Cursors(platform.settings.secret_key)
    platform.operations.add(SearchOperations(database, cursors).all())
    database.in_same_transaction(MessageEdited, index_edited)
    database.in_same_transaction(MessageDeleted, forget_deleted)
    return indexer
