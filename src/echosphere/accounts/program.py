"""Programs: users without a person, who write messages and cannot sign in."""

from enum import StrEnum
from functools import partial

from echosphere.accounts import store
from echosphere.accounts.account import validate, validate_about
from echosphere.accounts.events import ProfileChanged
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


def set_program_avatar(transaction: Transaction, user_id: str, address: str | None) -> None:
    """Store the path of a program's avatar on this server, or None; the caller tells who sees it."""
    store.update_user(transaction, user_id, avatar=address)


def create_bot_user(transaction: Transaction, owner: str, name: str, about: str) -> str:
    """Store a bot of a person, and return the id.

    It is stored like a closed account, too: what bots may do is said where they may.

    Raises:
        Invalid: The name or the description breaks a rule.
    """
    accepted = validate(
        {"name": lambda: validate_name(name), "about": lambda: validate_about(about)}
    )
    made = store.insert_program(
        transaction, accepted["name"], UserKind.BOT.value, closed_at=transaction.now
    )
    if accepted["about"]:
        store.update_user(transaction, made, about=accepted["about"])
    store.insert_bot(transaction, made, owner)
    return made


def change_program_profile(
    transaction: Transaction, user_id: str, name: str | None, about: str | None
) -> None:
    """Give a bot another name or description; None for what stays.

    Raises:
        Invalid: One of them breaks a rule.
    """
    given = {"name": name, "about": about}
    checks = {"name": validate_name, "about": validate_about}
    changed = validate(
        {one: partial(checks[one], value) for one, value in given.items() if value is not None}
    )
    if changed:
        store.update_user(transaction, user_id, **changed)
        transaction.announce(ProfileChanged(user_id))
