"""The operations with which people ask for their own data."""

from echosphere.api import Declaration, Empty, Operation, delete, get, put
from echosphere.core.caller import Caller
from echosphere.data_export.ask import AskForExport, DeleteExport, find_export
from echosphere.data_export.export import ASK_RATE, State
from echosphere.data_export.room import Room
from echosphere.data_export.wire import ExportAnswer, export_answer
from echosphere.database import Database

EXPORT = "/me/export"


class DataExportOperations:
    """Serves `/me/export`.

    Args:
        database: Holds what was asked for.
        room: Says whether there is room for a download.
    """

    def __init__(self, database: Database, room: Room) -> None:
        self._database = database
        self._room = room

    def all(self) -> list[Declaration]:
        """Return the operations."""
        return [
            Operation(self.show, get(EXPORT)),
            Operation(self.ask, put(EXPORT), rate=ASK_RATE),
            Operation(self.delete, delete(EXPORT)),
        ]

    async def show(self, caller: Caller, _: Empty) -> ExportAnswer:
        """Show the download of the caller's own data, if there is one."""
        return export_answer(await self._database.read(find_export, caller.user_id))

    async def ask(self, caller: Caller, _: Empty) -> ExportAnswer:
        """Request a download of the caller's own data; asks for a fresh proof."""
        existing = await self._database.read(find_export, caller.user_id)
        if existing is None or existing.state is State.FAILED:
            await self._room.require(caller.user_id)
        return export_answer(await self._database.write(AskForExport(caller)))

    async def delete(self, caller: Caller, _: Empty) -> None:
        """Delete the download, or cancel the one being created."""
        await self._database.write(DeleteExport(caller.user_id))
