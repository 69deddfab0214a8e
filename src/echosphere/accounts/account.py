"""What an account is: which e-mail addresses, names and descriptions a person may have."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import TypeVar

from echosphere.errors import Invalid

T = TypeVar("T")

MAX_EMAIL = 254
MAX_LOCAL_PART = 64
MAX_NAME = 80
MAX_ABOUT = 500

CLOSED_NAME = "Closed account"
MEMBER, ADMINISTRATOR = "member", "administrator"

_EMAIL = re.compile(
    r"(?P<local>[^\s@\"<>()\[\],;:\\]+)@"
    r"(?P<domain>(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]*)\Z"
)
_SPACES = re.compile(r"\s+")

# Letters without ink: a name of these alone would look like no name, or like somebody else's.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

_RESERVED = """
    admin administrator administration closedaccount deletedaccount echosphere echospherebot
    echosphereteam everyone here all channel helpdesk moderator moderation noreply official
    operator owner postmaster root security staff support system systemmessage webmaster
"""
# What looks like a Latin letter to a hurried reader: with a Cyrillic a or a 5, it is refused too.
_LOOKS_LIKE = str.maketrans(
    "аеорсхуіјѕһԁԛԝвмнткαεορτυικνηχβ013457@$!|ıł",  # noqa: RUF001 - that is the point
    "aeopcxyijshdqwbmhtkaeoptuiknhxboieastasilil",
)


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


def accepted_email(given: str) -> str:
    """Return an address in the one spelling that is stored and compared."""
    if len(given) > 4 * MAX_EMAIL:
        raise BrokenRuleError("This is too long for an e-mail address.")
    folded = unicodedata.normalize("NFKC", given.strip()).casefold()
    email = unicodedata.normalize("NFKC", folded)
    match = _EMAIL.match(email)
    if match is None or _has_refused_characters(email):
        raise BrokenRuleError("Enter an e-mail address such as ana@example.org.")
    if len(email.encode()) > MAX_EMAIL or len(match["local"].encode()) > MAX_LOCAL_PART:
        raise BrokenRuleError("This is too long for an e-mail address.")
    if ".." in email or match["local"].startswith(".") or match["local"].endswith("."):
        raise BrokenRuleError("Enter an e-mail address such as ana@example.org.")
    return email


def accepted_name(given: str) -> str:
    """Return a name without what cannot be seen; refuse names that pretend to be the system."""
    name = one_line(given)
    if not any(unicodedata.category(letter)[0] in "LNS" for letter in name):
        raise BrokenRuleError("Enter a name.")
    if len(name) > MAX_NAME:
        raise BrokenRuleError(f"A name may have {MAX_NAME} characters at most.")
    if skeleton(name) in RESERVED_SKELETONS:
        raise BrokenRuleError("This name is reserved. Choose another one.")
    return name


def accepted_about(given: str) -> str:
    """Return a description of oneself."""
    about = "\n".join(visible(line).strip() for line in given.splitlines()).strip()
    if len(about) > MAX_ABOUT:
        raise BrokenRuleError(f"A description may have {MAX_ABOUT} characters at most.")
    return about


def one_line(text: str) -> str:
    """Return what can be seen of a text, on one line."""
    return _SPACES.sub(" ", visible(text)).strip()


def visible(text: str) -> str:
    """Return text without control, bidirectional, zero-width and other unseen characters."""
    composed = unicodedata.normalize("NFC", text.replace("\t", " "))
    return "".join(
        letter
        for letter in composed
        if letter not in _INVISIBLE and unicodedata.category(letter) not in _REFUSED_CATEGORIES
    )


def skeleton(name: str) -> str:
    """Return what a name looks like at a glance: base letters only, look-alikes made equal."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    latin = plain.translate(_LOOKS_LIKE)
    letters = "".join(letter for letter in latin if letter.isalnum())
    return letters.replace("l", "i")


RESERVED_SKELETONS = frozenset(skeleton(name) for name in _RESERVED.split())


def _has_refused_characters(text: str) -> bool:
    return any(unicodedata.category(letter) in _REFUSED_CATEGORIES for letter in text)
