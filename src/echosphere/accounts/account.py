"""The fields of an account and their rules."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import TypeVar

from echosphere.core.errors import Invalid
from echosphere.core.text import JOINED_EMOJI, has_visible_text

T = TypeVar("T")

MAX_NAME = 80
MAX_ABOUT = 500

CLOSED_NAME = "Closed account"

_SPACES = re.compile(r"\s+")

# Letters that are drawn blank: with them a name looks empty, or like another user's.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class InvalidValueError(Exception):
    """A field has a value that is not allowed; the message says why."""


def validate(rules: Mapping[str, Callable[[], T]]) -> dict[str, T]:
    """Return the value that each field's rule returns.

    Raises:
        Invalid: At least one rule raised InvalidValueError; `fields` has all messages.
    """
    values: dict[str, T] = {}
    problems: dict[str, str] = {}
    for field, rule in rules.items():
        try:
            values[field] = rule()
        except InvalidValueError as error:
            problems[field] = str(error)
    if problems:
        raise Invalid(" ".join(problems.values()), fields=problems)
    return values


def validate_about(given: str) -> str:
    """Return the text about a user without invisible characters and outer space."""
    about = "\n".join(remove_invisible(line).strip() for line in given.splitlines()).strip()
    about = about if has_visible_text(about) else ""
    if len(about) > MAX_ABOUT:
        raise InvalidValueError(f"A description can have up to {MAX_ABOUT} characters.")
    return about


def single_line(text: str) -> str:
    """Return the visible characters of a text on one line."""
    line = _SPACES.sub(" ", remove_invisible(text)).strip()
    return line if has_visible_text(line) else ""


def remove_invisible(text: str) -> str:
    """Return text in NFC without control, bidirectional, zero-width and blank characters."""
    composed = unicodedata.normalize("NFC", text.replace("\t", " "))
    parts = JOINED_EMOJI.split(composed)
    return "".join(part if at % 2 else _filter(part) for at, part in enumerate(parts))


def _filter(part: str) -> str:
    return "".join(
        letter
        for letter in part
        if letter not in _INVISIBLE and unicodedata.category(letter) not in _REFUSED_CATEGORIES
    )
