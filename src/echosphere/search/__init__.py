"""Search: messages by parts of words in any script, people and conversations by name."""

from echosphere.search.cursor import CursorCodec
from echosphere.search.folding import FOLDING_VERSION, fold
from echosphere.search.indexer import Indexer
from echosphere.search.wiring import install

__all__ = [
    "FOLDING_VERSION",
    "CursorCodec",
    "Indexer",
    "fold",
    "install",
]
