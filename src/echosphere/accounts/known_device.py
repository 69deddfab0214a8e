"""Devices that signed in before: whoever guesses from elsewhere does not make their owners wait.

A device keeps a secret for each account that signed in there. It is good for one thing, a count of
its own for failed sign-ins, and worth nothing once the account has another password.
"""

import hmac
import re
from secrets import token_urlsafe

MAX_KEPT = 5
"""Accounts that one device remembers; the one that signed in longest ago is forgotten first."""

_ENTRY = re.compile(r"([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{22})\.([0-9a-f]{64})")
_BETWEEN = "~"


def remembered(secret: str, kept: str, user: str, password_hash: str) -> str:
    """Return what a device keeps from now on, after somebody signed in.

    Args:
        secret: The server's own.
        kept: What the device kept before.
        user: Who signed in.
        password_hash: The stored form of their password.
    """
    others = [entry for entry in kept.split(_BETWEEN) if not entry.startswith(f"{user}.")]
    others = [entry for entry in others if _ENTRY.fullmatch(entry)][: MAX_KEPT - 1]
    nonce = token_urlsafe(16)
    own = f"{user}.{nonce}.{_proof(secret, user, nonce, password_hash)}"
    return _BETWEEN.join([own, *others])


def recognised(secret: str, kept: str, user: str, password_hash: str) -> str | None:
    """Return the name of the device, if this account signed in there with this password."""
    for entry in kept.split(_BETWEEN)[:MAX_KEPT]:
        parts = _ENTRY.fullmatch(entry)
        if parts is not None and parts[1] == user:
            proof = _proof(secret, user, parts[2], password_hash)
            return parts[2] if hmac.compare_digest(parts[3], proof) else None
    return None


def _proof(secret: str, user: str, nonce: str, password_hash: str) -> str:
    text = "\0".join(("known device", user, nonce, password_hash)).encode()
    return hmac.digest(secret.encode(), text, "sha256").hex()
