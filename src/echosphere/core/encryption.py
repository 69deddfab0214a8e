"""Encrypts secrets at rest with a key that is derived from the instance's secret.

A copy of the database alone then gives none of them. Each text is bound to the row it belongs to, so
that no one who can write to the database can give someone else their own secret.
"""

import base64
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class SealedWithAnotherKeyError(Exception):
    """Neither the secret nor the previous one opens a text."""


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals with AES-256-GCM (NIST SP 800-38D) and a key by HKDF (RFC 5869).

    Attributes:
        purpose: Keeps the keys of features apart.
        secret: The instance's secret.
        previous: The secret before it was changed, which still opens; "" for none.
    """

    purpose: bytes
    secret: str = field(repr=False)
    previous: str = field(default="", repr=False)

    def seal(self, bound_to: str, plain: str) -> str:
        """Return a text that only `open` reads, for the same id."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._cipher(self.secret).encrypt(nonce, plain.encode(), bound_to.encode())
        return base64.urlsafe_b64encode(nonce + sealed).decode()

    def open(self, bound_to: str, sealed: str) -> tuple[str, bool]:
        """Return the plain text, and whether it should be sealed again with the current secret.

        Raises:
            SealedWithAnotherKeyError: No known secret opens it.
        """
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - cryptography takes 8 MB

        raw = base64.urlsafe_b64decode(sealed)
        for secret in filter(None, (self.secret, self.previous)):
            try:
                plain = self._cipher(secret).decrypt(
                    raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound_to.encode()
                )
            except InvalidTag:
                continue
            return plain.decode(), secret != self.secret
        raise SealedWithAnotherKeyError

    def _cipher(self, secret: str) -> "AESGCM":
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - as above
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415 - as above
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415 - as above

        key = HKDF(SHA256(), 32, salt=None, info=self.purpose).derive(secret.encode())
        return AESGCM(key)
