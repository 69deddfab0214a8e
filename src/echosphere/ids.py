"""Random identifiers and secrets."""

import base64
import hashlib
import hmac
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


def repeatable_token(secret: str, purpose: str, subject: str, key: str) -> str:
    """Return a token that a repeat of the same call gets again, although no token is stored.

    Args:
        secret: The server's own; without it nobody can make the token.
        purpose: What it is for.
        subject: The id of what it leads to, so that no two of them share one.
        key: The caller's name for the call; of it only a hash is stored.
    """
    text = "\0".join((purpose, subject, key)).encode()
    digest = hmac.digest(secret.encode(), text, "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
