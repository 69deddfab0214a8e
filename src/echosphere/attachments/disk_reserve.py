"""Keeps disk space free of uploads, so that messages can still be stored."""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path

from echosphere.core.errors import Unavailable

RETRY_AFTER = 600
"""Seconds; an operator has to free disk space first."""


@dataclass(frozen=True, slots=True)
class DiskReserve:
    """Bytes of the data folder's disk that are reserved for the database."""

    data: Path
    size: int

    async def require(self) -> None:
        """Check that there is room for files.

        Raises:
            Unavailable: Less than the reserve is free.
        """
        usage = await asyncio.to_thread(shutil.disk_usage, self.data)
        if usage.free < self.size:
            raise Unavailable(
                "The server's disk is nearly full, so no files can be sent. Messages still can.",
                retry_after=RETRY_AFTER,
            )
