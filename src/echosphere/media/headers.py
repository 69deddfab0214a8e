"""Response headers for stored files: they keep scripts from running and caches from sharing."""

from urllib.parse import quote

from echosphere.media.ranges import ByteRange

INLINE_TYPES = frozenset(
    {
        "image/jpeg", "image/png", "image/gif", "image/webp", "image/avif",
        "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/webm", "audio/flac",
        "audio/aac", "audio/x-matroska", "video/mp4", "video/webm", "video/ogg", "video/quicktime",
        "video/3gpp", "video/x-matroska",
    }
)  # fmt: skip
"""Types that browsers may display, since they cannot run scripts; all others are downloaded."""

FIXED_HEADERS = {
    "Accept-Ranges": "bytes",
    # A viewer may lose access to a file, so every use is revalidated; the response is short.
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Cookie, Authorization",
}


def file_headers(part: ByteRange, *, content_type: str, name: str, etag: str) -> dict[str, str]:
    """Return the headers of a response with a file, or part of it."""
    headers = {**FIXED_HEADERS, "ETag": f'"{etag}"'}
    if part.content_range:
        headers["Content-Range"] = part.content_range
    if part.status in (200, 206):
        headers["Content-Type"] = content_type_header(content_type)
        headers["Content-Disposition"] = content_disposition(content_type, name)
        headers["Content-Length"] = str(part.length)
    return headers


def content_type_header(content_type: str) -> str:
    """Return the `Content-Type` header; text was checked to be UTF-8."""
    return f"{content_type}; charset=utf-8" if content_type == "text/plain" else content_type


def content_disposition(content_type: str, name: str) -> str:
    """Return the `Content-Disposition` header: `inline` only for types that cannot run scripts.

    RFC 6266 with RFC 8187: an ASCII name for old clients, the real one for all others.
    """
    how = "inline" if content_type in INLINE_TYPES else "attachment"
    plain = "".join(
        character if character.isascii() and character.isprintable() else "_" for character in name
    )
    plain = plain.translate(str.maketrans('"\\%', "___"))
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
