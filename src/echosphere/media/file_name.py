"""Cleans the names of uploaded files."""

import unicodedata

from echosphere.core.text import strip_invisible
from echosphere.richtext import grapheme_boundary_before, truncate_bytes

MAX_NAME_BYTES = 255
MAX_NAME_CHARACTERS = 1_000
"""Only so many characters at the end of a name are read: normalizing is slow for a crafted name
that consists of accents."""

MAX_EXTENSION_BYTES = 16
UNNAMED = "file"


def clean_file_name(given: str) -> str:
    """Return a file name fit for display and download: no folders, no invisible characters.

    The name never reaches the server's file system.
    """
    last = given.replace("\\", "/").rpartition("/")[2]
    last = last[grapheme_boundary_before(last, max(0, len(last) - MAX_NAME_CHARACTERS)) :]
    last = unicodedata.normalize("NFC", last).rpartition("/")[2]
    name = strip_invisible(last).strip(". ")
    return _shorten(name) or UNNAMED


def _shorten(name: str) -> str:
    """Cut the end of a long name's stem, and keep the extension, which tells users the type."""
    if len(name.encode()) <= MAX_NAME_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension.encode()) > MAX_EXTENSION_BYTES:
        stem, dot, extension = name, "", ""
    room = MAX_NAME_BYTES - len((dot + extension).encode())
    return truncate_bytes(stem, room).rstrip(". ") + dot + extension
