"""Recovery codes: each lets its owner in once, when the phone is lost."""

import hashlib
import secrets

COUNT = 10
LENGTH = 16
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without letters and digits that look alike."""


def new_codes() -> list[str]:
    """Return ten codes of 79 random bits, such as `k7mw-2xq9-hd4t-p8vz`."""
    return [_new_code() for _ in range(COUNT)]


def normalize_code(given: str) -> str:
    """Return what was entered without spaces and hyphens, in lower case."""
    return "".join(given.split()).replace("-", "").lower()


def code_hash(user_id: str, code: str) -> str:
    """Return the stored form; a code has too many bits to be guessed from it."""
    return hashlib.sha256(f"{user_id}\0{normalize_code(code)}".encode()).hexdigest()


def _new_code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(letters[at : at + 4] for at in range(0, LENGTH, 4))
