"""Encodes where a search continues, without revealing how many messages the server holds."""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from echosphere.core.errors import Invalid

NONCE, NUMBER, SIGNATURE = 6, 8, 4
"""Bytes of the parts of a cursor."""


class CursorCodec:
    """Encrypts and signs row ids as cursors.

    Args:
        secret: The server's secret key.
    """

    def __init__(self, secret: str) -> None:
        self._key = hmac.digest(secret.encode(), b"search cursors", "sha256")

    def encode(self, number: int) -> str:
        """Return the cursor of a row id."""
        nonce = secrets.token_bytes(NONCE)
        hidden = (number ^ self._mask(nonce)).to_bytes(NUMBER, "big")
        return urlsafe_b64encode(nonce + hidden + self._signature(nonce + hidden)).decode()

    def decode(self, cursor: str) -> int:
        """Return the row id of a cursor.

        Raises:
            Invalid: The signature is wrong.
        """
        try:
            content = urlsafe_b64decode(cursor.encode())
        except ValueError:
            raise _invalid_cursor() from None
        body, proof = content[: NONCE + NUMBER], content[NONCE + NUMBER :]
        if not hmac.compare_digest(proof, self._signature(body)):
            raise _invalid_cursor()
        return int.from_bytes(body[NONCE:], "big") ^ self._mask(body[:NONCE])

    def _mask(self, nonce: bytes) -> int:
        return int.from_bytes(hmac.digest(self._key, b"mask" + nonce, "sha256")[:NUMBER], "big")

    def _signature(self, body: bytes) -> bytes:
        return hmac.digest(self._key, b"proof" + body, "sha256")[:SIGNATURE]


def _invalid_cursor() -> Invalid:
    problem = "did not come from a search; search again without it"
    return Invalid(f"The cursor {problem}.", fields={"cursor": problem})
