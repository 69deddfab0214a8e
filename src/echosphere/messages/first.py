"""Opens the conversation of two new contacts with what the one wrote to the other before."""

from echosphere.contacts import FirstMessage
from echosphere.conversations import start_direct
from echosphere.database import Transaction
from echosphere.messages.message import Draft
from echosphere.messages.post import post_message


def post_first_message(transaction: Transaction, event: FirstMessage) -> None:
    """Post it like any message of its author; the request's id makes its key, so that it is once."""
    conversation, _ = start_direct(transaction, event.author, event.receiver)
    post_message(
        transaction, event.author, Draft(conversation, f"request-{event.request}", event.body)
    )
