"""The rules for passwords: length, and resistance to guessing."""

import re
import unicodedata
from collections.abc import Iterable

from echosphere.accounts.account import InvalidValueError

MIN_CHARACTERS = 10
MAX_BYTES = 1024
MIN_UNPREDICTABLE = 4
"""Characters that must remain without the user's name, e-mail address and server."""

Estimate = tuple[str, list[str]]
"""A password without capitals, and words that its user is known by."""

_PARTS = re.compile(r"[^\W_]{3,}")


def normalize_password(given: str) -> str:
    """Return a password in NFKC, the form that is hashed.

    Raises:
        InvalidValueError: It is too long.
    """
    if len(given) > MAX_BYTES or _size(given) > MAX_BYTES:
        raise InvalidValueError(f"A password can be up to {MAX_BYTES} bytes long.")
    password = unicodedata.normalize("NFKC", given)
    if _size(password) > MAX_BYTES:
        raise InvalidValueError(f"A password can be up to {MAX_BYTES} bytes long.")
    return password


def validate_password(
    given: str, *, name: str, email: str, server: str = "", guessable: bool
) -> str:
    """Return a new password in normal form.

    Args:
        given: What was typed.
        name: The user's name, which others know.
        email: The user's address, which others know.
        server: The server's host name.
        guessable: Whether it is soon guessed; `PasswordHasher.is_guessable` finds out.

    Raises:
        InvalidValueError: It is too short, too long or too easy to guess.
    """
    password, _, _ = _require_rules(given, name, email, server)
    if guessable:
        raise InvalidValueError("This password is too easy to guess. Use another one.")
    return password


def to_estimate(given: str, *, name: str, email: str, server: str = "") -> Estimate | None:
    """Return what an estimate of a new password needs; None if another rule refuses it anyway."""
    try:
        _, folded, own = _require_rules(given, name, email, server)
    except InvalidValueError:
        return None
    return folded, own


def _require_rules(given: str, name: str, email: str, server: str) -> tuple[str, str, list[str]]:
    """Return a password in normal form and without capitals, and the words its user is known by."""
    password = normalize_password(given)
    if len(password) < MIN_CHARACTERS:
        raise InvalidValueError(f"Use at least {MIN_CHARACTERS} characters.")
    folded = password.casefold()
    own = _PARTS.findall(f"{name} {email} {server}".casefold())
    if _unpredictable_characters(folded, own) < MIN_UNPREDICTABLE:
        raise InvalidValueError("Use a password that does not contain your name or address.")
    return password, folded, own


def _unpredictable_characters(text: str, words: Iterable[str]) -> int:
    """Count the letters and digits outside these words, and the different other characters."""
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "\n")
    letters = [letter for letter in text if letter.isalnum()]
    marks = {mark for mark in text if not mark.isalnum() and not mark.isspace()}
    return len(letters) + len(marks)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
