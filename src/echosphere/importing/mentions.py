"""Finds user names behind `@` in texts, and writes the names of people in their place."""

import re
from collections.abc import Collection

from echosphere.importing.format import MentionRecord

_MENTION = re.compile(r"(?<![\w@])@([\w.\-]{1,64})")


class MentionFinder:
    """Knows who is meant by a user name.

    Args:
        everybody: The names that mean everybody.
    """

    def __init__(self, everybody: Collection[str]) -> None:
        self._everybody = everybody
        self._known: dict[str, tuple[str, str]] = {}

    def add(self, username: str, name: str, person: str | None = None) -> None:
        """Make a user name known; the id of the person is the same without another one."""
        self._known[username.lower()] = (person or username, name)

    def find(self, text: str) -> tuple[str, list[MentionRecord]]:
        """Return a text with the names of those it mentions, and the mentions."""
        if "@" not in text:
            return text, []
        found: dict[str, MentionRecord] = {}

        def replaced(match: re.Match[str]) -> str:
            username = match[1].lower()
            tail = ""
            while username not in self._known and username[-1:] in (".", "-", "_"):
                username, tail = username[:-1], username[-1] + tail
            if username in self._known:
                person, name = self._known[username]
                found[person] = MentionRecord(name[:200], person)
                return f"@{name}{tail}"
            if username in self._everybody:
                found["all"] = MentionRecord("all")
                return f"@all{tail}"
            return match[0]

        return _MENTION.sub(replaced, text), list(found.values())
