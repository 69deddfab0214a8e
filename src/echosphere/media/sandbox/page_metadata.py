"""Reads title, description and image URL from the head of a web page."""

import codecs
import re
from html.parser import HTMLParser
from pathlib import Path

from echosphere.media.sandbox.inspection import PageMetadata, UnreadableError

CHUNK = 64 * 1024
MAX_VALUE = 4_000
"""Characters of one value; link previews shorten it further."""

ENCODINGS = re.compile(
    r"utf-?8|utf-?16(-?[lb]e)?|us-ascii|iso-?8859-?\d{1,2}|windows-?12\d\d|cp12\d\d|latin-?1|koi8-[ru]"
    r"|gb2312|gbk|gb18030|big5(-?hkscs)?|euc-(jp|kr)|shift_?jis|iso-2022-jp|tis-?620",
    re.IGNORECASE,
)
"""The encodings of web pages; Python has others, some of which decompress or compute."""

TITLE = ("og:title", "twitter:title")
DESCRIPTION = ("og:description", "twitter:description", "description")
IMAGE = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
WANTED = frozenset((*TITLE, *DESCRIPTION, *IMAGE))

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_-]{2,20})""", re.I
)


def read_page_metadata(path: Path, declared_encoding: str) -> PageMetadata:
    """Read the metadata of a page.

    Args:
        path: The page, or its beginning.
        declared_encoding: The charset of its `Content-Type`; empty if there was none.

    Raises:
        UnreadableError: It has neither a title nor an image.
    """
    content = path.read_bytes()
    head = _HeadParser()
    text = content.decode(detect_encoding(content, declared_encoding), "replace")
    for start in range(0, len(text), CHUNK):
        head.feed(text[start : start + CHUNK])
        if head.is_complete:
            break
    found = PageMetadata(
        head.first(TITLE) or head.title.strip(), head.first(DESCRIPTION), head.first(IMAGE)
    )
    if not found.title and not found.image_url:
        raise UnreadableError("the page has no title")
    return found


def detect_encoding(content: bytes, declared_encoding: str) -> str:
    """Return a page's encoding by its byte order mark, its `Content-Type`, or its `meta` element."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return encoding
    meta = _META_CHARSET.search(content[:4_096])
    for name in (declared_encoding, meta[1].decode("ascii") if meta else ""):
        if ENCODINGS.fullmatch(name):
            try:
                return codecs.lookup(name).name
            except LookupError:
                continue
    return "utf-8"


class _HeadParser(HTMLParser):
    """Collects the `title` and `meta` elements of a page's head; the body is ignored."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.values: dict[str, str] = {}
        self.is_complete = False
        self._in_title = False

    def first(self, names: tuple[str, ...]) -> str:
        """Return the first of these values that is not empty."""
        return next((self.values[name] for name in names if self.values.get(name)), "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Store the value of a `meta` element; the body ends the head."""
        self._in_title = tag == "title" and not self.title
        if tag == "body":
            self.is_complete = True
        elif tag == "meta" and not self.is_complete:
            given = dict(attrs)
            name = (given.get("property") or given.get("name") or "").strip().lower()
            if name in WANTED:
                self.values.setdefault(name, (given.get("content") or "").strip()[:MAX_VALUE])

    def handle_endtag(self, tag: str) -> None:
        """Note the end of the head."""
        self._in_title = False
        self.is_complete = self.is_complete or tag == "head"

    def handle_data(self, data: str) -> None:
        """Collect the title."""
        if self._in_title and not self.is_complete:
            self.title = (self.title + data)[:MAX_VALUE]
