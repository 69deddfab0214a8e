"""What happened to accounts and their sessions."""

from typing import Literal

import msgspec

from echosphere.accounts.wire import OwnUser


class AccountCreated(msgspec.Struct, frozen=True):
    """A user registered; contact requests to the address become theirs."""

    user_id: str
    email: str


class EmailConfirmed(msgspec.Struct, frozen=True):
    """It is known by now that the address of an account is its owner's."""

    user_id: str


class ProfileChanged(msgspec.Struct, frozen=True):
    """A name, description, avatar or status changed."""

    user_id: str


class SettingsChanged(msgspec.Struct, frozen=True):
    """A user changed their settings."""

    user_id: str


class OwnAccountChanged(msgspec.Struct, frozen=True):
    """A user's profile or settings changed: their devices are updated."""

    account: OwnUser


class AccountClosing(msgspec.Struct, frozen=True):
    """A user is closing their account; its e-mail address is still known."""

    user_id: str


class AccountClosed(msgspec.Struct, frozen=True):
    """A user closed their account."""

    user_id: str
    delete_messages: bool = False
    """Whether what they said is to be deleted, too."""


class SessionEnded(msgspec.Struct, frozen=True):
    """Sessions of a user ended: their sockets close and their tokens are invalid."""

    user_id: str
    session_ids: tuple[str, ...]
    reason: str = "elsewhere"
    """Or `here` (signed out on the device itself), `password`, `email` or `role` (changed), `provider`."""


class SignedOutEverywhere(msgspec.Struct, frozen=True):
    """An administrator signed a user out: whatever acts for them is to stop, not only sessions."""

    user_id: str


class PendingSignInFinished(msgspec.Struct, frozen=True):
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
    "ways_in_removed",
    "passkey_added",
    "passkey_removed",
    "passkey_copied",
    "recovery_codes",
    "role_changed",
    "provider_linked",
    "provider_unlinked",
    "key_created",
    "endpoint_created",
    "endpoint_changed",
    "export_requested",
    "export_ready",
]


class SecurityEvent(msgspec.Struct, frozen=True):
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
