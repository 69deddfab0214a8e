"""Registers users."""

from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from echosphere import audit
from echosphere.accounts import store
from echosphere.accounts.account import validate
from echosphere.accounts.email import normalize_email
from echosphere.accounts.events import AccountCreated, EmailConfirmed
from echosphere.accounts.name import validate_name
from echosphere.accounts.opening import open_session
from echosphere.accounts.password import validate_password
from echosphere.accounts.roles import AccountRole
from echosphere.accounts.session import Device
from echosphere.accounts.wire import OwnUser
from echosphere.core.errors import Conflict
from echosphere.database import Command, Creation, Provided, Snapshot, Transaction, once


@dataclass(frozen=True, slots=True)
class NewAccount:
    """The validated fields of a registration."""

    email: str
    name: str
    password: str = field(repr=False)


def new_account(
    *, email: str, name: str, password: str, server: str = "", guessable: bool
) -> NewAccount:
    """Validate the fields of a registration.

    Args:
        email: The address.
        name: The name.
        password: The password.
        server: The server's host name, which no password may consist of.
        guessable: Whether the password is soon guessed; `PasswordHasher.is_guessable` finds out.

    Raises:
        Invalid: A field breaks a rule.
    """
    accepted = validate(
        {
            "email": lambda: normalize_email(email),
            "name": lambda: validate_name(name),
            "password": lambda: validate_password(
                password, name=name, email=email, server=server, guessable=guessable
            ),
        }
    )
    return NewAccount(**accepted)


def create_user(
    transaction: Transaction,
    account: NewAccount,
    password_hash: str,
    role: AccountRole | None = None,
    *,
    confirmed: bool = False,
) -> OwnUser:
    """Add a user.

    Args:
        transaction: The transaction.
        account: The validated fields.
        password_hash: The stored form of the password.
        role: By default the server's first user is its owner, and others are members.
        confirmed: Whether it is known that the address is theirs.

    Raises:
        Conflict: The address has an account already.
    """
    if role in (None, AccountRole.OWNER):
        store.lock_ownership(transaction)
    if store.find_user_id_by_email(transaction, account.email) is not None:
        raise email_taken()
    if role is None:
        role = AccountRole.OWNER if store.has_no_users(transaction) else AccountRole.MEMBER
    user = store.insert_user(
        transaction,
        email=account.email,
        name=account.name,
        password=password_hash,
        role=role,
        confirmed=confirmed,
    )
    if user is None:  # another server process was faster
        raise email_taken()
    transaction.announce(AccountCreated(user, account.email))
    if confirmed:
        transaction.announce(EmailConfirmed(user))
    return store.get_own_user(transaction, user)


class CreateUser(Command[OwnUser]):
    """Add a user; see `create_user`."""

    account: NewAccount
    password_hash: str
    role: AccountRole | None = None

    def run(self, transaction: Transaction) -> OwnUser:
        """Add them."""
        return create_user(transaction, self.account, self.password_hash, self.role)


def registration_key(email: str, key: str | None) -> Creation:
    """Return the idempotency key of a registration; it includes the address, since keys may clash."""
    return Creation("", "accounts", None if key is None else f"{key} {email}")


@dataclass(frozen=True, slots=True)
class Registration:
    """A registration.

    Attributes:
        account: The validated fields.
        password_hash: The stored form of the password.
        creation: Makes it idempotent.
        token: The token of the session; None for a random one.
        invite: The token of an invite, if there is one.
    """

    account: NewAccount
    password_hash: str = field(repr=False)
    creation: Creation
    token: str | None = field(repr=False)
    invite: str | None = field(default=None, repr=False)


class Waiting(msgspec.Struct, frozen=True):
    """The registration waits for an administrator; there is no user yet."""


Admit = Callable[[Transaction, NewAccount, str, str | None], str]
"""Adds a user, or a registration that waits, and returns its id."""

ADMIT: Provided[Admit] = Provided("who may register")

RequireAddress = Callable[[Snapshot, str], None]
"""Refuses an address that no account may have."""

REQUIRE_ADDRESS: Provided[RequireAddress] = Provided("which addresses accounts may have")


class Register(Command[tuple[OwnUser, str] | Waiting | None]):
    """Add a user and open a session, or have the registration wait.

    Returns:
        The user and the token. None for a repeat, which must prove the password first.

    Raises:
        Conflict: The address has an account already.
    """

    registration: Registration
    device: Device

    def run(self, transaction: Transaction) -> tuple[OwnUser, str] | Waiting | None:
        """Add them."""
        account, password_hash = self.registration.account, self.registration.password_hash
        made = once(
            transaction,
            self.registration.creation,
            ADMIT.of(transaction),
            account,
            password_hash,
            self.registration.invite,
        )
        if not made.new:
            return None
        user = store.find_own_user(transaction, made.id)
        if user is None:
            return Waiting()
        token = open_session(transaction, user.id, self.device, self.registration.token)
        if user.role == AccountRole.OWNER:
            audit.record(
                transaction, audit.Actor(user.id, self.device.address), "user.became_owner", user.id
            )
        return user, token


def email_taken() -> Conflict:
    """Return the refusal of an e-mail address that has an account."""
    sentence = "An account with this address already exists. Sign in instead."
    return Conflict(sentence, fields={"email": sentence})
