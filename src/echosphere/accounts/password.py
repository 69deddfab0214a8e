"""The rules for passwords: length, and resistance to guessing."""

import re
import unicodedata
from collections.abc import Iterable

from echosphere.accounts.account import InvalidValueError

MIN_CHARACTERS = 10
MAX_BYTES = 1024
MIN_UNPREDICTABLE = 4
"""Characters that must remain without the user's name, e-mail address and server."""

MAX_ESTIMATED = 64
"""Characters that zxcvbn estimates at once, since its time grows faster than the length. The beginning
or the end of a longer password must be strong enough alone."""

MIN_SCORE = 3
"""A score of zxcvbn: more than 10^8 guesses, which take years with a slow hash."""

_PARTS = re.compile(r"[^\W_]{3,}")

COMMON_WORDS = [
    "passwort",
    "kennwort",
    "geheim",
    "hallo",
    "willkommen",
    "schatz",
    "liebe",
    "liebling",
    "ichliebedich",
    "sonnenschein",
    "fussball",
    "fußball",
    "bayern",
    "dortmund",
    "schalke",
    "deutschland",
    "berlin",
    "hamburg",
    "münchen",
    "köln",
    "sommer",
    "winter",
    "herbst",
    "frühling",
    "januar",
    "februar",
    "märz",
    "juni",
    "juli",
    "oktober",
    "dezember",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag",
    "mutter",
    "vater",
    "mama",
    "papa",
    "schule",
    "arbeit",
    "büro",
    "firma",
    "computer",
    "nachricht",
    "messenger",
    "chat",
    "echosphere",
    "schmetterling",
    "katze",
    "hund",
    "pferd",
    "blume",
    "rose",
    "engel",
    "prinzessin",
    "drache",
    "qwertz",
    "qwertzuiop",
    "asdfghjklöä",
    "yxcvbnm",
    "erdbeere",
    "schokolade",
    "ficken",
    "arschloch",
    "scheisse",
    "scheiße",
    "motdepasse",
    "azerty",
    "azertyuiop",
    "bonjour",
    "soleil",
    "contrasena",
    "senha",
    "parola",
    "haslo",
    "wachtwoord",
]
"""Common passwords in other languages; zxcvbn's own lists are mostly English."""


def normalize_password(given: str) -> str:
    """Return a password in NFKC, the form that is hashed.

    Raises:
        InvalidValueError: It is too long.
    """
    if len(given) > MAX_BYTES or _size(given) > MAX_BYTES:
        raise InvalidValueError(f"A password may have {MAX_BYTES} bytes at most.")
    password = unicodedata.normalize("NFKC", given)
    if _size(password) > MAX_BYTES:
        raise InvalidValueError(f"A password may have {MAX_BYTES} bytes at most.")
    return password


def validate_password(given: str, *, name: str, email: str, server: str = "") -> str:
    """Return a new password in normal form.

    Args:
        given: What was typed.
        name: The user's name, which others know.
        email: The user's address, which others know.
        server: The server's host name.

    Raises:
        InvalidValueError: It is too short, too long or too easy to guess.
    """
    password = normalize_password(given)
    if len(password) < MIN_CHARACTERS:
        raise InvalidValueError(f"Use at least {MIN_CHARACTERS} characters.")
    folded = password.casefold()
    own = _PARTS.findall(f"{name} {email} {server}".casefold())
    if _unpredictable_characters(folded, own) < MIN_UNPREDICTABLE:
        raise InvalidValueError("Use a password that does not contain your name or address.")
    if not _is_strong(folded, [*own, *COMMON_WORDS]):
        raise InvalidValueError("This password is among the first to be guessed. Use another one.")
    return password


def _is_strong(folded: str, known: list[str]) -> bool:
    from zxcvbn import zxcvbn  # noqa: PLC0415 - 12 MB that only registration needs

    unit = _repeated_unit(folded)
    parts = dict.fromkeys((unit[:MAX_ESTIMATED], unit[-MAX_ESTIMATED:]))
    return any(zxcvbn(part, user_inputs=known)["score"] >= MIN_SCORE for part in parts)


def _repeated_unit(text: str) -> str:
    """Return the unit that a text repeats, such as `abc` for `abcabcab`, else the text."""
    for size in range(1, len(text) // 2 + 1):
        if text[size:] == text[:-size]:
            return text[:size]
    return text


def _unpredictable_characters(text: str, words: Iterable[str]) -> int:
    """Count the letters and digits outside these words, and the different other characters."""
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "\n")
    letters = [letter for letter in text if letter.isalnum()]
    marks = {mark for mark in text if not mark.isalnum() and not mark.isspace()}
    return len(letters) + len(marks)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
