"""The sandboxed process: reads one request per line, and writes one response per line.

It loads nothing of EchoSphere but this package: no settings, no secrets, no database.
"""

import errno
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from echosphere.media.sandbox.avatar import make_avatar
from echosphere.media.sandbox.images import FORMATS, inspect_image
from echosphere.media.sandbox.inspection import Inspection, PageMetadata, TooBigError
from echosphere.media.sandbox.metadata.in_place import inspect_recording
from echosphere.media.sandbox.page_metadata import read_page_metadata
from echosphere.media.sandbox.pdf import inspect_pdf

try:
    import resource
except ImportError:  # Windows: only the pool's time limit applies
    resource = None  # type: ignore[assignment]

MAX_MEMORY = 1536 * 1024 * 1024
"""Bytes of address space, most of them for code and libraries: the largest image takes a fraction."""

MAX_CPU_SECONDS = 20
"""Processor time for one file."""

MAX_WRITTEN = 64 * 1024 * 1024
"""Bytes of one written file, in addition to the size of the given one."""

OUT_OF_RESOURCES = frozenset(
    {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EIO,
        errno.EROFS,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOMEM,
        errno.EAGAIN,  # no thread or process more
    }
)

NO_THREAD = "can't start new thread"


def main() -> None:
    """Serve requests until standard input ends."""
    responses = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Libraries that print must not disturb the responses.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _limit_memory()
    serve_requests(sys.stdin, responses)


def serve_requests(requests: TextIO, responses: TextIO) -> None:
    """Respond to each line of `requests` with one line."""
    for line in requests:
        responses.write(json.dumps(_respond(json.loads(line))) + "\n")
        responses.flush()


def _respond(request: dict[str, str]) -> dict[str, Any]:
    path = Path(request["path"])
    _limit_work(path)
    try:
        return {"outcome": "done", **asdict(_inspect(path, request))}
    except TooBigError as error:
        return {"outcome": "too_big", "detail": str(error)}
    except Exception as error:  # decoders raise anything on a broken file
        outcome = "no_space" if _is_out_of_resources(error) else "unreadable"
        return {"outcome": outcome, "detail": str(error)}


def _is_out_of_resources(error: BaseException | None) -> bool:
    """Whether the machine lacks memory, disk space or the like, so that the file is not at fault."""
    while error is not None:
        lacks = isinstance(error, OSError) and error.errno in OUT_OF_RESOURCES
        if lacks or isinstance(error, MemoryError) or str(error) == NO_THREAD:
            return True
        error = error.__cause__ or error.__context__
    return False


def _inspect(path: Path, request: dict[str, str]) -> Inspection | PageMetadata:
    content_type = request["content_type"]
    if content_type == "text/html":
        return read_page_metadata(path, request["encoding"])
    if "avatar" in request:
        return make_avatar(path, content_type, Path(request["avatar"]))
    thumbnail = Path(request["thumbnail"])
    if content_type == "application/pdf":
        return inspect_pdf(path, thumbnail)
    if content_type in FORMATS:
        cleaned, opaque = Path(request["cleaned"]), "opaque" in request
        return inspect_image(path, content_type, thumbnail, cleaned, opaque=opaque)
    return inspect_recording(path, content_type)


def _limit_memory() -> None:
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_work(path: Path) -> None:
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        until = int(used.ru_utime + used.ru_stime) + MAX_CPU_SECONDS
        hard_limit = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (until, hard_limit))
        written = path.stat().st_size + MAX_WRITTEN
        resource.setrlimit(
            resource.RLIMIT_FSIZE, (written, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
        )
