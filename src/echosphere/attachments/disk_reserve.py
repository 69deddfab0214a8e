"""Keeps disk space free of uploads, so that messages can still be stored."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from echosphere.core.errors import Unavailable

RETRY_AFTER = 600
"""Seconds; an operator has to free disk space first."""


async def require_free_disk(data: Path, reserve: int) -> None:
    """Check that there is room for files beside what is reserved for the database.

    Args:
        data: The data folder.
        reserve: Bytes of its disk.

    Raises:
        Unavailable: Less than the reserve is free.
    """
    usage = await asyncio.to_thread(shutil.disk_usage, data)
    if usage.free < reserve:
        raise Unavailable(
            "The server's disk is nearly full, so files cannot be sent. Messages still can.",
            retry_after=RETRY_AFTER,
        )


@contextmanager
def full_disk_told() -> Iterator[None]:
    """Refuse what the disk does not take, so that it is tried again later.

    Raises:
        Unavailable: It could not be stored.
    """
    try:
        yield
    except OSError as error:
        raise Unavailable("The file cannot be stored right now.", retry_after=30) from error
