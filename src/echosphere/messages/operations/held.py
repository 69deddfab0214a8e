"""What is served of filters and held messages."""

from echosphere.api import Operation, delete, get, put
from echosphere.conversations import ConversationCall
from echosphere.core.caller import Caller
from echosphere.database import Database
from echosphere.messages.hold import (
    RefuseHeld,
    SetFilter,
    WithdrawHeld,
    list_held,
    show_filter,
)
from echosphere.messages.limits import CHANGE_RATE, HISTORY_RATE, POST_RATE
from echosphere.messages.operations.paths import HERE
from echosphere.messages.release import ReleaseHeld
from echosphere.messages.wire.held import (
    Filter,
    FilterCall,
    HeldCall,
    HeldMessages,
    HeldQuery,
    RefuseCall,
    held_page_shape,
)
from echosphere.messages.wire.message import OneMessage, posted_shape

HELD = f"{HERE}/held"
ONE_HELD = f"{HELD}/<held>"
FILTER = f"{HERE}/filter"


class HeldOperations:
    """Serves filters and held messages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Operation]:
        """Return the operations."""
        return [
            Operation(self.held, get(HELD), name="held", rate=HISTORY_RATE),
            Operation(self.release, put(f"{ONE_HELD}/released"), name="release", rate=POST_RATE),
            Operation(self.refuse, put(f"{ONE_HELD}/refused"), name="refuse", rate=CHANGE_RATE),
            Operation(self.withdraw, delete(ONE_HELD), name="withdraw", rate=CHANGE_RATE),
            Operation(self.show_filter, get(FILTER), name="filter"),
            Operation(self.set_filter, put(FILTER), name="set_filter", rate=CHANGE_RATE),
        ]

    async def held(self, caller: Caller, call: HeldQuery) -> HeldMessages:
        """List the caller's held messages, or all of them for the group's owner and admins, in pages."""
        query = (caller.user_id, call.conversation, call.after)
        return held_page_shape(await self._database.read(list_held, *query))

    async def release(self, caller: Caller, call: HeldCall) -> OneMessage:
        """Post a held message in its author's name."""
        command = ReleaseHeld(caller.user_id, call.conversation, call.held)
        return posted_shape(await self._database.write(command))

    async def refuse(self, caller: Caller, call: RefuseCall) -> None:
        """Reject a held message with a reason shown to its author."""
        command = RefuseHeld(caller.user_id, call.conversation, call.held, call.reason)
        await self._database.write(command)

    async def withdraw(self, caller: Caller, call: HeldCall) -> None:
        """Withdraw the caller's own held message, or dismiss a rejected one."""
        await self._database.write(WithdrawHeld(caller.user_id, call.conversation, call.held))

    async def show_filter(self, caller: Caller, call: ConversationCall) -> Filter:
        """Show the words in the word filter, to the group's owner and admins."""
        return Filter(await self._database.read(show_filter, caller.user_id, call.conversation))

    async def set_filter(self, caller: Caller, call: FilterCall) -> Filter:
        """Set the words and phrases in the word filter; an empty list turns it off."""
        command = SetFilter(caller.user_id, call.conversation, call.words)
        return Filter(await self._database.write(command))
