"""A reserve of disk that uploads leave untouched, so that words can still be said."""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path

from echosphere.core.errors import Unavailable

RETRY_AFTER = 600
"""Seconds; somebody has to make room first."""


@dataclass(frozen=True, slots=True)
class Reserve:
    """So many bytes of the data folder's disk are for the database alone."""

    data: Path
    size: int

    async def require(self) -> None:
        """Return if there is room for a file.

        Raises:
            Unavailable: Less than the reserve is free.
        """
        usage = await asyncio.to_thread(shutil.disk_usage, self.data)
        if usage.free < self.size:
            raise Unavailable(
                "The server's disk is nearly full, so no files can be sent. Messages still can.",
                retry_after=RETRY_AFTER,
            )
