"""Loads what Web Push is encrypted with when somebody first wants to be told.

Its library takes eight megabytes, and most instances are used for a while before they need it.
"""

from functools import cache
from importlib import import_module
from typing import Protocol, cast

AUTH_BYTES = 16
"""Length of a browser's authentication secret."""


class Sealing(Protocol):
    """The functions of `encryption.py`; see there."""

    def encrypt(self, content: bytes, point: bytes, auth: bytes) -> bytes:
        """Return a body with the content coding `aes128gcm`."""

    def is_point(self, given: bytes) -> bool:
        """Whether these bytes are a public key that can be encrypted for."""

    def public_point(self, key: bytes) -> bytes:
        """Return the public key that belongs to a private one."""

    def sign(self, key: bytes, said: bytes) -> bytes:
        """Return a signature by a private key."""


@cache
def sealing() -> Sealing:
    """Return the functions; the first call reads files for some tenths of a second."""
    return cast("Sealing", import_module("echosphere.notifications.encryption"))
