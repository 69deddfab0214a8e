"""What wakes the indexer."""

from echosphere.messages import MessageDeleted, MessageEdited, MessagePosted
from echosphere.realtime.delivery import FanOut
from echosphere.search.indexing import Indexer


def wake_indexer(fan_out: FanOut, indexer: Indexer) -> None:
    """Have the indexer told what there is to do."""
    for kind in (MessagePosted, MessageEdited, MessageDeleted):
        fan_out.listen(kind, indexer.wake)
