"""Sends a contact request to a user whom the actor sees."""

from echosphere.contacts import send_request_to_user
from echosphere.core.errors import Invalid
from echosphere.database import Transaction
from echosphere.messages import validate_body
from echosphere.profiles import store
from echosphere.profiles.profile import FindsInDirectory


def send_request_to_visible_user(
    finds_in_directory: FindsInDirectory,
    transaction: Transaction,
    actor: str,
    user_id: str,
    body: str | None,
) -> None:
    """Send a request, with an optional first message, to a user whom the actor sees.

    Does nothing, and says nothing, if the actor sees no such user.

    Raises:
        Invalid: The actor names themselves, or the message is empty.
    """
    if user_id == actor:
        sentence = "You cannot send a request to yourself."
        raise Invalid(sentence, fields={"user": sentence})
    if body is not None:
        body = validate_body(body, has_files=False)
    is_connected = store.are_connected(transaction, actor, user_id)
    if is_connected or finds_in_directory(transaction, actor, user_id):
        send_request_to_user(transaction, actor, user_id, body, is_connected=is_connected)
