"""Wakes the indexer."""

from echosphere.messages import MessageDeleted, MessageEdited, MessagePosted, MessagesImported
from echosphere.realtime.delivery import FanOut
from echosphere.search.indexer import Indexer


def wake_indexer(fan_out: FanOut, indexer: Indexer) -> None:
    """Wake the indexer whenever a message is posted, imported, edited or deleted."""
    for kind in (MessagePosted, MessagesImported, MessageEdited, MessageDeleted):
        fan_out.listen(kind, indexer.wake)
