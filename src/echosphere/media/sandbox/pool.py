"""The pool of sandboxed processes that parse untrusted files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from echosphere.core.errors import Invalid, Unavailable
from echosphere.core.process_pool import (
    DIED,
    QUEUE_SECONDS,
    RETRY_AFTER,
    TIMED_OUT,
    TIMEOUT_SECONDS,
    ProcessPool,
    worker_command,
)
from echosphere.media.sandbox.inspection import Inspection, PageMetadata
from echosphere.media.sandbox.metadata.in_place import STRIPPERS
from echosphere.media.temp_files import AVATAR, CLEANED, THUMBNAIL

WORKERS = 2
NO_SPACE = "no_space"
WORKER = worker_command("echosphere.media.sandbox.worker")

THUMBNAIL_TYPES = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "application/pdf"}
)
INSPECTED_TYPES = THUMBNAIL_TYPES | STRIPPERS.keys()
IMAGE_TYPES = THUMBNAIL_TYPES - {"application/pdf"}


@dataclass(frozen=True, slots=True)
class InspectedFile:
    """The inspection of a file, and the paths of the files that were written."""

    inspection: Inspection
    thumbnail: Path | None
    cleaned: Path | None

    def displayed_size(self) -> tuple[int, int]:
        """Return the size of an image as displayed, in pixels."""
        return self.inspection.width or 1, self.inspection.height or 1


class SandboxPool(ProcessPool):
    """At most `WORKERS` processes, started when the first file comes.

    Args:
        timeout_seconds: Wall-clock limit for one file.
        queue_seconds: How long to wait for a process.
        command: The program to run; tests replace it with a broken one.
    """

    def __init__(
        self,
        timeout_seconds: float = TIMEOUT_SECONDS,
        queue_seconds: float = QUEUE_SECONDS,
        command: tuple[str, ...] = WORKER,
    ) -> None:
        super().__init__(
            command,
            workers=WORKERS,
            timeout_seconds=timeout_seconds,
            queue_seconds=queue_seconds,
        )

    @staticmethod
    def unavailable() -> Unavailable:
        """Return the refusal of a file that could not be inspected for reasons of the server."""
        return inspection_unavailable()

    async def inspect(
        self, path: Path, content_type: str, *, opaque: bool = False
    ) -> InspectedFile | None:
        """Inspect a file of a type in `INSPECTED_TYPES`; None if it cannot be parsed.

        The thumbnail, and a copy without personal metadata if there were any, are written beside
        the file. Recordings are cleaned in place.

        Args:
            path: The file.
            content_type: Its type.
            opaque: Replaces transparency in the thumbnail by a contrasting background.

        Raises:
            Invalid: It unpacks to more than is allowed.
            Unavailable: No process was free, or the machine lacks memory or disk space.
        """
        thumbnail, cleaned = path.with_suffix(THUMBNAIL), path.with_suffix(CLEANED)
        request = {
            "path": str(path),
            "content_type": content_type,
            "thumbnail": str(thumbnail),
            "cleaned": str(cleaned),
        } | ({"opaque": "yes"} if opaque else {})
        response = await self._request(request)
        if response is None:
            return None
        del response["outcome"]
        inspection = Inspection(**response)
        return InspectedFile(
            inspection,
            thumbnail if inspection.thumbnail else None,
            cleaned if inspection.cleaned else None,
        )

    async def make_avatar(self, path: Path, content_type: str) -> Path | None:
        """Write a square version of an image of a type in `IMAGE_TYPES` beside the file.

        Returns None if the image cannot be decoded.

        Raises:
            Invalid: It unpacks to more than is allowed.
            Unavailable: No process was free, or the machine lacks memory or disk space.
        """
        avatar = path.with_suffix(AVATAR)
        request = {"path": str(path), "content_type": content_type, "avatar": str(avatar)}
        return None if await self._request(request) is None else avatar

    async def read_page_metadata(self, path: Path, encoding: str) -> PageMetadata | None:
        """Read title, description and image URL of a web page; None if it has none.

        Args:
            path: The page, or its beginning.
            encoding: The charset of its `Content-Type`; empty if there was none.

        Raises:
            Unavailable: No process was free, or the machine lacks memory or disk space.
        """
        request = {"path": str(path), "content_type": "text/html", "encoding": encoding}
        response = await self._request(request)
        if response is None:
            return None
        return PageMetadata(response["title"], response["description"], response["image_url"])

    async def _request(self, request: dict[str, str]) -> dict[str, Any] | None:
        response = await self.ask(request)
        if response["outcome"] in (DIED, TIMED_OUT, NO_SPACE):
            raise inspection_unavailable()
        if response["outcome"] == "too_big":
            raise Invalid(response["detail"], fields={"file": response["detail"]})
        return response if response["outcome"] == "done" else None


def inspection_unavailable() -> Unavailable:
    """Return the refusal of a file that could not be inspected for reasons of the server."""
    sentence = "The file cannot be checked right now. Try again in a moment."
    return Unavailable(sentence, retry_after=RETRY_AFTER)
