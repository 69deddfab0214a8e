"""Search: messages by parts of words in any script, people and conversations by name."""

from echosphere.search.cursor import Cursors
from echosphere.search.indexing import Indexer, forget_deleted, index_edited, lag
from echosphere.search.live import SearchLive
from echosphere.search.web import SearchApi

__all__ = [
    "Cursors",
    "Indexer",
    "SearchApi",
    "SearchLive",
    "forget_deleted",
    "index_edited",
    "lag",
]
