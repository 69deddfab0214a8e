"""What happened to accounts and their sessions."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AccountCreated:
    """Somebody registered; requests that waited for the address are theirs now."""

    user: str
    email: str


@dataclass(frozen=True, slots=True)
class ProfileChanged:
    """A name, description or picture is another one now."""

    user: str


@dataclass(frozen=True, slots=True)
class AccountClosed:
    """Somebody left for good."""

    user: str


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """Sessions of a person are over: their sockets close and their tokens are worth nothing."""

    user: str
    sessions: tuple[str, ...]
