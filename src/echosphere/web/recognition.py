"""Recognises who makes a request, by the session cookie or a bearer token."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from echosphere.core.caller import Caller

SESSION_COOKIE = "echosphere_session"

Recognise = Callable[[str], Awaitable[Caller | None]]
"""Returns who holds this secret token, or None when it is unknown, expired or revoked."""


def session_cookie_name(*, secure: bool) -> str:
    """Return the cookie's name; `__Host-` makes browsers refuse it from other hosts and paths."""
    return f"__Host-{SESSION_COOKIE}" if secure else SESSION_COOKIE


class Headers(Protocol):
    """Headers of a request, however it came; names in any case or all lower."""

    def get(self, key: str, default: str) -> str:
        """Return a header's value."""


def bearer_token(headers: Headers) -> str | None:
    """Return the token of an `Authorization: Bearer` header, or None."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None
