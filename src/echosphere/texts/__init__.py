"""What the server says to people, in their language; the English stands in the code itself.

A language is one file here with a table from each English sentence to its own. `{}` in both stands
for a number, a quoted name, or a part that is translated by itself. What no table knows stays
English: it is written for those who write programs.
"""

import re
from collections.abc import Mapping
from copy import copy

from echosphere.core.errors import Refusal
from echosphere.texts import de

ENGLISH = "en"
_SENTENCE_END = re.compile(r"(?<=\.) ")
_GAP = r"""(-?\d+(?:\.\d+)?|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_PART = "'\0'"
"""Stands in a sentence for a part that is translated by itself."""


class Language:
    """The sentences of one language.

    Args:
        sentences: From the English sentence to the one of this language; both with the same `{}`.
    """

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._sentences = sentences
        self._patterns = [
            (re.compile(re.escape(english).replace(r"\{\}", _GAP)), own)
            for english, own in sentences.items()
            if "{}" in english
        ]

    def say(self, sentence: str) -> str:
        """Return a sentence in this language, or as it is if there is none.

        A text that has no line of its own is said sentence by sentence, if each of them has one.
        """
        found = self._find(sentence)
        if found is None:
            parts = [self._find(part) for part in _SENTENCE_END.split(sentence)]
            found = " ".join(part or "" for part in parts) if all(parts) else sentence
        return found

    def _find(self, sentence: str) -> str | None:
        if sentence in self._sentences:
            return self._sentences[sentence]
        for pattern, own in self._patterns:
            if match := pattern.fullmatch(sentence):
                return own.format(*match.groups())
        return None


_LANGUAGES = {ENGLISH: Language({}), "de": Language(de.SENTENCES)}

LANGUAGES = tuple(_LANGUAGES)
"""The tags (BCP 47) of the languages that the server speaks; the first where nothing is known."""


def say(language: str, sentence: str) -> str:
    """Return an English sentence of the code in a language; in English if it is not spoken here."""
    return _LANGUAGES.get(language, _LANGUAGES[ENGLISH]).say(sentence)


def refusal_in(language: str, refusal: Refusal) -> Refusal:
    """Return a refusal with all that it says in a language."""
    if language == ENGLISH:
        return refusal
    told = copy(refusal)
    told.title = say(language, refusal.title)
    told.fields = {field: say(language, problem) for field, problem in refusal.fields.items()}
    is_sum = refusal.detail == " ".join(refusal.fields.values())
    told.detail = " ".join(told.fields.values()) if is_sum else _detail_in(language, refusal)
    return told


def _detail_in(language: str, refusal: Refusal) -> str:
    """Return a refusal's sentence; what is wrong with a field may be a part of it."""
    said = say(language, refusal.detail)
    for problem in refusal.fields.values():
        if said == refusal.detail:
            framed = refusal.detail.replace(problem, _PART)
            frame, own = say(language, framed), say(language, problem)
            if frame != framed and own != problem:
                said = frame.replace(_PART, own)
    return said
