"""What happened to accounts and their sessions."""

from dataclasses import dataclass
from typing import Literal

from echosphere.accounts.wire import OwnUser


@dataclass(frozen=True, slots=True)
class AccountCreated:
    """A user registered; contact requests to the address become theirs."""

    user_id: str
    email: str


@dataclass(frozen=True, slots=True)
class ProfileChanged:
    """A name, description, avatar or status changed."""

    user_id: str


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """A user changed their settings."""

    user_id: str


@dataclass(frozen=True, slots=True)
class OwnAccountChanged:
    """A user's profile or settings changed: their devices are updated."""

    account: OwnUser


@dataclass(frozen=True, slots=True)
class AccountClosing:
    """A user is closing their account; its e-mail address is still known."""

    user_id: str


@dataclass(frozen=True, slots=True)
class AccountClosed:
    """A user closed their account."""

    user_id: str


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """Sessions of a user ended: their sockets close and their tokens are invalid."""

    user_id: str
    session_ids: tuple[str, ...]
    reason: str = "elsewhere"
    """Or `here` (signed out on the device itself), `password`, `email` or `role` (changed), `provider`."""


@dataclass(frozen=True, slots=True)
class PendingSignInFinished:
    """A sign-in got its second factor, and a session was opened."""

    token_hash: str
    """Of the token with which it went on."""
    session_id: str
    user_id: str


SecurityEventKind = Literal[
    "new_device",
    "password_changed",
    "password_reset",
    "email_changed",
    "reset_link",
    "factor_added",
    "factor_removed",
    "passkey_added",
    "passkey_removed",
    "passkey_copied",
    "recovery_codes",
    "role_changed",
    "provider_linked",
    "provider_unlinked",
]


@dataclass(frozen=True, slots=True)
class SecurityEvent:
    """Something happened to the security of an account; its owner is told in the app and by mail.

    Attributes:
        user_id: The owner.
        kind: What happened.
        device: The device on which it happened, if that is told.
        address: Its network address.
        actor_id: The administrator who did it, if it was not the owner.
        email: Where the mail goes, if not to the owner's address of now.
    """

    user_id: str
    kind: SecurityEventKind
    device: str = ""
    address: str = ""
    actor_id: str | None = None
    email: str | None = None
