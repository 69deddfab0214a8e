"""Puts the inbox together."""

from echosphere.inbox.live import InboxLive
from echosphere.inbox.operations import InboxOperations
from echosphere.inbox.recount import recount_mentions, recount_shown
from echosphere.messages import MessageDeleted, MessageEdited, MessagesHidden, MessagesRestored
from echosphere.platform import Platform


def install(platform: Platform) -> None:
    """Serve the inbox, and keep its counts right when messages change."""
    database = platform.database
    InboxLive(database).serve(platform.fan_out)
    platform.operations.add(InboxOperations(database).all())
    database.in_same_transaction(MessageEdited, recount_mentions)
    database.in_same_transaction(MessageDeleted, recount_mentions)
    database.in_same_transaction(MessagesHidden, recount_shown)
    database.in_same_transaction(MessagesRestored, recount_shown)
