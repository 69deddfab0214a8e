"""What must be true of the claims of a token whose signature is right."""

import hmac
from collections.abc import Mapping
from typing import Any

import msgspec

from echosphere.core.clock import MINUTE, SECOND
from echosphere.openid_connect.errors import ProviderError

LEEWAY = MINUTE
"""How far the clocks of provider and server may differ, in milliseconds."""

LOGOUT_AGE = 10 * MINUTE
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
MAX_IDENTIFIER = 255

Claims = Mapping[str, Any]


class Expected(msgspec.Struct, frozen=True):
    """What a token must say.

    Attributes:
        issuer: Who issued it.
        client_id: Whom it is for.
        now: Milliseconds since 1970 UTC.
    """

    issuer: str
    client_id: str
    now: int


def check_id_token(claims: Claims, expected: Expected, nonce: str) -> None:
    """Check the claims of an ID token (OpenID Connect Core, 3.1.3.7).

    Raises:
        ProviderError: One of them is missing or wrong.
    """
    _check_origin(claims, expected)
    if _time(claims, "exp") <= expected.now - LEEWAY:
        raise ProviderError("the token has expired")
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise ProviderError("the token does not answer this request: its nonce differs")
    if subject_of(claims) is None:
        raise ProviderError("the token has no subject")


def check_logout_token(claims: Claims, expected: Expected) -> None:
    """Check the claims of a logout token (OpenID Connect Back-Channel Logout, 2.6).

    Raises:
        ProviderError: One of them is missing or wrong.
    """
    _check_origin(claims, expected)
    if "exp" in claims and _time(claims, "exp") <= expected.now - LEEWAY:
        raise ProviderError("the token has expired")
    if _time(claims, "iat") < expected.now - LOGOUT_AGE:
        raise ProviderError("the token is too old")
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise ProviderError("the token is not about signing out")
    if "nonce" in claims:
        raise ProviderError("the token has a nonce: it is an ID token")
    if not isinstance(claims.get("jti"), str) or not claims["jti"]:
        raise ProviderError("the token has no identifier")
    if subject_of(claims) is None and session_id(claims) is None:
        raise ProviderError("the token names neither a person nor a session")


def authenticated_at(claims: Claims) -> int | None:
    """Return when the person last proved at the provider who they are, in milliseconds, or None."""
    return _time(claims, "auth_time") if "auth_time" in claims else None


def session_id(claims: Claims) -> str | None:
    """Return the provider's session, or None."""
    return _identifier(claims, "sid")


def _check_origin(claims: Claims, expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise ProviderError("the token is from another issuer")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if expected.client_id not in audiences:
        raise ProviderError("the token is for a different audience")
    party = claims.get("azp")
    if party != expected.client_id and (party is not None or len(audiences) > 1):
        raise ProviderError("the token was issued to a different party")
    begun = max(_time(claims, name) for name in ("iat", "nbf") if name in claims or name == "iat")
    if begun > expected.now + LEEWAY:
        raise ProviderError("the token is from the future: check the clocks")


def subject_of(claims: Claims) -> str | None:
    """Return the provider's id of a person, or None."""
    return _identifier(claims, "sub")


def _identifier(claims: Claims, name: str) -> str | None:
    """Return an identifier of 255 characters of ASCII at most (Core, 2), which can be stored."""
    given = claims.get(name)
    if not isinstance(given, str) or not 0 < len(given) <= MAX_IDENTIFIER:
        return None
    return given if given.isascii() and given.isprintable() else None


def _time(claims: Claims, name: str) -> int:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e12:
        raise ProviderError(f"the token's {name} is not a time")
    return int(value * SECOND)
