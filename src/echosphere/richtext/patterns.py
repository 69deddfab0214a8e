"""The patterns that server and browser share: `patterns.json`, which is built into the client too.

A pattern may refer to others by their names in braces. Only syntax with the same meaning in
JavaScript's `u` patterns and the `regex` package is allowed.
"""

import json
import re
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING

from echosphere.core.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    import regex


def load_pattern(name: str) -> "regex.Pattern[str]":
    """Return a pattern, which is compiled when it is first used."""
    return lazy_pattern(partial(_source, name))


@cache
def _sources() -> dict[str, str | list[str]]:
    file = files("echosphere.richtext").joinpath("patterns.json")
    sources: dict[str, str | list[str]] = json.loads(file.read_text(encoding="utf-8"))
    return sources


def _source(name: str) -> str:
    found = _sources()[name]
    text = found if isinstance(found, str) else "".join(found)
    return re.sub(r"\{([a-z]+)\}", lambda inner: _source(inner[1]), text)
