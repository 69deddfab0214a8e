"""Range and conditional requests for files (RFC 9110, sections 13 and 14)."""

import re

import msgspec
from werkzeug.datastructures import Headers
from werkzeug.http import parse_etags, unquote_etag

# Requests for several ranges get the whole file: clients do not need them, and each range costs.
ONE_RANGE = re.compile(r"bytes=[ \t]*([0-9]{1,19})?-([0-9]{1,19})?[ \t]*\Z", re.IGNORECASE)


class ByteRange(msgspec.Struct, frozen=True):
    """The status of the response, and the bytes from `start` to before `end` of `size`."""

    status: int
    start: int
    end: int
    size: int

    @property
    def length(self) -> int:
        """The number of bytes to send."""
        return self.end - self.start

    @property
    def content_range(self) -> str | None:
        """The `Content-Range` header; None if the response has none."""
        if self.status == 206:
            return f"bytes {self.start}-{self.end - 1}/{self.size}"
        return f"bytes */{self.size}" if self.status == 416 else None


def requested_range(headers: Headers, etag: str, size: int) -> ByteRange:
    """Return what to send of a file that never changes under its `etag` (without quotes)."""
    if parse_etags(headers.get("if-none-match")).contains_weak(etag):
        return ByteRange(304, 0, 0, size)
    requested = ONE_RANGE.match(headers.get("range", ""))
    if requested is None or not _if_range_matches(headers.get("if-range"), etag):
        return ByteRange(200, 0, size, size)
    return _resolve(requested[1], requested[2], size)


def _resolve(first: str | None, last: str | None, size: int) -> ByteRange:
    if first is None:
        start, end = max(0, size - int(last or 0)), size
        is_invalid = last is None
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        is_invalid = last is not None and int(last) < int(first)
    if is_invalid:
        return ByteRange(200, 0, size, size)
    return ByteRange(206, start, end, size) if start < end else ByteRange(416, 0, 0, size)


def _if_range_matches(condition: str | None, etag: str) -> bool:
    """Compare strongly; a date never matches, since we send no `Last-Modified`."""
    return condition is None or unquote_etag(condition.strip()) == (etag, False)
