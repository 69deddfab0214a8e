"""The cookie of known devices, so that guesses from elsewhere do not lock out an account's owner.

It holds a secret for each account that signed in on the device. The secret only gives the device its
own count of failed sign-ins, and is invalid once the password changes.
"""

import hmac
import re
from secrets import token_urlsafe

MAX_ACCOUNTS = 5
"""Accounts in one cookie; the one that signed in longest ago is dropped first."""

_ENTRY = re.compile(r"([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{22})\.([0-9a-f]{64})")
_SEPARATOR = "~"


def add_known_device(secret: str, cookie: str, user_id: str, password_hash: str) -> str:
    """Return the cookie with an entry for an account that signed in.

    Args:
        secret: The server's secret key.
        cookie: The value before, or "".
        user_id: The user who signed in.
        password_hash: The stored form of their password.
    """
    others = [entry for entry in cookie.split(_SEPARATOR) if not entry.startswith(f"{user_id}.")]
    others = [entry for entry in others if _ENTRY.fullmatch(entry)][: MAX_ACCOUNTS - 1]
    nonce = token_urlsafe(16)
    own = f"{user_id}.{nonce}.{_proof(secret, user_id, nonce, password_hash)}"
    return _SEPARATOR.join([own, *others])


def find_known_device(secret: str, cookie: str, user_id: str, password_hash: str) -> str | None:
    """Return the device's id if this account signed in there with its current password."""
    for entry in cookie.split(_SEPARATOR)[:MAX_ACCOUNTS]:
        parts = _ENTRY.fullmatch(entry)
        if parts is not None and parts[1] == user_id:
            proof = _proof(secret, user_id, parts[2], password_hash)
            return parts[2] if hmac.compare_digest(parts[3], proof) else None
    return None


def _proof(secret: str, user_id: str, nonce: str, password_hash: str) -> str:
    text = "\0".join(("known device", user_id, nonce, password_hash)).encode()
    return hmac.digest(secret.encode(), text, "sha256").hex()
