"""What an account is: what a person may write in it."""

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
MEMBER, ADMINISTRATOR = "member", "administrator"

_SPACES = re.compile(r"\s+")

# Letters without ink: a name of these alone would look like no name, or like somebody else's.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class BrokenRuleError(Exception):
    """A value that an account cannot have; the text says why."""


def collect(rules: Mapping[str, Callable[[], T]]) -> dict[str, T]:
    """Return the accepted value of each field, or refuse with what is wrong with each.

    Raises:
        Invalid: At least one rule is broken; `fields` names all of them.
    """
    values: dict[str, T] = {}
    problems: dict[str, str] = {}
    for field, rule in rules.items():
        try:
            values[field] = rule()
        except BrokenRuleError as broken:
            problems[field] = str(broken)
    if problems:
        raise Invalid(" ".join(problems.values()), fields=problems)
    return values


def accepted_about(given: str) -> str:
    """Return a description of oneself."""
    about = "\n".join(visible(line).strip() for line in given.splitlines()).strip()
    about = about if has_visible_text(about) else ""
    if len(about) > MAX_ABOUT:
        raise BrokenRuleError(f"A description may have {MAX_ABOUT} characters at most.")
    return about


def one_line(text: str) -> str:
    """Return what can be seen of a text, on one line."""
    line = _SPACES.sub(" ", visible(text)).strip()
    return line if has_visible_text(line) else ""


def visible(text: str) -> str:
    """Return text without control, bidirectional, zero-width and other unseen characters."""
    composed = unicodedata.normalize("NFC", text.replace("\t", " "))
    parts = JOINED_EMOJI.split(composed)
    return "".join(part if at % 2 else _seen(part) for at, part in enumerate(parts))


def _seen(part: str) -> str:
    return "".join(
        letter
        for letter in part
        if letter not in _INVISIBLE and unicodedata.category(letter) not in _REFUSED_CATEGORIES
    )
