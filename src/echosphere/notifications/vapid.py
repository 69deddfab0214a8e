"""Identifies this server to push services with a key of its own (VAPID, RFC 8292)."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cached_property

from echosphere.core.bounded_cache import BoundedCache
from echosphere.core.clock import HOUR

TOKEN_LIFETIME = 12 * HOUR
"""Push services accept at most a day."""

RENEW_AFTER = TOKEN_LIFETIME // 2
MAX_CACHED = 100


class Vapid:
    """Makes the `Authorization` header for push services.

    Args:
        key: The private key: 32 bytes as base64url.
        contact: Where the push service can reach the operator: `mailto:…` or `https://…`.
    """

    def __init__(self, key: str, contact: str) -> None:
        self._key = from_base64url(key)
        self._contact = contact
        self._headers: BoundedCache[str, str] = BoundedCache(MAX_CACHED)  # by origin

    @cached_property
    def public_key(self) -> str:
        """The public key that browsers subscribe with, as base64url."""
        from echosphere.notifications.webpush import public_key_of  # noqa: PLC0415 - cryptography takes 8 MB; most servers need it late

        return to_base64url(public_key_of(self._key))

    def authorization(self, origin: str, now: int) -> str:
        """Return the `Authorization` header for a push service.

        Args:
            origin: Scheme and host of the push service.
            now: Milliseconds since 1970 UTC.
        """
        header = self._headers.get(origin, now)
        if header is None:
            header = self._sign(origin, now)
            self._headers.put(origin, header, now, RENEW_AFTER)
        return header

    def _sign(self, origin: str, now: int) -> str:
        from echosphere.notifications.webpush import sign  # noqa: PLC0415 - cryptography takes 8 MB; most servers need it late

        head = _encode_json({"typ": "JWT", "alg": "ES256"})
        claims = _encode_json(
            {"aud": origin, "exp": (now + TOKEN_LIFETIME) // 1000, "sub": self._contact}
        )
        token = f"{head}.{claims}"
        signature = to_base64url(sign(self._key, token.encode()))
        return f"vapid t={token}.{signature}, k={self.public_key}"


def to_base64url(data: bytes) -> str:
    """Encode as base64url without padding."""
    return urlsafe_b64encode(data).decode("ascii").rstrip("=")


def from_base64url(text: str) -> bytes:
    """Decode base64url, padded or not.

    Raises:
        ValueError: It is not base64url.
    """
    plain = text.rstrip("=").encode("ascii")
    return urlsafe_b64decode(plain + b"=" * (-len(plain) % 4))


def _encode_json(fields: dict[str, str | int]) -> str:
    return to_base64url(json.dumps(fields, separators=(",", ":")).encode())
