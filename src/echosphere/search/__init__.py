"""Search: messages by parts of words in any script, people and conversations by name."""

from echosphere.search.cursor import Cursors
from echosphere.search.folding import FOLDING, folded
from echosphere.search.indexing import Indexer, forget_deleted, index_edited, lag
from echosphere.search.live import wake_indexer
from echosphere.search.operations import SearchOperations

__all__ = [
    "FOLDING",
    "Cursors",
    "Indexer",
    "SearchOperations",
    "folded",
    "forget_deleted",
    "index_edited",
    "lag",
    "wake_indexer",
]
