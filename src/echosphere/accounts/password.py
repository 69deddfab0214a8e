"""Which passwords are refused: too short, too long, or soon guessed."""

import re
import unicodedata
from collections.abc import Iterable

from echosphere.accounts.account import BrokenRuleError

MIN_CHARACTERS = 10
MAX_BYTES = 1024
UNPREDICTABLE = 4
"""Characters that must remain once a person's own name, address and server are taken out."""

ESTIMATED = 64
"""Characters that are estimated at once: the time grows faster than the length. Of a longer password
the beginning or the end must be good enough alone."""

ENOUGH = 3
"""Of zxcvbn's scores: more than 10^8 guesses, which our slow hash makes years."""

_PARTS = re.compile(r"[^\W_]{3,}")

FAMILIAR = [
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
"""What people here take first besides the words of zxcvbn's own lists, which are mostly English."""


def normalised_password(given: str) -> str:
    """Return a password as it is hashed, the same however a keyboard composes its letters.

    Raises:
        BrokenRuleError: More bytes than anybody types; refused before any costly work.
    """
    if len(given) > MAX_BYTES or _size(given) > MAX_BYTES:
        raise BrokenRuleError(f"A password may have {MAX_BYTES} bytes at most.")
    password = unicodedata.normalize("NFKC", given)
    if _size(password) > MAX_BYTES:
        raise BrokenRuleError(f"A password may have {MAX_BYTES} bytes at most.")
    return password


def accepted_password(given: str, *, name: str, email: str, server: str = "") -> str:
    """Return a new password in normal form, or say why it is too easy to guess.

    Args:
        given: What was typed.
        name: The person's, which others know.
        email: The person's, which others know.
        server: The name of this server's host.
    """
    password = normalised_password(given)
    if len(password) < MIN_CHARACTERS:
        raise BrokenRuleError(f"Use at least {MIN_CHARACTERS} characters.")
    folded = password.casefold()
    own = _PARTS.findall(f"{name} {email} {server}".casefold())
    if _remaining(folded, own) < UNPREDICTABLE:
        raise BrokenRuleError("Use a password that does not contain your name or address.")
    if not _is_hard_to_guess(folded, [*own, *FAMILIAR]):
        raise BrokenRuleError("This password is among the first to be guessed. Use another one.")
    return password


def _is_hard_to_guess(folded: str, known: list[str]) -> bool:
    from zxcvbn import zxcvbn  # noqa: PLC0415 - 12 MB that only registration needs

    piece = _repeated_piece(folded)
    stretches = dict.fromkeys((piece[:ESTIMATED], piece[-ESTIMATED:]))
    return any(zxcvbn(one, user_inputs=known)["score"] >= ENOUGH for one in stretches)


def _repeated_piece(text: str) -> str:
    """Return what a text consists of over and over, such as `abc` for `abcabcab`; else the text."""
    for size in range(1, len(text) // 2 + 1):
        if text[size:] == text[:-size]:
            return text[:size]
    return text


def _remaining(text: str, words: Iterable[str]) -> int:
    """Return how many letters and digits are left once these words are out; a mark counts once."""
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "\n")
    letters = [letter for letter in text if letter.isalnum()]
    marks = {mark for mark in text if not mark.isalnum() and not mark.isspace()}
    return len(letters) + len(marks)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
