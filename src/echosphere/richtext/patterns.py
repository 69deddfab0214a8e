"""The patterns that server and browser share: `patterns.json`, which is built into the client too.

A pattern may refer to others by their names in braces. Only syntax with the same meaning in
JavaScript's `u` patterns and the `regex` package is allowed.
"""

import json
from importlib.resources import files

import regex

_SOURCES: dict[str, str | list[str]] = json.loads(
    files("echosphere.richtext").joinpath("patterns.json").read_text(encoding="utf-8")
)


def pattern(name: str) -> regex.Pattern[str]:
    """Return a compiled pattern."""
    return regex.compile(_source(name))


def _source(name: str) -> str:
    found = _SOURCES[name]
    text = found if isinstance(found, str) else "".join(found)
    return regex.sub(r"\{([a-z]+)\}", lambda inner: _source(inner[1]), text)
