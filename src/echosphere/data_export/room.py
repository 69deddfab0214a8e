"""Checks whether there is space for a download: on the disk, and within the operator's limits."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from echosphere.attachments import bytes_in_conversation, total_bytes_stored
from echosphere.conversations import (
    access_conversation,
    group_ids_of,
    members_of_direct_conversations,
)
from echosphere.core.errors import QuotaExceeded, Unavailable
from echosphere.data_export import store
from echosphere.database import Database, Snapshot
from echosphere.settings import Settings

MIB = 1024 * 1024
MARGIN = 16 * MIB
"""Bytes for what is not a file of someone: texts and lists."""

RETRY_AFTER = 3600
TOO_LARGE = "Your data is too large to download from this server. Ask an administrator for it."
NO_ROOM = (
    "The server does not have enough space for a download of your data right now. Try again later."
)


class NoRoomError(Exception):
    """The disk is nearly full."""


class Room(msgspec.Struct, frozen=True):
    """What downloads may take.

    Attributes:
        database: Knows how large the files are.
        folder: Where they are written, on the disk of the data folder.
        settings: Returns the settings of this moment. What all files may take together holds for files
            and downloads together.
    """

    database: Database
    folder: Path
    settings: Callable[[], Settings]

    async def require(self, user_id: str) -> None:
        """Check that a download of all that a user may see has room.

        Raises:
            QuotaExceeded: It would be larger than allowed, or all files together.
            Unavailable: The disk has not so much room.
        """
        own, stored = await self.database.read(_sizes, user_id)
        needed, settings = own + MARGIN, self.settings()
        if settings.max_export and needed > settings.max_export:
            raise QuotaExceeded(TOO_LARGE)
        if settings.storage_in_all and stored + needed > settings.storage_in_all:
            raise QuotaExceeded(NO_ROOM)
        if await self._free() - needed < settings.disk_reserve:
            raise Unavailable(NO_ROOM, retry_after=RETRY_AFTER)

    async def require_within(self, size: int) -> None:
        """Check a download that is being made, at the size that it has by now.

        Raises:
            QuotaExceeded: It is larger than allowed.
            NoRoomError: The disk has little room left.
        """
        settings = self.settings()
        if settings.max_export and size > settings.max_export:
            raise QuotaExceeded(TOO_LARGE)
        if await self._free() < settings.disk_reserve:
            raise NoRoomError

    async def _free(self) -> int:
        return (await asyncio.to_thread(shutil.disk_usage, self.folder)).free


def _sizes(snapshot: Snapshot, user_id: str) -> tuple[int, int]:
    """Return the bytes of the files that a user may see, and of all files and downloads."""
    conversations = [
        *group_ids_of(snapshot, user_id),
        *members_of_direct_conversations(snapshot, user_id),
    ]
    accesses = (access_conversation(snapshot, user_id, one) for one in conversations)
    own = sum(
        bytes_in_conversation(snapshot, access.conversation.id, access.sees_after)
        for access in accesses
    )
    return own, total_bytes_stored(snapshot) + store.total_bytes(snapshot)
