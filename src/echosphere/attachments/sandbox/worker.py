"""The process that looks into strangers' files: one request a line in, one answer a line out.

It is started with nothing of EchoSphere but this folder: no settings, no secrets, no database.
"""

import errno
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from echosphere.attachments.sandbox.documents import look_at_document
from echosphere.attachments.sandbox.images import FORMATS, look_at_image
from echosphere.attachments.sandbox.outcome import Look, PageLook, TooBigError
from echosphere.attachments.sandbox.pages import read_page
from echosphere.attachments.sandbox.portraits import make_portrait
from echosphere.attachments.sandbox.recordings.clean import look_at_recording

try:
    import resource
except ImportError:  # Windows: the time limit outside must do
    resource = None  # type: ignore[assignment]

MEMORY = 1536 * 1024 * 1024
"""Bytes of address space: the largest allowed image takes a fraction, code and libraries most."""

SECONDS = 20
"""Of processor time for one file."""

WRITTEN = 64 * 1024 * 1024
"""Bytes of one written file beyond the size of the given one."""

NO_ROOM = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EMFILE, errno.ENFILE}
)


def main() -> None:
    """Answer requests until there are no more."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Libraries that print must not disturb the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _limit_memory()
    serve(sys.stdin, answers)


def serve(requests: TextIO, answers: TextIO) -> None:
    """Answer each line of `requests` with one line."""
    for line in requests:
        answers.write(json.dumps(_answer(json.loads(line))) + "\n")
        answers.flush()


def _answer(request: dict[str, str]) -> dict[str, Any]:
    path = Path(request["path"])
    _limit_work(path)
    try:
        return {"outcome": "seen", **asdict(_look(path, request))}
    except TooBigError as error:
        return {"outcome": "too_big", "detail": str(error)}
    except Exception as error:  # whatever a broken file makes a decoder say
        outcome = "no_room" if _is_the_machines(error) else "unreadable"
        return {"outcome": outcome, "detail": str(error)}


def _is_the_machines(error: BaseException | None) -> bool:
    """Whether something failed for want of room on the machine, not for what is in the file."""
    while error is not None and not (isinstance(error, OSError) and error.errno in NO_ROOM):
        error = error.__cause__
    return error is not None


def _look(path: Path, request: dict[str, str]) -> Look | PageLook:
    if request["kind"] == "text/html":
        return read_page(path, request["encoding"])
    if "portrait" in request:
        return make_portrait(path, request["kind"], Path(request["portrait"]))
    thumbnail = Path(request["thumbnail"])
    if request["kind"] == "application/pdf":
        return look_at_document(path, thumbnail)
    if request["kind"] in FORMATS:
        cleaned, opaque = Path(request["cleaned"]), "opaque" in request
        return look_at_image(path, request["kind"], thumbnail, cleaned, opaque=opaque)
    return look_at_recording(path, request["kind"])


def _limit_memory() -> None:
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_work(path: Path) -> None:
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        until = int(used.ru_utime + used.ru_stime) + SECONDS
        most = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (until, most))
        written = path.stat().st_size + WRITTEN
        resource.setrlimit(
            resource.RLIMIT_FSIZE, (written, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
        )
