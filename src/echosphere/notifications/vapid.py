"""Tells push services who sends: this instance, by a key of its own (RFC 8292)."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cached_property

from echosphere.core.clock import HOUR
from echosphere.notifications.sealing import sealing

VALID = 12 * HOUR
"""A day is the most that push services accept."""

RENEWED = VALID // 2
MAX_KEPT = 100


class Vapid:
    """Signs for push services.

    Args:
        key: The private key: 32 bytes as base64url.
        contact: Whom a push service may write to: `mailto:…` or `https://…`.
    """

    def __init__(self, key: str, contact: str) -> None:
        self._key = from_base64url(key)
        self._contact = contact
        self._kept: dict[str, tuple[str, int]] = {}  # by origin: the header and when it was made

    @cached_property
    def public_key(self) -> str:
        """What browsers subscribe with: the public key as base64url."""
        return to_base64url(sealing().public_point(self._key))

    def header(self, origin: str, now: int) -> str:
        """Return the `Authorization` header for a push service.

        Args:
            origin: Scheme and host of the push service.
            now: Milliseconds since 1970 UTC.
        """
        kept = self._kept.get(origin)
        if kept is None or not 0 <= now - kept[1] < RENEWED:
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            kept = self._kept[origin] = (self._signed(origin, now), now)
        return kept[0]

    def _signed(self, origin: str, now: int) -> str:
        head = _part({"typ": "JWT", "alg": "ES256"})
        claims = _part({"aud": origin, "exp": (now + VALID) // 1000, "sub": self._contact})
        said = f"{head}.{claims}"
        signature = to_base64url(sealing().sign(self._key, said.encode()))
        return f"vapid t={said}.{signature}, k={self.public_key}"


def to_base64url(given: bytes) -> str:
    """Return bytes as base64url without padding."""
    return urlsafe_b64encode(given).decode("ascii").rstrip("=")


def from_base64url(given: str) -> bytes:
    """Return the bytes of base64url, padded or not.

    Raises:
        ValueError: It is something else.
    """
    plain = given.rstrip("=").encode("ascii")
    return urlsafe_b64decode(plain + b"=" * (-len(plain) % 4))


def _part(fields: dict[str, str | int]) -> str:
    return to_base64url(json.dumps(fields, separators=(",", ":")).encode())
