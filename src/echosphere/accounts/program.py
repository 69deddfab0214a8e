"""Programs: users without a person, who write messages and cannot sign in."""

from enum import StrEnum

from echosphere.accounts import store
from echosphere.accounts.account import validate
from echosphere.accounts.name import validate_name
from echosphere.database import Transaction


class UserKind(StrEnum):
    """What a user is: a person with an account, a bot, or an incoming webhook."""

    PERSON = "person"
    BOT = "bot"
    HOOK = "hook"


def create_hook_user(transaction: Transaction, name: str) -> str:
    """Store the author of what a webhook posts, and return the id.

    It is stored like a closed account: whatever only open accounts may do, it cannot.

    Raises:
        Invalid: The name breaks a rule for names.
    """
    accepted = validate({"name": lambda: validate_name(name)})
    return store.insert_program(
        transaction, accepted["name"], UserKind.HOOK.value, closed_at=transaction.now
    )
