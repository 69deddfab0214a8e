"""Returns one message by its seq."""

from echosphere.database import Snapshot, run_on_loop
from echosphere.messages.access import access_message
from echosphere.messages.change import attachments_of_message
from echosphere.messages.post import Posted


@run_on_loop
def get_message(snapshot: Snapshot, viewer: str, conversation: str, seq: int) -> Posted:
    """Return a message with its files.

    Raises:
        NotFound: The viewer cannot see the message.
    """
    _, message = access_message(snapshot, viewer, conversation, seq)
    return Posted(message, attachments_of_message(snapshot, message), new=False)
