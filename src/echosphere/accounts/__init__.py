"""Accounts: who people are and how they prove it."""

from echosphere.accounts.account import BrokenRuleError, collect
from echosphere.accounts.addresses import LostAddress, change_address, lost_addresses
from echosphere.accounts.avatar import change_avatar
from echosphere.accounts.email import accepted_email, deliverable
from echosphere.accounts.entrance import Allowance, Entrance
from echosphere.accounts.events import (
    AccountClosed,
    AccountCreated,
    OwnAccountChanged,
    ProfileChanged,
    SessionEnded,
    SettingsChanged,
)
from echosphere.accounts.hashing import Passwords, hash_password
from echosphere.accounts.live import AccountsLive, tell_own_devices
from echosphere.accounts.operations import AccountsOperations
from echosphere.accounts.profile import Concerned, change_setting
from echosphere.accounts.recognise import Recognition
from echosphere.accounts.sessions import end_session, living_sessions
from echosphere.accounts.settings import PersonSettings, settings_of, settings_of_all, to_settings
from echosphere.accounts.sign_up import NewAccount, create_user, new_account
from echosphere.accounts.store import (
    find_id_by_email,
    find_own_user,
    find_user,
    get_own_user,
    hold_person,
    last_seen_of,
    list_users,
    move_sessions,
    names_by_id,
    note_last_seen,
    open_accounts_among,
    users_by_id,
)
from echosphere.accounts.web import AccountsApi, AccountsPages, SessionCookie
from echosphere.accounts.wire import OwnUser, OwnUserAnswer, User, face_of

__all__ = [
    "AccountClosed",
    "AccountCreated",
    "AccountsApi",
    "AccountsLive",
    "AccountsOperations",
    "AccountsPages",
    "Allowance",
    "BrokenRuleError",
    "Concerned",
    "Entrance",
    "LostAddress",
    "NewAccount",
    "OwnAccountChanged",
    "OwnUser",
    "OwnUserAnswer",
    "Passwords",
    "PersonSettings",
    "ProfileChanged",
    "Recognition",
    "SessionCookie",
    "SessionEnded",
    "SettingsChanged",
    "User",
    "accepted_email",
    "change_address",
    "change_avatar",
    "change_setting",
    "collect",
    "create_user",
    "deliverable",
    "end_session",
    "face_of",
    "find_id_by_email",
    "find_own_user",
    "find_user",
    "get_own_user",
    "hash_password",
    "hold_person",
    "last_seen_of",
    "list_users",
    "living_sessions",
    "lost_addresses",
    "move_sessions",
    "names_by_id",
    "new_account",
    "note_last_seen",
    "open_accounts_among",
    "settings_of",
    "settings_of_all",
    "tell_own_devices",
    "to_settings",
    "users_by_id",
]
