"""What all parts of making a download share: the archive, its owner, and what may stop it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO, Any

import msgspec

from echosphere.archive import ArchiveWriter, Member
from echosphere.data_export.ask import is_wanted
from echosphere.data_export.contents import OwnData
from echosphere.data_export.export import DataExport
from echosphere.data_export.pacing import Pacer
from echosphere.data_export.pages import Reader
from echosphere.data_export.room import Room
from echosphere.database import Database
from echosphere.media import Storage
from echosphere.wire import encode

CHECK_EVERY = 32 * 1024 * 1024
"""Bytes after which it is looked at whether there is still room."""

STORED_AS_THEY_ARE = ("image/", "video/", "audio/", "application/zip", "application/gzip")
"""Types of files that compressing would not make shorter."""


class NotWantedError(Exception):
    """Its owner has given it up, or closed their account."""


@dataclass(slots=True)
class Making:
    """A download that is being made.

    Attributes:
        export: What was asked for.
        own: Reads what its owner may see.
        archive: Where all is written.
        reader: The owner, for whom the pages are.
        files: Stored attachments.
        made_at: When, in milliseconds since 1970 UTC.
        pictures: The addresses of the pictures of people and groups that were named so far.
    """

    export: DataExport
    own: OwnData
    archive: ArchiveWriter
    reader: Reader
    database: Database
    files: Storage
    avatars: Storage
    room: Room
    made_at: int
    pacer: Pacer = field(default_factory=Pacer)
    pictures: set[str] = field(default_factory=set)
    _checked: int = 0

    async def add(self, name: str, content: bytes) -> None:
        """Write a whole member."""
        await asyncio.to_thread(self.archive.add, name, content)
        await self.pause()

    async def add_json(self, name: str, value: Any) -> None:
        """Write an answer of the server as a readable JSON document."""
        self.pictures.update(_pictures(msgspec.to_builtins(value)))
        await self.add(f"{name}.json", msgspec.json.format(encode(value), indent=2) + b"\n")

    def spool(self) -> IO[bytes]:
        """Return a temporary file for what becomes one member when all of it is known."""
        return TemporaryFile("w+b", dir=self.files.incoming)

    async def add_spool(self, name: str, spool: IO[bytes]) -> None:
        """Write what a temporary file has as a member."""
        await asyncio.to_thread(self.archive.add_file, name, spool, spool.tell())
        await self.pause()

    async def add_blob(self, name: str, storage: Storage, blob: str, size: int, kind: str) -> bool:
        """Write a stored file; return False if it is not there any more."""
        try:
            chunks = await storage.read(blob, 0, size)
        except FileNotFoundError:
            return False
        compress = not kind.startswith(STORED_AS_THEY_ARE)
        with self.archive.open(name, size, compress=compress) as member:
            async for chunk in chunks:
                await self._append(member, bytes(chunk))
        return True

    async def _append(self, member: Member, chunk: bytes) -> None:
        await asyncio.to_thread(member.write, chunk)
        await self.pause()

    async def pause(self) -> None:
        """Rest, and see from time to time whether to go on.

        Raises:
            QuotaExceeded: The download has become larger than allowed.
            NotWantedError: No one waits for it any more.
        """
        await self.pacer.rest()
        if self.archive.size - self._checked >= CHECK_EVERY:
            self._checked = self.archive.size
            await self.check()

    async def check(self) -> None:
        """See whether to go on; as `pause`."""
        await self.room.require_within(self.archive.size)
        if not await self.database.read(is_wanted, self.export.id):
            raise NotWantedError


def _pictures(value: Any) -> Iterator[str]:
    """Yield the addresses of all pictures of people and groups in decoded JSON."""
    if isinstance(value, dict):
        if isinstance(value.get("avatar_url"), str):
            yield value["avatar_url"]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _pictures(one)
