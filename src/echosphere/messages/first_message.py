"""Posts the text of an accepted contact request as the first message."""

from echosphere.contacts import FirstMessage
from echosphere.conversations import start_direct
from echosphere.database import Transaction
from echosphere.messages.post import PostMessage


def post_first_message(transaction: Transaction, event: FirstMessage) -> None:
    """Post it as its author's message; the key from the request's id makes it idempotent."""
    conversation, _ = start_direct(transaction, event.author, event.receiver)
    PostMessage(
        conversation=conversation,
        author=event.author,
        key=f"request-{event.request}",
        body=event.body,
    ).run(transaction)
