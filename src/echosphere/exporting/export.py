"""Writes conversations, people and files into one archive, while the server serves."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from html import escape
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import msgspec

from echosphere.archive import ArchiveWriter, member_name
from echosphere.attachments import StoredFile, attachment_shape
from echosphere.avatars import FOLDER as AVATARS
from echosphere.avatars import id_from_path
from echosphere.conversations import conversation_ids_after
from echosphere.core.counting import counted
from echosphere.core.errors import Conflict, Invalid
from echosphere.data_export import MessageContext, Reader, message_html
from echosphere.data_export import page as html_page
from echosphere.database import Database, Snapshot
from echosphere.exporting.records import (
    Head,
    Page,
    kinds_of,
    memberships,
    message_record,
    people_in,
    read_head,
    read_page,
)
from echosphere.i18n import ENGLISH
from echosphere.importing import (
    CONVERSATIONS,
    OWN_SOURCE,
    PEOPLE,
    VERSION,
    ConversationRecord,
    FileRecord,
    Manifest,
    Person,
    encode,
    exported_conversation,
    exported_person,
)
from echosphere.media import Storage
from echosphere.messages import message_shape

IDS_AT_ONCE = 500
LARGEST = 2**40
"""Bytes: what is written in parts may become as long."""

THERE_ALREADY = "A file with this name already exists. Choose another name."
LEFT_BEHIND = (
    "The file {} exists: another export is writing it, or one was interrupted. If none is "
    "running, delete it."
)
CANNOT_WRITE = "The server cannot write there: {}."


class Exported(msgspec.Struct):
    """What an export has, or has so far."""

    people: int = 0
    conversations: int = 0
    messages: int = 0
    files: int = 0
    missing: int = 0
    """Files that the storage lacks."""

    size: int = 0
    """Bytes of the finished archive; 0 before."""


class Exporter:
    """Writes one export.

    Args:
        database: Holds the conversations.
        storage: Holds files, and avatars in a folder.
        path: The archive, which must not exist.
        html: Whether there are pages to read, too.
    """

    def __init__(self, database: Database, storage: Storage, path: Path, *, html: bool) -> None:
        self._database = database
        self._storage = storage
        self._avatars = storage.subfolder(AVATARS)
        self._path = path
        self._html = html
        self._person: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._people: dict[str, Person] = {}
        self._index: list[tuple[str, str, int]] = []
        self._counts = Exported()
        self._archive: ArchiveWriter

    async def run(self, conversation: str | None) -> AsyncIterator[Exported]:
        """Export one conversation, or all; give how far it is after each, and at last all of it.

        Raises:
            NotFound: There is no such conversation.
            Conflict: There is such a file.
            Invalid: It cannot be written.
        """
        made_at = self._database.clock()
        part = self._path.with_name(f"{self._path.name}.part")
        if self._path.exists():
            raise Conflict(THERE_ALREADY)
        try:
            self._archive = ArchiveWriter(part, made_at)
        except FileExistsError:
            raise Conflict(LEFT_BEHIND.format(part.name)) from None
        except OSError as error:
            raise Invalid(CANNOT_WRITE.format(error.strerror)) from None
        try:
            with TemporaryFile(dir=part.parent) as lines:
                for one in [conversation] if conversation else await self._ids():
                    await self._write_conversation(one, lines)
                    yield self._counts
                await self._add_spool(CONVERSATIONS, lines)
            await self._write_people()
            if self._html:
                await asyncio.to_thread(self._write_index)
            manifest = Manifest(version=VERSION, source=OWN_SOURCE, made_at=made_at)
            about = {"format": manifest.format, **msgspec.to_builtins(manifest)}
            self._counts.size = await asyncio.to_thread(self._archive.finish, about)
            await asyncio.to_thread(part.rename, self._path)
            yield self._counts
        finally:
            self._archive.close()
            with suppress(FileNotFoundError):
                part.unlink()

    async def _ids(self) -> list[str]:
        """Return all conversations in the order of the ids under which they are exported."""
        after = ""
        found: list[tuple[str, str]] = []
        while ids := await self._database.read(conversation_ids_after, after, IDS_AT_ONCE):
            names = await self._database.read(_exported, ids)
            found += zip(names, ids, strict=True)
            after = ids[-1]
        return [one for _, one in sorted(found)]

    async def _write_conversation(self, conversation: str, lines: IO[bytes]) -> None:
        head = await self._database.read(read_head, conversation)
        first = await self._database.read(read_page, conversation, 0)
        if first is None and not head.members:
            return
        number = self._counts.conversations + 1
        await self._learn(user_id for user_id, _ in head.members)
        name = f"messages/{number:06}.jsonl"
        with TemporaryFile(dir=self._path.parent) as messages:
            title = self._title(head)
            count = await self._write_messages(number, title, conversation, first, messages)
            await self._add_spool(name, messages)
        record = ConversationRecord(
            id=head.id,
            kind="direct" if head.kind == "direct" else "group",
            title="" if head.kind == "direct" else head.conversation.title or "",
            description=head.conversation.description or "",
            created_at=head.conversation.created_at,
            members=memberships(head, self._person),
            messages=name,
            avatar=await self._write_avatar(f"conversations/{number:06}", head.conversation.avatar),
        )
        lines.write(encode(record) + b"\n")
        self._index.append((title, f"pages/{number:06}-1.html", count))
        self._counts.conversations = number

    def _title(self, head: Head) -> str:
        people = ", ".join(sorted(self._names[user_id] for user_id, _ in head.members))
        return head.conversation.title or people

    async def _write_messages(
        self, number: int, title: str, conversation: str, page: Page | None, lines: IO[bytes]
    ) -> int:
        written: set[int] = set()
        sheet = 0
        while page is not None:
            await self._learn(people_in(page))
            bodies: list[str] = []
            for message in page.messages:
                record = message_record(message, page, self._person, written)
                files = page.files.get(message.seq, ())
                paths: dict[str, str] = {}
                records = []
                for at, file in enumerate(files):
                    path = await self._write_file(number, len(written), at, file)
                    records.append(_file_record(file, path))
                    if path:
                        paths[file.id] = f"../{path}"
                lines.write(encode(msgspec.structs.replace(record, files=records)) + b"\n")
                written.add(message.seq)
                if self._html:
                    shape = message_shape(message, tuple(map(attachment_shape, files)))
                    context = MessageContext(Reader("", ENGLISH), self._names, paths, written)
                    bodies.append(message_html(shape, context))
            self._counts.messages += len(page.messages)
            page = await self._database.read(read_page, conversation, page.last_seq)
            sheet += 1
            if self._html:
                body = _linked(number, sheet, title, "".join(bodies), more=page is not None)
                await asyncio.to_thread(self._archive.add, f"pages/{number:06}-{sheet}.html", body)
        if self._html and not sheet:
            body = _linked(number, 1, title, "", more=False)
            await asyncio.to_thread(self._archive.add, f"pages/{number:06}-1.html", body)
        return len(written)

    async def _learn(self, user_ids: Iterable[str]) -> None:
        """Find out under which ids people are exported."""
        new = sorted(set(user_ids) - self._person.keys())
        if not new:
            return
        found = await self._database.read(_people, new)
        kinds = await self._database.read(kinds_of, new)
        for user_id, person in zip(new, found, strict=True):
            kind, _ = kinds.get(user_id, ("person", None))
            self._person[user_id] = person.id
            self._names[user_id] = person.name
            known = self._people.get(person.id)
            if known is None:
                self._people[person.id] = Person(
                    id=person.id, name=person.name, email=person.email, program=kind != "person"
                )

    async def _write_people(self) -> None:
        here = {exported: user_id for user_id, exported in self._person.items()}
        kinds = await self._database.read(kinds_of, list(self._person))
        with TemporaryFile(dir=self._path.parent) as lines:
            for number, (one, person) in enumerate(sorted(self._people.items()), 1):
                _, address = kinds.get(here[one], ("", None))
                avatar = await self._write_avatar(f"people/{number:06}", address)
                lines.write(encode(msgspec.structs.replace(person, avatar=avatar)) + b"\n")
            await self._add_spool(PEOPLE, lines)
        self._counts.people = len(self._people)

    async def _write_file(self, number: int, message: int, at: int, file: StoredFile) -> str:
        """Write a file of a message and return its path; empty if the storage lacks it."""
        name = member_name(file.name, message)
        path = f"files/{number:06}/{at}-{name}"
        if not await self._write_blob(path, self._storage, file.blob_id):
            self._counts.missing += 1
            return ""
        self._counts.files += 1
        return path

    async def _write_avatar(self, name: str, address: str | None) -> str | None:
        if address is None:
            return None
        path = f"avatars/{name}.webp"
        found = await self._write_blob(path, self._avatars, id_from_path(address))
        return path if found else None

    async def _write_blob(self, path: str, storage: Storage, blob: str) -> bool:
        try:
            size = await storage.size(blob)
            chunks = await storage.read(blob, 0, size) if size else None
        except FileNotFoundError:
            return False
        with self._archive.open(path, size, compress=False) as member:
            if chunks is not None:
                async for chunk in chunks:
                    await asyncio.to_thread(member.write, chunk)
        return True

    async def _add_spool(self, name: str, spool: IO[bytes]) -> None:
        size = spool.tell()
        await asyncio.to_thread(self._archive.add_file, name, spool, size)

    def _write_index(self) -> None:
        items = "".join(
            f'<li><a href="{path}" dir="auto">{escape(title)}</a>'
            f'<span class="minor">{counted(count, "message")}</span></li>'
            for title, path, count in self._index
        )
        body = f'<ul class="list">{items}</ul>'
        self._archive.add("index.html", html_page(Reader("", ENGLISH), "Conversations", body))


def _linked(number: int, sheet: int, title: str, body: str, *, more: bool) -> bytes:
    """Return a page of messages, with links to the pages around it."""
    links = [("../index.html", "All conversations")]
    if sheet > 1:
        links.append((f"{number:06}-{sheet - 1}.html", "Earlier"))
    if more:
        links.append((f"{number:06}-{sheet + 1}.html", "Later"))
    shown = title or "Conversation"
    if sheet > 1 or more:
        shown += f", page {sheet}"
    return html_page(Reader("", ENGLISH), shown, body, links)


def _file_record(file: StoredFile, path: str) -> FileRecord:
    return FileRecord(path=path, name=file.name, duration=file.duration, waveform=file.waveform)


def _exported(snapshot: Snapshot, conversations: list[str]) -> list[str]:
    return [exported_conversation(snapshot, one).id for one in conversations]


def _people(snapshot: Snapshot, user_ids: list[str]) -> list[Person]:
    found = (exported_person(snapshot, user_id) for user_id in user_ids)
    return [Person(id=one.id, name=one.name, email=one.email) for one in found]
