"""The operations that hide, restore and save messages for the caller."""

from echosphere.api import Operation, delete, get, post, put
from echosphere.core.caller import Caller
from echosphere.database import Database
from echosphere.messages.hide import HideMessages, hidden_page
from echosphere.messages.limits import CHANGE_RATE
from echosphere.messages.operations.paths import HERE, ONE
from echosphere.messages.restore import RestoreMessages
from echosphere.messages.save import SaveMessage, saved_page
from echosphere.messages.wire.changing import SwitchCall
from echosphere.messages.wire.personal import (
    HiddenMessages,
    HiddenQuery,
    HiddenUntil,
    MessagesCall,
    SavedMessages,
    SavedQuery,
    hidden_shape,
    saved_shape,
)

SAVED = f"{ONE}/saved"


class PersonalOperations:
    """Hides, restores and saves messages.

    Writes run in the caller's lane, so that hidden messages are announced in the order of their ids.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Operation]:
        """Return the operations."""
        return [
            Operation(self.hide, post(f"{HERE}/hidden"), name="hide", rate=CHANGE_RATE),
            Operation(self.restore, post(f"{HERE}/restored"), name="restore", rate=CHANGE_RATE),
            Operation(self.hidden, get("/hidden")),
            Operation(
                self.save,
                put(SAVED, on=True),
                delete(SAVED, on=False),
                name="save",
                rate=CHANGE_RATE,
            ),
            Operation(self.saved, get("/saved")),
        ]

    async def hide(self, caller: Caller, call: MessagesCall) -> HiddenUntil:
        """Delete messages for the caller only; others keep them."""
        command = HideMessages(caller.user_id, call.conversation, call.seqs)
        return HiddenUntil(await self._database.write(command))

    async def restore(self, caller: Caller, call: MessagesCall) -> HiddenUntil:
        """Restore messages that the caller just deleted for themselves."""
        command = RestoreMessages(caller.user_id, call.conversation, call.seqs)
        return HiddenUntil(await self._database.write(command))

    async def hidden(self, caller: Caller, query: HiddenQuery) -> HiddenMessages:
        """List messages that the caller deleted for themselves or restored since they last asked."""
        return hidden_shape(await self._database.read(hidden_page, caller.user_id, query.after))

    async def save(self, caller: Caller, call: SwitchCall) -> None:
        """Save a message for the caller, or remove it from saved."""
        await self._database.write(
            SaveMessage(caller.user_id, call.conversation, call.seq, call.on)
        )

    async def saved(self, caller: Caller, query: SavedQuery) -> SavedMessages:
        """List the caller's saved messages, most recently saved first."""
        return saved_shape(
            await self._database.read(saved_page, caller.user_id, query.before, query.limit)
        )
