"""What happened to accounts and their sessions."""

from dataclasses import dataclass

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
    reason: str = (
        "elsewhere"  # or `here` (signed out on the device itself), `password` or `role` (changed)
    )
