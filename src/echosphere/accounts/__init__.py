"""Accounts: who people are and how they prove it."""

from echosphere.accounts.account import BrokenRuleError, accepted_email, collect
from echosphere.accounts.entrance import Entrance, address_key
from echosphere.accounts.events import AccountClosed, AccountCreated, ProfileChanged, SessionEnded
from echosphere.accounts.hashing import Passwords, hash_password
from echosphere.accounts.profile import Concerned
from echosphere.accounts.recognise import Recognition
from echosphere.accounts.sessions import end_session, living_sessions
from echosphere.accounts.sign_up import NewAccount, create_user, new_account
from echosphere.accounts.store import (
    find_id_by_email,
    find_user,
    get_own_user,
    list_users,
    users_by_id,
)
from echosphere.accounts.web import AccountsApi, AccountsPages, SessionCookie
from echosphere.accounts.wire import OwnUser, User

__all__ = [
    "AccountClosed",
    "AccountCreated",
    "AccountsApi",
    "AccountsPages",
    "BrokenRuleError",
    "Concerned",
    "Entrance",
    "NewAccount",
    "OwnUser",
    "Passwords",
    "ProfileChanged",
    "Recognition",
    "SessionCookie",
    "SessionEnded",
    "User",
    "accepted_email",
    "address_key",
    "collect",
    "create_user",
    "end_session",
    "find_id_by_email",
    "find_user",
    "get_own_user",
    "hash_password",
    "list_users",
    "living_sessions",
    "new_account",
    "users_by_id",
]
