"""Registers a person."""

from dataclasses import dataclass, field

from echosphere.accounts import store
from echosphere.accounts.account import (
    ADMINISTRATOR,
    MEMBER,
    accepted_email,
    accepted_name,
    collect,
)
from echosphere.accounts.events import AccountCreated
from echosphere.accounts.open_session import open_session
from echosphere.accounts.password import accepted_password
from echosphere.accounts.session import Device
from echosphere.accounts.wire import OwnUser
from echosphere.database import Transaction
from echosphere.errors import Conflict


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What a person gave to register, in normal form and within the rules."""

    email: str
    name: str
    password: str = field(repr=False)


def new_account(*, email: str, name: str, password: str) -> NewAccount:
    """Return an account that may be registered.

    Raises:
        Invalid: A field breaks a rule; `fields` says which and why.
    """
    accepted = collect(
        {
            "email": lambda: accepted_email(email),
            "name": lambda: accepted_name(name),
            "password": lambda: accepted_password(password, name=name, email=email),
        }
    )
    return NewAccount(**accepted)


def create_user(
    transaction: Transaction, account: NewAccount, password_hash: str, role: str | None = None
) -> OwnUser:
    """Add a person.

    Args:
        transaction: Where to.
        account: Who it is.
        password_hash: The stored form of the password.
        role: `member` or `administrator`; by default the first person of all administrates.

    Raises:
        Conflict: The address has an account already.
    """
    if store.find_id_by_email(transaction, account.email) is not None:
        raise _taken()
    role = role or (ADMINISTRATOR if store.is_empty(transaction) else MEMBER)
    user = store.insert_user(
        transaction, email=account.email, name=account.name, password=password_hash, role=role
    )
    if user is None:  # another server process was faster
        raise _taken()
    transaction.announce(AccountCreated(user, account.email))
    return store.get_own_user(transaction, user)


def sign_up(
    transaction: Transaction, account: NewAccount, password_hash: str, device: Device
) -> tuple[OwnUser, str]:
    """Add a person and sign them in; return them and the token of their session.

    Raises:
        Conflict: The address has an account already.
    """
    user = create_user(transaction, account, password_hash)
    return user, open_session(transaction, user.id, device)


def _taken() -> Conflict:
    sentence = "There is an account with this address already. Sign in instead."
    return Conflict(sentence, fields={"email": sentence})
