"""Serves the files of the built client, compressed where the browser accepts it."""

import asyncio
import mimetypes
from functools import lru_cache
from pathlib import Path

from quart import Quart, Response, request
from werkzeug.datastructures import Accept
from werkzeug.security import safe_join

from echosphere.core.errors import NotFound

URL_PATH = "/static"
ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""Content codings that the build produces, best first, with their file extensions."""

CONTENT_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""Types that browsers require; the tables of some systems lack them or are wrong."""


def serve_static(app: Quart, folder: Path) -> None:
    """Add the route of the files in a folder, with their compressed forms beside them.

    Args:
        app: The application that gets the route.
        folder: Holds the files; `name.br` and `name.gz` are forms of `name`.
    """

    async def static(filename: str) -> Response:
        return await send_static(_find(folder, filename))

    app.add_url_rule(f"{URL_PATH}/<path:filename>", "static", static)


async def send_static(path: Path) -> Response:
    """Return a response with a public file, in the best coding that the browser accepts."""
    encoding = _encoding(path, request.accept_encodings)
    sent = path.with_name(path.name + ENCODINGS[encoding]) if encoding else path
    status = sent.stat()
    content = await asyncio.to_thread(_read, sent, status.st_mtime_ns, status.st_size)
    response = Response(content, mimetype=_content_type(path))
    response.cache_control.public = True
    response.last_modified = status.st_mtime  # type: ignore[assignment]  # seconds are taken, too
    response.set_etag(f"{status.st_mtime_ns:x}-{status.st_size:x}")
    if encoding:
        response.headers["content-encoding"] = encoding
    response.vary.add("accept-encoding")
    await response.make_conditional(request, accept_ranges=True, complete_length=len(content))
    return response


@lru_cache(maxsize=512)
def _read(path: Path, _modified: int, _size: int) -> bytes:
    """Return a file's content, cached while it is unchanged: the client has a few megabytes in all.

    Streaming an open file would leak it if the client disconnects while a thread opens or closes it.
    """
    return path.read_bytes()


def _find(folder: Path, filename: str) -> Path:
    """Return a file in the folder.

    Raises:
        NotFound: There is none of this name.
    """
    joined = None if filename.endswith("/") else safe_join(str(folder), filename)
    try:
        found = joined is not None and Path(joined).is_file()
    except (OSError, ValueError):  # a name that no file can have
        found = False
    if joined is None or not found or _is_compressed_form(Path(joined)):
        raise NotFound("File not found.")
    return Path(joined)


def _is_compressed_form(path: Path) -> bool:
    """Whether this is the compressed form of another file, which is not served by its own URL."""
    return path.suffix in ENCODINGS.values() and path.with_suffix("").is_file()


def _encoding(path: Path, accepted: Accept) -> str | None:
    """Return the best content coding that the browser accepts and the build has made."""
    for encoding, ending in ENCODINGS.items():
        if accepted[encoding] > 0 and path.with_name(path.name + ending).is_file():
            return encoding
    return None


def _content_type(path: Path) -> str:
    guessed = CONTENT_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    return guessed or "application/octet-stream"
