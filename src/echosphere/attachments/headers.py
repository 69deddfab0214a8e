"""The headers under which a stored file is served: they keep it inert and private."""

from urllib.parse import quote

from echosphere.attachments.attachment import INLINE
from echosphere.attachments.ranges import Part

FIXED = {
    "Accept-Ranges": "bytes",
    # Whoever may see a file may lose that right, so every use asks again; the answer is short.
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Cookie, Authorization",
}


def headers_of(part: Part, *, kind: str, name: str, etag: str) -> dict[str, str]:
    """Return the headers of the answer with a part of a file."""
    headers = {**FIXED, "ETag": f'"{etag}"'}
    if part.content_range:
        headers["Content-Range"] = part.content_range
    if part.status in (200, 206):
        headers["Content-Type"] = with_charset(kind)
        headers["Content-Disposition"] = disposition(kind, name)
        headers["Content-Length"] = str(part.length)
    return headers


def with_charset(kind: str) -> str:
    """Return a type as a header says it; our text is UTF-8, as was checked."""
    return f"{kind}; charset=utf-8" if kind == "text/plain" else kind


def disposition(kind: str, name: str) -> str:
    """Return how a browser is to take a file: shown in place only if that cannot run script.

    RFC 6266 with RFC 8187: a plain name for old programs, the true one for all others.
    """
    how = "inline" if kind in INLINE else "attachment"
    plain = "".join(
        character if character.isascii() and character.isprintable() else "_" for character in name
    )
    plain = plain.translate(str.maketrans('"\\%', "___"))
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
