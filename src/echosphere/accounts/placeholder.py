"""Placeholders: people of another system who wrote what was imported and have no account here."""

from echosphere.accounts import store
from echosphere.accounts.account import MAX_NAME, InvalidValueError, single_line
from echosphere.accounts.name import validate_name
from echosphere.accounts.program import UserKind
from echosphere.database import Transaction

UNNAMED = "Imported user"


def create_placeholder(transaction: Transaction, name: str) -> str:
    """Store somebody who wrote elsewhere, and return the id.

    They are stored like a closed account that kept its name: they cannot sign in, are found by
    nobody, and count nowhere. A name that nobody may have here becomes a general one.
    """
    try:
        accepted = validate_name(single_line(name)[:MAX_NAME].strip())
    except InvalidValueError:
        accepted = UNNAMED
    return store.insert_program(
        transaction, accepted, UserKind.PERSON.value, closed_at=transaction.now
    )


def set_placeholder_avatar(transaction: Transaction, user_id: str, address: str) -> None:
    """Store the path of a placeholder's avatar on this server; nobody is connected who is told."""
    store.update_user(transaction, user_id, avatar=address)
