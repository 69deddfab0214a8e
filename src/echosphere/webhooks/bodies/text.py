"""Puts together Markdown of what other services say, which may be the words of strangers."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from echosphere.messages import MAX_BODY

ELLIPSIS = "…"
WORD_JOINER = "\u2060"
"""Invisible, and without a place to break a line; behind an `@` it keeps it from calling somebody."""

_ADDRESS = re.compile(r"https?://[^\s<>()]+\Z")
_MARKUP = re.compile(r"([\\`*_~\[\]<>|#])")


def cut(text: str, limit: int = MAX_BODY) -> str:
    """Return at most `limit` characters of a text, and an ellipsis for the rest."""
    return text if len(text) <= limit else f"{text[: limit - 1]}{ELLIPSIS}"


def quiet(text: str) -> str:
    """Return a text in which nobody is mentioned."""
    return text.replace("@", f"@{WORD_JOINER}")


def plain(value: Any, limit: int = 300) -> str:
    """Return a value in one line, as it is: neither markup nor mentions."""
    text = " ".join(string(value).split())
    return quiet(_MARKUP.sub(r"\\\1", cut(text, limit)))


def string(value: Any) -> str:
    """Return text and numbers as text; other values as nothing."""
    if isinstance(value, str):
        return value
    return "" if isinstance(value, bool) or not isinstance(value, int | float) else str(value)


def is_address(text: str) -> bool:
    """Whether a text is an address that a link in Markdown may lead to, and nothing more."""
    return _ADDRESS.match(text) is not None


def link(label: Any, url: Any) -> str:
    """Return a link, or only its label if there is no address that may be one."""
    text, address = plain(label), string(url)
    if not is_address(address):
        return text
    return f"[{text or plain(address)}]({address})"


def bold(text: str) -> str:
    """Return a text in bold, or nothing for nothing."""
    return f"**{text}**" if text else ""


def lines(parts: Iterable[str]) -> str:
    """Return what is not empty, in lines of its own."""
    return "\n".join(part for part in parts if part)


def sub(value: Any, *names: str) -> Any:
    """Return what lies in nested objects under these names; None where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def objects(value: Any, limit: int = 20) -> list[Mapping[str, Any]]:
    """Return the first objects of a list; an empty list for anything else."""
    found = value if isinstance(value, list) else []
    return [one for one in found if isinstance(one, Mapping)][:limit]
