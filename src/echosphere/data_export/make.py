"""The job that creates a download: it starts over after a crash, and never runs twice for one user."""

import asyncio
import errno
from contextlib import closing
from pathlib import Path
from typing import Any

from echosphere.accounts import OwnUser, find_own_user, settings_of
from echosphere.archive import ArchiveWriter
from echosphere.core.caller import Caller
from echosphere.core.errors import QuotaExceeded
from echosphere.data_export.account import write_documents, write_index, write_pictures
from echosphere.data_export.ask import FailExport, FinishExport, StartExport
from echosphere.data_export.contents import CONVERSATIONS, OwnData, Read
from echosphere.data_export.conversation import Written, write_conversation
from echosphere.data_export.export import FOLDER, MAKE, MAX_STARTS, REMOVE, DataExport, Problem
from echosphere.data_export.making import Making, NotWantedError
from echosphere.data_export.pages import Reader
from echosphere.data_export.room import NoRoomError, Room
from echosphere.database import Database, Snapshot
from echosphere.i18n import ENGLISH
from echosphere.jobs import JobRunner
from echosphere.media import Storage, remove_file

FORMAT = "echosphere-own-data"
VERSION = 1
NO_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class ExportMaker:
    """Makes downloads.

    Args:
        database: Holds what was asked for.
        storage: Holds attachments, and takes finished downloads in a folder of its own.
        avatars: Holds the pictures of people and groups.
        read: Runs the operations that REST serves.
        room: Says whether there is room.
        base_url: The address of the server, for the manifest.
    """

    def __init__(
        self,
        database: Database,
        storage: Storage,
        avatars: Storage,
        *,
        read: Read,
        room: Room,
        base_url: str,
    ) -> None:
        self._database = database
        self._files = storage
        self._avatars = avatars
        self._exports = storage.subfolder(FOLDER)
        self._read = read
        self._room = room
        self._base_url = base_url

    def register(self, jobs: JobRunner) -> None:
        """Register the jobs."""
        jobs.register(MAKE, self.make)
        jobs.register(REMOVE, self.remove)

    async def remove(self, payload: dict[str, Any]) -> None:
        """Delete the file of a download."""
        await remove_file(self._exports, self._database, REMOVE, payload)

    async def make(self, payload: dict[str, Any]) -> None:
        """Make a download, from the beginning if it was begun before."""
        export = await self._database.write(StartExport(payload["id"]))
        if export is None:
            return
        path = self._files.incoming / f"{export.id}.export"
        try:
            problem = await self._try(export, path)
        finally:
            await asyncio.to_thread(path.unlink, missing_ok=True)
        if problem is not None:
            await self._database.write(FailExport(export.id, problem))

    async def _try(self, export: DataExport, path: Path) -> Problem | None:
        """Make a download; return why it cannot be made, if so."""
        if export.starts > MAX_STARTS:
            return Problem.BROKEN
        try:
            await asyncio.to_thread(path.unlink, missing_ok=True)
            size = await self._write(export, path)
            await self._exports.put(path, export.id)
        except NotWantedError:
            return None
        except QuotaExceeded:
            return Problem.TOO_LARGE
        except NoRoomError:
            return Problem.NO_ROOM
        except OSError as error:
            if error.errno in NO_DISK:
                return Problem.NO_ROOM
            raise
        if not await self._database.write(FinishExport(export.id, size)):
            await self._exports.remove(export.id)
        return None

    async def _write(self, export: DataExport, path: Path) -> int:
        """Write the archive; return its size in bytes."""
        found = await self._database.read(_owner, export.user_id)
        if found is None:
            raise NotWantedError
        owner, language = found
        made_at = self._database.clock()
        with closing(ArchiveWriter(path, made_at)) as archive:
            making = Making(
                export,
                OwnData(self._read, Caller(owner.id, "", owner.role)),
                archive,
                Reader(owner.id, language),
                self._database,
                self._files,
                self._avatars,
                self._room,
                made_at,
            )
            await making.check()
            await self._write_all(making, owner)
            about = {"format": FORMAT, "version": VERSION, "server": self._base_url}
            about |= {"user": owner.id, "made_at": made_at}
            return await asyncio.to_thread(archive.finish, about)

    async def _write_all(self, making: Making, owner: OwnUser) -> None:
        await write_documents(making)
        listed = await making.own.find(CONVERSATIONS)
        written: list[Written] = []
        for number, one in enumerate(listed.conversations, 1):
            if (done := await write_conversation(making, one.id, number)) is not None:
                written.append(done)
        await write_pictures(making)
        await write_index(making, owner.name, written)


def _owner(snapshot: Snapshot, user_id: str) -> tuple[OwnUser, str] | None:
    """Return the account, and the language of its pages."""
    user = find_own_user(snapshot, user_id)
    if user is None:
        return None
    language = settings_of(snapshot, user_id).language
    return user, ENGLISH if language == "auto" else language
