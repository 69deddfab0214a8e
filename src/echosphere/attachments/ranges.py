"""Which part of a file a request wants, and whether it has it already (RFC 9110, 13 and 14)."""

import re
from dataclasses import dataclass

from werkzeug.datastructures import Headers
from werkzeug.http import parse_etags, unquote_etag

# Several ranges at once are answered with the whole: nobody needs them, and each costs.
ONE_RANGE = re.compile(r"bytes=[ \t]*([0-9]{1,19})?-([0-9]{1,19})?[ \t]*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """The answer's status, and the bytes from `start` to before `end` of `size`."""

    status: int
    start: int
    end: int
    size: int

    @property
    def length(self) -> int:
        """How many bytes there are to send."""
        return self.end - self.start

    @property
    def content_range(self) -> str | None:
        """The `Content-Range` header, if the answer needs one."""
        if self.status == 206:
            return f"bytes {self.start}-{self.end - 1}/{self.size}"
        return f"bytes */{self.size}" if self.status == 416 else None


def part_of(headers: Headers, etag: str, size: int) -> Part:
    """Return what to send of a file that never changes under its `etag` (without quotes)."""
    if parse_etags(headers.get("if-none-match")).contains_weak(etag):
        return Part(304, 0, 0, size)
    wanted = ONE_RANGE.match(headers.get("range", ""))
    if wanted is None or not _still_the_same(headers.get("if-range"), etag):
        return Part(200, 0, size, size)
    return _found(wanted[1], wanted[2], size)


def _found(first: str | None, last: str | None, size: int) -> Part:
    if first is None:
        start, end = max(0, size - int(last or 0)), size
        asks_for_nothing = last is None
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        asks_for_nothing = last is not None and int(last) < int(first)
    if asks_for_nothing:
        return Part(200, 0, size, size)
    return Part(206, start, end, size) if start < end else Part(416, 0, 0, size)


def _still_the_same(condition: str | None, etag: str) -> bool:
    """`If-Range` needs a strong match; a date never matches, since we send none."""
    return condition is None or unquote_etag(condition.strip()) == (etag, False)
