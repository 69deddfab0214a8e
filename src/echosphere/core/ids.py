"""Random identifiers and secrets."""

import base64
import hashlib
import hmac
import secrets


def new_id() -> str:
    """Return an opaque identifier: 20 hexadecimal characters, 80 random bits."""
    return secrets.token_hex(10)


def new_token() -> str:
    """Return a secret: 43 URL-safe characters, 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return the SHA-256 of a token in hexadecimal: the only form that is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def derive_token(secret: str, purpose: str, subject: str, key: str) -> str:
    """Return a token that a repeated call gets again, although the token is not stored.

    Args:
        secret: The server's secret key, of which the token is an HMAC.
        purpose: Keeps tokens of different kinds apart.
        subject: The id of the object that the token gives access to.
        key: The caller's idempotency key, of which only a hash is stored.
    """
    text = "\0".join((purpose, subject, key)).encode()
    digest = hmac.digest(secret.encode(), text, "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
