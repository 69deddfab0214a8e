"""Registers a person."""

from dataclasses import dataclass, field

from echosphere.accounts import store
from echosphere.accounts.account import (
    ADMINISTRATOR,
    MEMBER,
    collect,
)
from echosphere.accounts.email import accepted_email
from echosphere.accounts.events import AccountCreated
from echosphere.accounts.name import accepted_name
from echosphere.accounts.open_session import open_session
from echosphere.accounts.password import accepted_password
from echosphere.accounts.session import Device
from echosphere.accounts.wire import OwnUser
from echosphere.core.errors import Conflict
from echosphere.database import Creation, Transaction, once


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What a person gave to register, in normal form and within the rules."""

    email: str
    name: str
    password: str = field(repr=False)


def new_account(*, email: str, name: str, password: str, server: str = "") -> NewAccount:
    """Return an account that may be registered.

    Raises:
        Invalid: A field breaks a rule; `fields` says which and why.
    """
    accepted = collect(
        {
            "email": lambda: accepted_email(email),
            "name": lambda: accepted_name(name),
            "password": lambda: accepted_password(password, name=name, email=email, server=server),
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
        raise address_taken()
    role = role or (ADMINISTRATOR if store.is_empty(transaction) else MEMBER)
    user = store.insert_user(
        transaction, email=account.email, name=account.name, password=password_hash, role=role
    )
    if user is None:  # another server process was faster
        raise address_taken()
    transaction.announce(AccountCreated(user, account.email))
    return store.get_own_user(transaction, user)


def registration_of(email: str, key: str | None) -> Creation:
    """Return the wish for an account, which nobody else can repeat who does not know the address."""
    return Creation("", "accounts", None if key is None else f"{key} {email}")


@dataclass(frozen=True, slots=True)
class Registration:
    """What a person asks for who registers.

    Attributes:
        account: Who it is.
        password_hash: The stored form of the password.
        wish: What the caller may repeat.
        token: That of their session; None for a random one.
    """

    account: NewAccount
    password_hash: str = field(repr=False)
    wish: Creation
    token: str | None = field(repr=False)


def sign_up(
    transaction: Transaction, registration: Registration, device: Device
) -> tuple[OwnUser, str] | None:
    """Add a person and sign them in; return them and the token of their session.

    Returns:
        None for a repeat: who it is must prove first that they know the password.

    Raises:
        Conflict: The address has an account already.
    """
    account, password_hash = registration.account, registration.password_hash
    made = once(transaction, registration.wish, _create, account, password_hash)
    if not made.new:
        return None
    user = store.get_own_user(transaction, made.id)
    return user, open_session(transaction, user.id, device, registration.token)


def _create(transaction: Transaction, account: NewAccount, password_hash: str) -> str:
    return create_user(transaction, account, password_hash).id


def address_taken() -> Conflict:
    """Return the refusal of an address that has an account."""
    sentence = "There is an account with this address already. Sign in instead."
    return Conflict(sentence, fields={"email": sentence})
