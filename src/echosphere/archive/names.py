"""Names of files in archives that Windows, macOS and Linux can all unpack."""

import re
import unicodedata

from echosphere.core.text import strip_invisible
from echosphere.richtext import truncate_bytes

MAX_BYTES = 100
"""Of one name, so that a few folders deep it stays below the 260 characters of Windows."""

MAX_CHARACTERS = 1_000
"""Only so many are looked at: normalizing is slow for a crafted name that consists of accents."""

MAX_EXTENSION = 12
UNNAMED = "file"

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])[ .]*(?:\.|\Z)", re.IGNORECASE
)

ACTIVE = frozenset(
    {
        "htm", "html", "xhtml", "xht", "shtml", "mht", "mhtml", "svg", "svgz", "xml", "xsl", "xslt",
        "hta", "js", "mjs", "url", "webloc", "desktop", "lnk", "library-ms", "search-ms", "scf",
    }
)  # fmt: skip
"""Extensions of files that a browser or a file manager would run or follow when they are opened."""


def member_name(given: str, number: int) -> str:
    """Return a name for a file or folder, which begins with its number.

    It is unique, whatever the case of its letters means to a system, if the number is. What would
    run when it is opened gets the extension `.txt`; its content stays as it is.

    Args:
        given: As a user named it.
        number: What no other name in the same folder begins with.
    """
    cleaned = strip_invisible(given[-MAX_CHARACTERS:])
    plain = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", cleaned)).strip(". ")
    name = _shortened(plain).rstrip(". ") or UNNAMED
    if _RESERVED.match(name):  # not needed behind a number, but for who takes it off
        name = f"_{name}"
    if name.rpartition(".")[2].casefold() in ACTIVE:
        name += ".txt"
    return f"{number:05d} {name}"


def _shortened(name: str) -> str:
    """Cut the end of a long name, but not its extension."""
    if len(name.encode()) <= MAX_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > MAX_EXTENSION:
        stem, dot, extension = name, "", ""
    return truncate_bytes(stem, MAX_BYTES - len((dot + extension).encode())) + dot + extension
