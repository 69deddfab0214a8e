"""The operations that read messages: history, one message, versions, pins and files."""

from echosphere.api import Operation, get
from echosphere.conversations import ConversationCall
from echosphere.core.caller import Caller
from echosphere.core.scopes import READS
from echosphere.database import Database
from echosphere.messages.files import files_page
from echosphere.messages.history import history_page
from echosphere.messages.limits import HISTORY_RATE
from echosphere.messages.operations.paths import HERE, ONE, PATH
from echosphere.messages.pin import pinned_messages
from echosphere.messages.show import get_message
from echosphere.messages.versions import versions_of_message
from echosphere.messages.wire.changing import MessageCall
from echosphere.messages.wire.message import OneMessage, posted_shape
from echosphere.messages.wire.reading import (
    Files,
    FilesCall,
    HistoryCall,
    HistoryPage,
    SomeMessages,
    Versions,
    VersionShape,
    files_shape,
    message_shapes,
    page_shape,
)


class ReadingOperations:
    """Reads messages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Operation]:
        """Return the operations."""
        return [
            Operation(self.history, get(PATH), name="history", rate=HISTORY_RATE, scopes=READS),
            Operation(self.show, get(ONE), scopes=READS),
            Operation(self.versions, get(f"{ONE}/versions"), scopes=READS),
            Operation(self.pins, get(f"{HERE}/pins"), scopes=READS),
            Operation(self.files, get(f"{HERE}/files"), scopes=READS),
        ]

    async def history(self, caller: Caller, call: HistoryCall) -> HistoryPage:
        """Read a page of messages, ascending by number."""
        page = await self._database.read(
            history_page, caller.user_id, call.conversation, call.to_page_request()
        )
        return page_shape(page)

    async def show(self, caller: Caller, call: MessageCall) -> OneMessage:
        """Show one message."""
        return posted_shape(
            await self._database.read(get_message, caller.user_id, call.conversation, call.seq)
        )

    async def versions(self, caller: Caller, call: MessageCall) -> Versions:
        """List the earlier versions of a message, oldest first."""
        found = await self._database.read(
            versions_of_message, caller.user_id, call.conversation, call.seq
        )
        return Versions([VersionShape(*one) for one in found])

    async def pins(self, caller: Caller, call: ConversationCall) -> SomeMessages:
        """List the pinned messages, most recently pinned first."""
        found, files = await self._database.read(pinned_messages, caller.user_id, call.conversation)
        return SomeMessages(message_shapes(found, files))

    async def files(self, caller: Caller, call: FilesCall) -> Files:
        """Read a page of a conversation's files, newest first; `limit` counts messages."""
        page = await self._database.read(
            files_page, caller.user_id, call.conversation, call.wanted()
        )
        return files_shape(page)
