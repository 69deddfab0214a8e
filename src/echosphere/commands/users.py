"""`echosphere user`: creates, lists and changes accounts."""

import asyncio
import sys
from getpass import getpass

from echosphere import audit
from echosphere.accounts import (
    NewAccount,
    OwnUser,
    change_email,
    create_user,
    hash_password,
    list_users,
    new_account,
    normalize_email,
)
from echosphere.commands.open_database import open_database
from echosphere.database import Transaction
from echosphere.recovery import issue_reset_link, reset_url
from echosphere.second_factor import reset_second_factor
from echosphere.settings import Settings


def create(settings: Settings, email: str, name: str) -> int:
    """Create an account; the password is prompted for, or read from standard input."""
    password = getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    account = new_account(email=email, name=name, password=password)
    hashed = hash_password(settings.password_method, account.password)

    async def run() -> OwnUser:
        async with open_database(settings, shared=True) as database:
            return await database.write(_create, account, hashed)

    user = asyncio.run(run())
    print(f"Created {user.name} <{user.email}>, {user.role}.")
    return 0


def show(settings: Settings) -> int:
    """List all accounts."""

    async def run() -> list[OwnUser]:
        async with open_database(settings, shared=True) as database:
            return list(await database.read(list_users))

    for user in asyncio.run(run()):
        print(f"{user.id}  {user.role:<13}  {user.email}  {user.name}")
    return 0


def change(settings: Settings, user: str, email: str) -> int:
    """Change the e-mail address of an account."""

    async def run() -> OwnUser:
        async with open_database(settings, shared=True) as database:
            return await database.write(_change, user, email)

    changed = asyncio.run(run())
    print(f"{changed.name} signs in with {changed.email} from now on.")
    return 0


def reset(settings: Settings, email: str) -> int:
    """Print a link with which the owner of an account sets a new password."""

    async def run() -> tuple[OwnUser, str]:
        async with open_database(settings, shared=True) as database:
            return await database.write(_reset, email)

    user, token = asyncio.run(run())
    print(f"With this link {user.name} sets a new password, once and within an hour:")
    print(reset_url(settings.base_url, token))
    return 0


def reset_factor(settings: Settings, email: str) -> int:
    """Remove the second factor of an account whose owner lost phone and recovery codes."""

    async def run() -> str:
        async with open_database(settings, shared=True) as database:
            return await database.write(_reset_factor, normalize_email(email))

    asyncio.run(run())
    print("The password alone signs in from now on. All devices are signed out.")
    return 0


def _create(transaction: Transaction, account: NewAccount, hashed: str) -> OwnUser:
    user = create_user(transaction, account, hashed)
    audit.record(transaction, audit.COMMAND_LINE, "user.created", user.id, role=user.role)
    return user


def _change(transaction: Transaction, user_id: str, email: str) -> OwnUser:
    user = change_email(transaction, user_id, email)
    audit.record(transaction, audit.COMMAND_LINE, "user.email_changed", user.id)
    return user


def _reset(transaction: Transaction, email: str) -> tuple[OwnUser, str]:
    user, token = issue_reset_link(transaction, email)
    audit.record(transaction, audit.COMMAND_LINE, "user.reset_link", user.id)
    return user, token


def _reset_factor(transaction: Transaction, email: str) -> str:
    user_id = reset_second_factor(transaction, email)
    audit.record(transaction, audit.COMMAND_LINE, "user.second_factor_removed", user_id)
    return user_id
