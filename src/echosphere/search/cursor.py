"""Says where a search goes on, without telling how many messages the server holds."""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from echosphere.core.errors import Invalid

NONCE, NUMBER, PROOF = 6, 8, 4
"""Bytes of the parts of a cursor."""


class Cursors:
    """Turns the number of a row into text that only this server can read, and back.

    Args:
        secret: The server's secret; the same in all its processes.
    """

    def __init__(self, secret: str) -> None:
        self._key = hmac.digest(secret.encode(), b"search cursors", "sha256")

    def seal(self, number: int) -> str:
        """Return a cursor."""
        nonce = secrets.token_bytes(NONCE)
        hidden = (number ^ self._mask(nonce)).to_bytes(NUMBER, "big")
        return urlsafe_b64encode(nonce + hidden + self._proof(nonce + hidden)).decode()

    def open(self, cursor: str) -> int:
        """Return the number that was sealed.

        Raises:
            Invalid: This server did not make it.
        """
        try:
            content = urlsafe_b64decode(cursor.encode())
        except ValueError:
            raise _unknown() from None
        body, proof = content[: NONCE + NUMBER], content[NONCE + NUMBER :]
        if not hmac.compare_digest(proof, self._proof(body)):
            raise _unknown()
        return int.from_bytes(body[NONCE:], "big") ^ self._mask(body[:NONCE])

    def _mask(self, nonce: bytes) -> int:
        return int.from_bytes(hmac.digest(self._key, b"mask" + nonce, "sha256")[:NUMBER], "big")

    def _proof(self, body: bytes) -> bytes:
        return hmac.digest(self._key, b"proof" + body, "sha256")[:PROOF]


def _unknown() -> Invalid:
    problem = "did not come from a search; search again without it"
    return Invalid(f"The cursor {problem}.", fields={"cursor": problem})
