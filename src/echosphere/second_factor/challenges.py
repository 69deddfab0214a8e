"""Challenges that passkeys sign: each for one purpose and one session or sign-in, once and soon.

A challenge proves by itself that it is ours, so whoever looks at the sign-in page writes nothing to
the database. Those that were used are stored until they expire.
"""

import base64
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from echosphere.core.clock import MINUTE
from echosphere.core.ids import token_hash

LIFETIME = 10 * MINUTE
RANDOM_BYTES = 32
TIME_BYTES = 8
MAC_BYTES = 32

Purpose = Literal["register", "sign-in", "factor", "proof"]


class ChallengeUse(msgspec.Struct, frozen=True):
    """A challenge that is ours and has not expired, to be used up in a transaction."""

    hashed: str
    purpose: Purpose
    subject: str
    expires_at: int


@dataclass(frozen=True, slots=True)
class Challenges:
    """Makes challenges and recognises them.

    Args:
        secret: The instance's secret.
    """

    secret: str = field(repr=False)

    def issue(self, purpose: Purpose, subject: str, now: int) -> str:
        """Return a challenge in base64url.

        Args:
            purpose: What it is for.
            subject: The session, the sign-in under way or the browser that it is for.
            now: The time in milliseconds.
        """
        until = (now + LIFETIME).to_bytes(TIME_BYTES)
        head = secrets.token_bytes(RANDOM_BYTES) + until
        return encode_bytes(head + self._proof(purpose, subject, head))

    def recognize(
        self, challenge: str, purpose: Purpose, subject: str, now: int
    ) -> ChallengeUse | None:
        """Return a challenge that was issued for this and has not expired, or None."""
        raw = decode_bytes(challenge)
        if len(raw) != RANDOM_BYTES + TIME_BYTES + MAC_BYTES:
            return None
        head, proof = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
        until = int.from_bytes(head[RANDOM_BYTES:])
        ours = hmac.compare_digest(proof, self._proof(purpose, subject, head))
        if not ours or not 0 < until - now <= LIFETIME:
            return None
        return ChallengeUse(token_hash(encode_bytes(raw)), purpose, subject, until)

    def _proof(self, purpose: Purpose, subject: str, head: bytes) -> bytes:
        text = b"\0".join((b"passkey challenge", purpose.encode(), subject.encode(), head))
        return hmac.digest(self.secret.encode(), text, "sha256")


def encode_bytes(raw: bytes) -> str:
    """Return bytes in base64url without padding, as WebAuthn has them in JSON."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_bytes(text: str) -> bytes:
    """Return the bytes of a text in base64url; none if it is not such a text."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""
