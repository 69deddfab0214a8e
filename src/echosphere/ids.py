"""Random identifiers and secrets."""

import hashlib
import secrets


def new_id() -> str:
    """Return an opaque identifier: 20 hexadecimal characters, 80 random bits."""
    return secrets.token_hex(10)


def new_token() -> str:
    """Return a secret for one holder: 43 URL-safe characters, 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return the SHA-256 of a token in hexadecimal: the only form that is stored."""
    return hashlib.sha256(token.encode()).hexdigest()
