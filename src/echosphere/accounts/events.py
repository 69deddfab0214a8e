"""What happened to accounts and their sessions."""

from dataclasses import dataclass

from echosphere.accounts.wire import OwnUser


@dataclass(frozen=True, slots=True)
class AccountCreated:
    """Somebody registered; requests that waited for the address are theirs now."""

    user: str
    email: str


@dataclass(frozen=True, slots=True)
class ProfileChanged:
    """A name, description, picture or status is another one now."""

    user: str


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """A person set something for themselves."""

    user: str


@dataclass(frozen=True, slots=True)
class OwnAccountChanged:
    """A person's profile or settings are others now: their own devices follow."""

    account: OwnUser


@dataclass(frozen=True, slots=True)
class AccountClosed:
    """Somebody left for good."""

    user: str


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """Sessions of a person are over: their sockets close and their tokens are worth nothing."""

    user: str
    sessions: tuple[str, ...]
    reason: str = "elsewhere"  # `here`: on this device; `password`: it was changed
