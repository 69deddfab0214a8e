"""Writes one conversation: its messages as JSON lines and as pages, and their files."""

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from typing import Any

import msgspec

from echosphere.archive import member_name
from echosphere.attachments import access_attachment
from echosphere.core.errors import NotFound
from echosphere.data_export.contents import (
    CONVERSATION,
    HISTORY,
    MESSAGE,
    OF_CONVERSATION,
    VERSIONS,
)
from echosphere.data_export.making import Making
from echosphere.data_export.pages import MessageContext, message_html, moment, page, url
from echosphere.i18n import translate
from echosphere.messages import MessageShape
from echosphere.wire import encode

ON_PAGE = 500
"""Messages of one HTML page."""

MAX_PAGE_CHARACTERS = 1_000_000
"""Of HTML, after which a page ends earlier."""

FETCHED = 100


class Written(msgspec.Struct, frozen=True):
    """A conversation that was written, for the list of all."""

    folder: str
    title: str
    messages: int
    last_at: int | None


class WrittenPage(msgspec.Struct, frozen=True):
    """A page that was written, for the list of all pages."""

    name: str
    first_at: int
    last_at: int


async def write_conversation(making: Making, conversation: str, number: int) -> Written | None:
    """Write a conversation; return None if its owner has left it meanwhile."""
    found = await making.own.find(CONVERSATION, conversation=conversation)
    if found is None:
        return None
    title = conversation_title(making, found.conversation)
    folder = f"conversations/{member_name(title, number)}"
    await making.add_json(f"{folder}/conversation", found)
    with ExitStack() as stack:
        writer = _ConversationWriter(making, found.conversation, title, folder, stack)
        await writer.write_documents()
        await writer.write_messages()
        return Written(folder, title, writer.count, writer.last_at)


def conversation_title(making: Making, conversation: Any) -> str:
    """Return the title of a group, or the name of the other person."""
    if conversation.title is not None:
        return str(conversation.title)
    reader = making.reader
    others = [one.user.name for one in conversation.members if one.user.id != reader.user_id]
    return others[0] if others else translate(reader.language, "Notes")


class _Page:
    """The messages since the last page, rendered."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.seqs: set[int] = set()
        self.characters = 0
        self.first_at = 0
        self.last_at = 0

    @property
    def is_full(self) -> bool:
        return len(self.parts) >= ON_PAGE or self.characters >= MAX_PAGE_CHARACTERS

    def add(self, message: MessageShape, html: str) -> None:
        self.first_at = self.first_at or message.created_at
        self.last_at = message.created_at
        self.parts.append(html)
        self.seqs.add(message.seq)
        self.characters += len(html)


class _ConversationWriter:
    """Writes the parts of one conversation; what becomes one member is spooled meanwhile."""

    def __init__(
        self, making: Making, conversation: Any, title: str, folder: str, stack: ExitStack
    ) -> None:
        self._making = making
        self._conversation = conversation
        self._title = title
        self._folder = folder
        self._names = {one.user.id: one.user.name for one in conversation.members}
        self._lines = stack.enter_context(making.spool())
        self._versions = stack.enter_context(making.spool())
        self._copied = stack.enter_context(making.spool())
        self._page = _Page()
        self._pages: list[WrittenPage] = []
        self._files = 0
        self.count = 0
        self.last_at: int | None = None

    async def write_documents(self) -> None:
        """Write what waits for a decision, and what only those who run the group see."""
        for name, path in OF_CONVERSATION.items():
            found = await self._making.own.find(path, conversation=self._conversation.id)
            if found is not None:
                await self._making.add_json(f"{self._folder}/{name}", found)
                if name == "held":
                    await self._copy_held(found)

    async def _copy_held(self, found: Any) -> None:
        for held in found.held:
            for attachment in held.attachments:
                with suppress(NotFound):  # someone else's, which no one sees before it is posted
                    await self._copy(attachment)

    async def write_messages(self) -> None:
        """Write all messages, in the order of the conversation."""
        after, more = 0, True
        while more:
            given = {"conversation": self._conversation.id, "after": after, "limit": FETCHED}
            found = await self._making.own.find(HISTORY, **given)
            if found is None or not found.messages:
                break
            for message in found.messages:
                await self._write_message(message)
            after, more = found.messages[-1].seq, found.more
        await self._end_page(last=True)
        await self._making.add_spool(f"{self._folder}/messages.jsonl", self._lines)
        for name, spool in (("versions.jsonl", self._versions), ("files.jsonl", self._copied)):
            if spool.tell():
                await self._making.add_spool(f"{self._folder}/{name}", spool)
        await self._write_list()

    async def _write_message(self, message: MessageShape) -> None:
        paths = await self._copy_files(message.attachments)
        if paths is None:  # deleted since it was read
            message_now = await self._making.own.find(
                MESSAGE, conversation=message.conversation, seq=message.seq
            )
            if message_now is None:
                return
            message, paths = message_now.message, {}
        await self._write_versions(message)
        self._lines.write(encode(message) + b"\n")
        if self._page.is_full:
            await self._end_page(last=False)
        context = MessageContext(self._making.reader, self._names, paths, self._page.seqs)
        self._page.add(message, message_html(message, context))
        self.count += 1
        self.last_at = message.created_at
        await self._making.pause()

    async def _copy_files(self, attachments: Sequence[Any]) -> dict[str, str] | None:
        """Copy the files of a message; return where they are, or None if they are gone."""
        paths: dict[str, str] = {}
        for attachment in attachments:
            try:
                path = await self._copy(attachment.id)
            except NotFound:
                return None
            if path is not None:
                paths[attachment.id] = path
        return paths

    async def _copy(self, attachment: str) -> str | None:
        """Copy a file; return its path beside the pages, or None if it is not stored any more."""
        making = self._making
        viewer = making.reader.user_id
        file = await making.database.read(access_attachment, viewer, attachment)
        self._files += 1
        name = f"files/{member_name(file.name, self._files)}"
        path = f"{self._folder}/{name}"
        is_there = await making.add_blob(path, making.files, file.blob_id, file.size, file.type)
        if not is_there:
            return None
        self._copied.write(encode({"attachment": attachment, "path": name}) + b"\n")
        return name

    async def _write_versions(self, message: MessageShape) -> None:
        if message.edited_at is None or message.deleted:
            return
        here = {"conversation": message.conversation, "seq": message.seq}
        found = await self._making.own.find(VERSIONS, **here)
        if found is not None and found.versions:
            self._versions.write(encode({"seq": message.seq, "versions": found.versions}) + b"\n")

    async def _end_page(self, *, last: bool) -> None:
        """Write the messages since the last page as one; there is at least one page."""
        ended, reader = self._page, self._making.reader
        number = len(self._pages) + 1
        links = [
            ("../../index.html", reader.say("All conversations")),
            ("pages.html", reader.say("All pages")),
        ]
        if number > 1:
            links.append((_page_name(number - 1), reader.say("Earlier messages")))
        if not last:
            links.append((_page_name(number + 1), reader.say("Later messages")))
        empty = f'<p class="minor">{reader.say("There are no messages.")}</p>'
        body = "".join(ended.parts) or empty
        name = _page_name(number)
        await self._making.add(f"{self._folder}/{name}", page(reader, self._title, body, links))
        await self._making.check()
        self._pages.append(WrittenPage(name, ended.first_at, ended.last_at))
        self._page = _Page()

    async def _write_list(self) -> None:
        items = "".join(
            f'<li><a href="{url(one.name)}">{number}</a>'
            f'<span class="minor">{moment(one.first_at)} … {moment(one.last_at)}</span></li>'
            for number, one in enumerate(self._pages, 1)
        )
        reader = self._making.reader
        links = [("../../index.html", reader.say("All conversations"))]
        content = page(reader, self._title, f'<ol class="list">{items}</ol>', links)
        await self._making.add(f"{self._folder}/pages.html", content)


def _page_name(number: int) -> str:
    return "index.html" if number == 1 else f"page-{number:05d}.html"
