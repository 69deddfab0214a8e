"""Which passwords are refused: too short, too long, or among the first that anybody would try."""

import re
import unicodedata
from collections.abc import Iterable

from echosphere.accounts.account import BrokenRuleError
from echosphere.accounts.common_passwords import COMMON_WORDS, KEYBOARD_RUNS

MIN_CHARACTERS = 10
MAX_BYTES = 1024
UNPREDICTABLE = 4
"""Characters that must remain once everything predictable is taken out."""

_PARTS = re.compile(r"[^\W_]{3,}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_WRITTEN_AS = str.maketrans("013457@$!8", "oieastasib")
_RUN = 4


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


def accepted_password(given: str, *, name: str, email: str) -> str:
    """Return a new password in normal form, or say why it is too easy to guess."""
    password = normalised_password(given)
    if len(password) < MIN_CHARACTERS:
        raise BrokenRuleError(f"Use at least {MIN_CHARACTERS} characters.")
    folded = password.casefold()
    if _remaining(folded, _PARTS.findall(f"{name} {email}".casefold())) < UNPREDICTABLE:
        raise BrokenRuleError("Use a password that does not contain your name or address.")
    if _is_common(folded):
        raise BrokenRuleError("This password is among the first to be guessed. Use another one.")
    return password


def _is_common(folded: str) -> bool:
    if len(set(folded)) < UNPREDICTABLE or _is_repetition(folded):
        return True
    candidates = (folded, _YEAR.sub("\n", folded).translate(_WRITTEN_AS))
    return any(_remaining(_without_runs(one), COMMON_WORDS) < UNPREDICTABLE for one in candidates)


def _is_repetition(text: str) -> bool:
    """Whether the text is one short piece over and over, such as `abcabcabcabc`."""
    return any(
        (text[:size] * (len(text) // size + 1))[: len(text)] == text
        for size in range(1, min(6, len(text) // 2) + 1)
    )


def _without_runs(text: str) -> str:
    """Return the text without keyboard rows, alphabets, counting and long repeats."""
    kept: list[str] = []
    place = 0
    while place < len(text):
        length = _run_length(text, place)
        if length < _RUN:
            kept.append(text[place])
            length = 1
        place += length
    return "".join(kept)


def _run_length(text: str, place: int) -> int:
    length = _RUN
    while place + length <= len(text) and _is_run(text[place : place + length]):
        length += 1
    return length - 1


def _is_run(piece: str) -> bool:
    return len(set(piece)) == 1 or any(piece in run or piece in run[::-1] for run in KEYBOARD_RUNS)


def _remaining(text: str, words: Iterable[str]) -> int:
    """Return how many characters are left once the words and years are out; a mark counts once."""
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "\n")
    text = _YEAR.sub("\n", text)
    letters = [letter for letter in text if letter.isalnum()]
    marks = {mark for mark in text if not mark.isalnum() and not mark.isspace()}
    return len(letters) + len(marks)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
