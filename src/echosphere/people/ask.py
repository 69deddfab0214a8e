"""Asks somebody of a shared group, or of the directory, to become a contact."""

from echosphere.contacts import ask_person
from echosphere.core.errors import Invalid
from echosphere.database import Transaction
from echosphere.messages import accepted_body
from echosphere.people import store
from echosphere.people.show import Finds


def ask_seen_person(
    finds: Finds, transaction: Transaction, caller: str, user: str, body: str | None
) -> None:
    """Keep a request to a person whom the caller sees, with a first message if they like.

    Nothing happens, and nothing is told, if there is no such person for the caller.

    Raises:
        Invalid: Nobody asks themselves; or the message says nothing.
    """
    if user == caller:
        sentence = "You cannot send a request to yourself."
        raise Invalid(sentence, fields={"user": sentence})
    if body is not None:
        body = accepted_body(body, has_files=False)
    near = store.are_around(transaction, caller, user)
    if near or finds(transaction, caller, user):
        ask_person(transaction, caller, user, body, near=near)
