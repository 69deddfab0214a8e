"""The HTTP door of reading: the history, one message, earlier words, pins, files."""

from echosphere.caller import Caller
from echosphere.database import Database
from echosphere.limits import Limits
from echosphere.messages.files import files_page
from echosphere.messages.history import history_page
from echosphere.messages.limits import HISTORY_RATE
from echosphere.messages.pin import pinned_messages
from echosphere.messages.show import show_message
from echosphere.messages.versions import versions_of_message
from echosphere.messages.web.paths import HERE, ONE, PATH
from echosphere.messages.wire.changing import seq_in
from echosphere.messages.wire.message import OneMessage, posted_shape
from echosphere.messages.wire.reading import (
    Files,
    FilesQuery,
    HistoryPage,
    HistoryQuery,
    SomeMessages,
    Versions,
    VersionShape,
    files_shape,
    message_shapes,
    page_shape,
)
from echosphere.web import Api


class ReadingApi:
    """Gives messages out."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits

    def serve(self, api: Api) -> None:
        """Add the routes."""
        api.get(PATH, self.history, query=HistoryQuery, answer=HistoryPage)
        api.get(ONE, self.show, answer=OneMessage)
        api.get(f"{ONE}/versions", self.versions, answer=Versions)
        api.get(f"{HERE}/pins", self.pins, answer=SomeMessages)
        api.get(f"{HERE}/files", self.files, query=FilesQuery, answer=Files)

    async def history(self, caller: Caller, query: HistoryQuery, conversation: str) -> HistoryPage:
        """Read a page of messages, ascending by number."""
        self._limits.take(HISTORY_RATE, caller.user)
        page = await self._database.read(history_page, caller.user, conversation, query.to_where())
        return page_shape(page)

    async def show(self, caller: Caller, conversation: str, seq: str) -> OneMessage:
        """Show one message."""
        return posted_shape(
            await self._database.read(show_message, caller.user, conversation, seq_in(seq))
        )

    async def versions(self, caller: Caller, conversation: str, seq: str) -> Versions:
        """List what a message said before it was edited, the oldest first."""
        found = await self._database.read(
            versions_of_message, caller.user, conversation, seq_in(seq)
        )
        return Versions([VersionShape(*one) for one in found])

    async def pins(self, caller: Caller, conversation: str) -> SomeMessages:
        """List the pinned messages, the last pinned first."""
        found, files = await self._database.read(pinned_messages, caller.user, conversation)
        return SomeMessages(message_shapes(found, files))

    async def files(self, caller: Caller, query: FilesQuery, conversation: str) -> Files:
        """Read a page of a conversation's files, the newest first; `limit` counts messages."""
        page = await self._database.read(files_page, caller.user, conversation, query.wanted())
        return files_shape(page)
