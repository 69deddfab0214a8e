"""Reads from a web page what it says of itself: title, description, picture."""

import codecs
import re
from html.parser import HTMLParser
from pathlib import Path

from echosphere.attachments.sandbox.outcome import PageLook, UnreadableError

PIECE = 64 * 1024
MAX_VALUE = 4_000
"""Characters of one value; who shows it shortens it further."""

ENCODINGS = re.compile(
    r"utf-?8|utf-?16(-?[lb]e)?|us-ascii|iso-?8859-?\d{1,2}|windows-?12\d\d|cp12\d\d|latin-?1|koi8-[ru]"
    r"|gb2312|gbk|gb18030|big5(-?hkscs)?|euc-(jp|kr)|shift_?jis|iso-2022-jp|tis-?620",
    re.IGNORECASE,
)
"""Those that pages are written in; Python knows stranger ones that unpack or compute."""

TITLE = ("og:title", "twitter:title")
DESCRIPTION = ("og:description", "twitter:description", "description")
PICTURE = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
WANTED = frozenset((*TITLE, *DESCRIPTION, *PICTURE))

_BYTE_ORDER = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAID_WITHIN = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_-]{2,20})""", re.I)


def read_page(path: Path, said: str) -> PageLook:
    """Read the head of a page.

    Args:
        path: The page, or its first part.
        said: The encoding that came with it, perhaps none.

    Raises:
        UnreadableError: It says nothing of itself.
    """
    content = path.read_bytes()
    head = _Head()
    text = content.decode(encoding_of(content, said), "replace")
    for start in range(0, len(text), PIECE):
        head.feed(text[start : start + PIECE])
        if head.is_over:
            break
    found = PageLook(
        head.first(TITLE) or head.title.strip(), head.first(DESCRIPTION), head.first(PICTURE)
    )
    if not found.title and not found.picture:
        raise UnreadableError("the page has no title")
    return found


def encoding_of(content: bytes, said: str) -> str:
    """Return the encoding of a page: by its first bytes, as was said, or as it says itself."""
    for mark, encoding in _BYTE_ORDER:
        if content.startswith(mark):
            return encoding
    within = _SAID_WITHIN.search(content[:4_096])
    for name in (said, within[1].decode("ascii") if within else ""):
        if ENCODINGS.fullmatch(name):
            try:
                return codecs.lookup(name).name
            except LookupError:
                continue
    return "utf-8"


class _Head(HTMLParser):
    """Collects what the head of a page says; the body is not looked at."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.said: dict[str, str] = {}
        self.is_over = False
        self._in_title = False

    def first(self, names: tuple[str, ...]) -> str:
        """Return the first of these values that is there."""
        return next((self.said[name] for name in names if self.said.get(name)), "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a value; the body ends it."""
        self._in_title = tag == "title" and not self.title
        if tag == "body":
            self.is_over = True
        elif tag == "meta" and not self.is_over:
            given = dict(attrs)
            name = (given.get("property") or given.get("name") or "").strip().lower()
            if name in WANTED:
                self.said.setdefault(name, (given.get("content") or "").strip()[:MAX_VALUE])

    def handle_endtag(self, tag: str) -> None:
        """Note the end of the head."""
        self._in_title = False
        self.is_over = self.is_over or tag == "head"

    def handle_data(self, data: str) -> None:
        """Take the title."""
        if self._in_title and not self.is_over:
            self.title = (self.title + data)[:MAX_VALUE]
