"""User accounts: profiles, settings, passwords and sessions."""

from echosphere.accounts.account import InvalidValueError, validate
from echosphere.accounts.actor import OPERATOR, actor_of, is_operator, proven_actor
from echosphere.accounts.authentication import Authentication, SignedIn
from echosphere.accounts.avatar import change_avatar
from echosphere.accounts.change_role import (
    change_role,
    require_another_owner,
    set_account_role,
)
from echosphere.accounts.credentials import (
    accept_proof,
    credentials_digest,
    replace_password,
    retire_password,
)
from echosphere.accounts.email import ascii_email, normalize_email
from echosphere.accounts.email_addresses import UnnormalizedEmail, change_email, unnormalized_emails
from echosphere.accounts.events import (
    AccountClosed,
    AccountClosing,
    AccountCreated,
    OwnAccountChanged,
    PendingSignInFinished,
    ProfileChanged,
    SecurityEvent,
    SecurityEventKind,
    SessionEnded,
    SettingsChanged,
)
from echosphere.accounts.fresh_proof import finish_proof, require_fresh_proof
from echosphere.accounts.hashing import PasswordHasher, hash_password
from echosphere.accounts.live import announce_own_account
from echosphere.accounts.name import validate_name
from echosphere.accounts.no_password import is_usable_password, unusable_password
from echosphere.accounts.opening import open_session
from echosphere.accounts.operations import AccountsOperations
from echosphere.accounts.password import validate_password
from echosphere.accounts.permissions import Action, may, permission, require_permission
from echosphere.accounts.profile import change_setting
from echosphere.accounts.register import (
    ADMIT,
    REQUIRE_ADDRESS,
    CreateUser,
    NewAccount,
    create_user,
    email_taken,
    new_account,
)
from echosphere.accounts.registration_policy import InviteAllowance
from echosphere.accounts.roles import AccountRole
from echosphere.accounts.session import Device
from echosphere.accounts.session_cache import SessionCache, asks_for_factor
from echosphere.accounts.sessions import active_sessions, end_session, end_sessions
from echosphere.accounts.settings import UserSettings, parse_settings, settings_of, settings_of_all
from echosphere.accounts.sign_in import (
    FIND_KNOWN_DEVICE,
    FIND_WAITING,
    HOLD_SIGN_IN,
    Attempt,
    PendingSignIn,
    announce_new_device,
    clear_failures,
)
from echosphere.accounts.store import (
    Account,
    SaveLastSeen,
    StoredPassword,
    confirm_email,
    filter_open_accounts,
    find_account,
    find_active_user,
    find_own_user,
    find_password,
    find_session,
    find_user,
    find_user_id_by_email,
    get_own_user,
    has_active_owner,
    has_confirmed_email,
    has_no_users,
    last_seen_of,
    list_users,
    lock_owners,
    lock_ownership,
    lock_user,
    names_by_id,
    needs_second_factor,
    save_proof,
    search_accounts,
    set_second_factor,
    shift_sessions,
    users_by_id,
)
from echosphere.accounts.suspension import FOREVER, lift_suspension, suspend
from echosphere.accounts.web import (
    AccountsApi,
    AccountsPages,
    SessionCookie,
    ask_for_code,
    invite_in,
)
from echosphere.accounts.wire import (
    OwnUser,
    OwnUserAnswer,
    SignedInAnswer,
    User,
    limited_profile,
)
from echosphere.accounts.wiring import install

__all__ = [
    "ADMIT",
    "FIND_KNOWN_DEVICE",
    "FIND_WAITING",
    "FOREVER",
    "HOLD_SIGN_IN",
    "OPERATOR",
    "REQUIRE_ADDRESS",
    "Account",
    "AccountClosed",
    "AccountClosing",
    "AccountCreated",
    "AccountRole",
    "AccountsApi",
    "AccountsOperations",
    "AccountsPages",
    "Action",
    "Attempt",
    "Authentication",
    "CreateUser",
    "Device",
    "InvalidValueError",
    "InviteAllowance",
    "NewAccount",
    "OwnAccountChanged",
    "OwnUser",
    "OwnUserAnswer",
    "PasswordHasher",
    "PendingSignIn",
    "PendingSignInFinished",
    "ProfileChanged",
    "SaveLastSeen",
    "SecurityEvent",
    "SecurityEventKind",
    "SessionCache",
    "SessionCookie",
    "SessionEnded",
    "SettingsChanged",
    "SignedIn",
    "SignedInAnswer",
    "StoredPassword",
    "UnnormalizedEmail",
    "User",
    "UserSettings",
    "accept_proof",
    "active_sessions",
    "actor_of",
    "announce_new_device",
    "announce_own_account",
    "ascii_email",
    "ask_for_code",
    "asks_for_factor",
    "change_avatar",
    "change_email",
    "change_role",
    "change_setting",
    "clear_failures",
    "confirm_email",
    "create_user",
    "credentials_digest",
    "email_taken",
    "end_session",
    "end_sessions",
    "filter_open_accounts",
    "find_account",
    "find_active_user",
    "find_own_user",
    "find_password",
    "find_session",
    "find_user",
    "find_user_id_by_email",
    "finish_proof",
    "get_own_user",
    "has_active_owner",
    "has_confirmed_email",
    "has_no_users",
    "hash_password",
    "install",
    "invite_in",
    "is_operator",
    "is_usable_password",
    "last_seen_of",
    "lift_suspension",
    "limited_profile",
    "list_users",
    "lock_owners",
    "lock_ownership",
    "lock_user",
    "may",
    "names_by_id",
    "needs_second_factor",
    "new_account",
    "normalize_email",
    "open_session",
    "parse_settings",
    "permission",
    "proven_actor",
    "replace_password",
    "require_another_owner",
    "require_fresh_proof",
    "require_permission",
    "retire_password",
    "save_proof",
    "search_accounts",
    "set_account_role",
    "set_second_factor",
    "settings_of",
    "settings_of_all",
    "shift_sessions",
    "suspend",
    "unnormalized_emails",
    "unusable_password",
    "users_by_id",
    "validate",
    "validate_name",
    "validate_password",
]
