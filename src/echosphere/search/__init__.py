"""Search: messages by parts of words in any script, people and conversations by name."""

from echosphere.search.cursor import Cursors
from echosphere.search.folding import FOLDING, folded
from echosphere.search.indexing import Indexer, lag
from echosphere.search.wiring import install

__all__ = [
    "FOLDING",
    "Cursors",
    "Indexer",
    "folded",
    "install",
    "lag",
]
