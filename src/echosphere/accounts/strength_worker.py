"""The process that estimates passwords: reads a request per line, and writes a response per line.

It loads nothing of EchoSphere but this module: no settings, no secrets, no database.
"""

import json
import sys

from zxcvbn import zxcvbn

MAX_ESTIMATED = 64
"""Characters that zxcvbn estimates at once, since its time grows faster than the length. The beginning
or the end of a longer password must be strong enough alone."""

MIN_SCORE = 3
"""A score of zxcvbn: more than 10^8 guesses, which take years with a slow hash."""

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


def main() -> None:
    """Serve requests until standard input ends."""
    for line in sys.stdin:
        response = {"outcome": "done", "guessable": is_guessable(*json.loads(line)["estimate"])}
        print(json.dumps(response), flush=True)


def is_guessable(password: str, known: list[str]) -> bool:
    """Whether a password without capitals is soon guessed by someone who knows these words."""
    unit = _repeated_unit(password)
    parts = dict.fromkeys((unit[:MAX_ESTIMATED], unit[-MAX_ESTIMATED:]))
    words = [*known, *COMMON_WORDS]
    return all(zxcvbn(part, user_inputs=words)["score"] < MIN_SCORE for part in parts)


def _repeated_unit(text: str) -> str:
    """Return the unit that a text repeats, such as `abc` for `abcabcab`, else the text."""
    for size in range(1, len(text) // 2 + 1):
        if text[size:] == text[:-size]:
            return text[:size]
    return text
