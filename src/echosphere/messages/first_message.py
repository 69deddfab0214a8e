"""Posts the text of an accepted contact request as the first message."""

from echosphere.contacts import FirstMessage
from echosphere.conversations import start_direct
from echosphere.database import Transaction
from echosphere.messages.message import PostMessage
from echosphere.messages.post import post_message


def post_first_message(transaction: Transaction, event: FirstMessage) -> None:
    """Post it as its author's message; the key from the request's id makes it idempotent."""
    conversation, _ = start_direct(transaction, event.author, event.receiver)
    post_message(
        transaction, event.author, PostMessage(conversation, f"request-{event.request}", event.body)
    )
