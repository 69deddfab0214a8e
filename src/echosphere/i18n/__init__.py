"""Translations of what the server says to users. The English sentences in the code are the keys.

Each language is a subpackage with a table from English to its own sentences, in which `{}` stands
for a number, a quoted name, or a part that is translated separately. A sentence that is not in the
table stays English: it is meant for programmers.
"""

import re
from collections.abc import Mapping
from copy import copy

from echosphere.core.errors import Refusal
from echosphere.i18n import de

ENGLISH = "en"
_SENTENCE_END = re.compile(r"(?<=\.) ")
_PLACEHOLDER = r"""(-?\d+(?:\.\d+)?|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_PART = "'\0'"
"""Takes the place of a part that is translated separately."""


class Language:
    """The translations into one language.

    Args:
        sentences: From English sentences to translations with as many `{}`.
    """

    def __init__(self, sentences: Mapping[str, str]) -> None:
        self._sentences = sentences
        self._patterns = [
            (re.compile(re.escape(english).replace(r"\{\}", _PLACEHOLDER)), translation)
            for english, translation in sentences.items()
            if "{}" in english
        ]

    def translate(self, text: str) -> str:
        """Return the translation of a text, or the text if there is none.

        A text that is not in the table is translated sentence by sentence, if all of them are.
        """
        found = self._find(text)
        if found is None:
            parts = [self._find(part) for part in _SENTENCE_END.split(text)]
            found = " ".join(part or "" for part in parts) if all(parts) else text
        return found

    def _find(self, sentence: str) -> str | None:
        if sentence in self._sentences:
            return self._sentences[sentence]
        for pattern, translation in self._patterns:
            if match := pattern.fullmatch(sentence):
                return translation.format(*match.groups())
        return None


_LANGUAGES = {ENGLISH: Language({}), "de": Language(de.SENTENCES)}

LANGUAGES = tuple(_LANGUAGES)
"""The tags (BCP 47) of the supported languages; the first is the default."""


def translate(language: str, text: str) -> str:
    """Return a text in a language, or in English if the language is not supported."""
    return _LANGUAGES.get(language, _LANGUAGES[ENGLISH]).translate(text)


def translate_error(language: str, refusal: Refusal) -> Refusal:
    """Return a refusal with its title, detail and fields in a language."""
    if language == ENGLISH:
        return refusal
    translated = copy(refusal)
    translated.title = translate(language, refusal.title)
    translated.fields = {
        field: translate(language, problem) for field, problem in refusal.fields.items()
    }
    is_sum = refusal.detail == " ".join(refusal.fields.values())
    translated.detail = (
        " ".join(translated.fields.values()) if is_sum else _translate_detail(language, refusal)
    )
    return translated


def _translate_detail(language: str, refusal: Refusal) -> str:
    """Return the detail, of which the problem of a field may be a part."""
    detail = translate(language, refusal.detail)
    for problem in refusal.fields.values():
        if detail == refusal.detail:
            framed = refusal.detail.replace(problem, _PART)
            frame, part = translate(language, framed), translate(language, problem)
            if frame != framed and part != problem:
                detail = frame.replace(_PART, part)
    return detail
