"""Signs events by Standard Webhooks (https://www.standardwebhooks.com)."""

import base64
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
BYTES = 32


def new_secret() -> str:
    """Return a secret as it is told to the receiver."""
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def signed_headers(event: str, seconds: int, body: bytes, using: Iterable[str]) -> dict[str, str]:
    """Return the headers by which a receiver knows who sent an event.

    Args:
        event: The id of the event, which is the same whenever it is sent.
        seconds: When it is sent, since 1970 UTC: receivers refuse what is old.
        body: What is sent.
        using: The secrets; each gives a signature of its own.
    """
    signed = f"{event}.{seconds}.".encode() + body
    return {
        "webhook-id": event,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(_signature(signed, one) for one in using),
    }


def _signature(signed: bytes, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return f"v1,{base64.b64encode(hmac.digest(key, signed, 'sha256')).decode()}"
