"""Placeholders: people and programs of another system whose messages were imported and who have no account here."""

from echosphere.accounts import store
from echosphere.accounts.account import CLOSED_NAME, MAX_NAME, InvalidValueError, single_line
from echosphere.accounts.name import validate_name
from echosphere.accounts.program import UserKind
from echosphere.database import Transaction

UNNAMED = "Imported user"


def create_placeholder(transaction: Transaction, name: str, *, is_program: bool = False) -> str:
    """Store someone who wrote elsewhere, and return the id.

    They are stored like a closed account that kept its name: they cannot sign in, are found by
    no one, and count nowhere. A program is stored like a bot that was deleted: it is marked as one.
    A name that no one may have here becomes a general one, but for that of those who closed their account.
    """
    given = single_line(name)[:MAX_NAME].strip()
    try:
        accepted = CLOSED_NAME if given == CLOSED_NAME else validate_name(given)
    except InvalidValueError:
        accepted = UNNAMED
    kind = UserKind.BOT if is_program else UserKind.PERSON
    return store.insert_program(transaction, accepted, kind.value, closed_at=transaction.now)


def set_placeholder_avatar(transaction: Transaction, user_id: str, address: str) -> None:
    """Store the path of a placeholder's avatar on this server; no one is connected who is told."""
    store.update_user(transaction, user_id, avatar=address)
