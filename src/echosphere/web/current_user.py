"""The credentials of a request: the session cookie or a bearer token."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from echosphere.core.caller import Caller

SESSION_COOKIE = "echosphere_session"

Authenticate = Callable[[str], Awaitable[Caller | None]]
"""Returns the caller of a session token, or None if it is unknown, expired or revoked."""


def session_cookie_name(*, secure: bool) -> str:
    """Return the cookie's name; `__Host-` makes browsers refuse it from other hosts and paths."""
    return f"__Host-{SESSION_COOKIE}" if secure else SESSION_COOKIE


class Headers(Protocol):
    """The headers of a request over HTTP or a socket; `get` takes lower-case names."""

    def get(self, key: str, default: str) -> str:
        """Return a header's value."""


def bearer_token(headers: Headers) -> str | None:
    """Return the token of an `Authorization: Bearer` header, or None."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None
