"""User accounts: profiles, settings, passwords and sessions."""

from echosphere.accounts.account import InvalidValueError, validate
from echosphere.accounts.authentication import Authentication, InviteAllowance
from echosphere.accounts.avatar import change_avatar
from echosphere.accounts.credentials import credentials_digest, replace_password
from echosphere.accounts.email import ascii_email, normalize_email
from echosphere.accounts.email_addresses import UnnormalizedEmail, change_email, unnormalized_emails
from echosphere.accounts.events import (
    AccountClosed,
    AccountClosing,
    AccountCreated,
    OwnAccountChanged,
    ProfileChanged,
    SessionEnded,
    SettingsChanged,
)
from echosphere.accounts.fresh_proof import require_fresh_proof
from echosphere.accounts.hashing import PasswordHasher, hash_password
from echosphere.accounts.live import announce_own_account
from echosphere.accounts.operations import AccountsOperations
from echosphere.accounts.password import validate_password
from echosphere.accounts.profile import change_setting
from echosphere.accounts.register import NewAccount, create_user, new_account
from echosphere.accounts.session_cache import SessionCache
from echosphere.accounts.sessions import active_sessions, end_session
from echosphere.accounts.settings import UserSettings, parse_settings, settings_of, settings_of_all
from echosphere.accounts.store import (
    filter_open_accounts,
    find_own_user,
    find_user,
    find_user_id_by_email,
    get_own_user,
    last_seen_of,
    list_users,
    lock_user,
    names_by_id,
    save_last_seen,
    shift_sessions,
    users_by_id,
)
from echosphere.accounts.web import AccountsApi, AccountsPages, SessionCookie
from echosphere.accounts.wire import OwnUser, OwnUserAnswer, User, limited_profile
from echosphere.accounts.wiring import install

__all__ = [
    "AccountClosed",
    "AccountClosing",
    "AccountCreated",
    "AccountsApi",
    "AccountsOperations",
    "AccountsPages",
    "Authentication",
    "InvalidValueError",
    "InviteAllowance",
    "NewAccount",
    "OwnAccountChanged",
    "OwnUser",
    "OwnUserAnswer",
    "PasswordHasher",
    "ProfileChanged",
    "SessionCache",
    "SessionCookie",
    "SessionEnded",
    "SettingsChanged",
    "UnnormalizedEmail",
    "User",
    "UserSettings",
    "active_sessions",
    "announce_own_account",
    "ascii_email",
    "change_avatar",
    "change_email",
    "change_setting",
    "create_user",
    "credentials_digest",
    "end_session",
    "filter_open_accounts",
    "find_own_user",
    "find_user",
    "find_user_id_by_email",
    "get_own_user",
    "hash_password",
    "install",
    "last_seen_of",
    "limited_profile",
    "list_users",
    "lock_user",
    "names_by_id",
    "new_account",
    "normalize_email",
    "parse_settings",
    "replace_password",
    "require_fresh_proof",
    "save_last_seen",
    "settings_of",
    "settings_of_all",
    "shift_sessions",
    "unnormalized_emails",
    "users_by_id",
    "validate",
    "validate_password",
]
