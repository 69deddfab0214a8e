"""What all samples share."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from tests.importing.story import Room, Story


class Sample:
    """Writes exports of one system.

    Attributes:
        system: Its name.
        keeps: What of the story its exports have: `replies`, `reactions`, `edits`, `earlier`, `pins`,
            `mentions`, `files`, `emails`.
        file_text: Whether a message with a file has its text in the same message.
    """

    system = ""
    keeps: frozenset[str] = frozenset()

    def write(self, story: Story, path: Path) -> Path:
        """Write an export; return where it is."""
        raise NotImplementedError

    def rooms(self, story: Story) -> list[Room]:
        """Return the rooms that an export has."""
        return story.rooms


@contextmanager
def archive(path: Path) -> Iterator["Writer"]:
    """Write a ZIP archive."""
    with ZipFile(path, "w", ZIP_DEFLATED) as zipped:
        yield Writer(zipped)


class Writer:
    """Writes members of an archive."""

    def __init__(self, zipped: ZipFile) -> None:
        self._zip = zipped

    def add(self, name: str, content: bytes | str) -> None:
        """Add a file."""
        self._zip.writestr(name, content)

    def json(self, name: str, value: Any) -> None:
        """Add a document."""
        self.add(name, json.dumps(value, ensure_ascii=False))

    def lines(self, name: str, values: Iterator[Any] | list[Any]) -> None:
        """Add a file of JSON lines."""
        self.add(name, "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in values))
