"""The HTTP door of what is hidden or saved for oneself."""

from echosphere.caller import Caller
from echosphere.database import Database
from echosphere.limits import Limits
from echosphere.messages.hide import hidden_page, hide_messages
from echosphere.messages.limits import CHANGE_RATE
from echosphere.messages.restore import restore_messages
from echosphere.messages.save import save_message, saved_page
from echosphere.messages.web.paths import HERE, ONE
from echosphere.messages.wire.changing import seq_in
from echosphere.messages.wire.personal import (
    HiddenMessages,
    HiddenQuery,
    HiddenUntil,
    HideBody,
    RestoreBody,
    SavedMessages,
    SavedQuery,
    hidden_shape,
    saved_shape,
)
from echosphere.web import Api


class PersonalApi:
    """Serves what a person does with messages for themselves alone."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database = database
        self._limits = limits

    def serve(self, api: Api) -> None:
        """Add the routes."""
        api.put(f"{ONE}/saved", self.save, status=204)
        api.delete(f"{ONE}/saved", self.unsave, status=204)
        api.post(f"{HERE}/hidden", self.hide, body=HideBody, answer=HiddenUntil)
        api.post(f"{HERE}/restored", self.restore, body=RestoreBody, answer=HiddenUntil)
        api.get("/hidden", self.hidden, query=HiddenQuery, answer=HiddenMessages)
        api.get("/saved", self.saved, query=SavedQuery, answer=SavedMessages)

    async def hide(self, caller: Caller, body: HideBody, conversation: str) -> HiddenUntil:
        """Delete messages for oneself; the others keep them."""
        self._limits.take(CHANGE_RATE, caller.user)
        # In the person's own lane: what they hid is told in the order of its numbers.
        after = await self._database.write_in(
            caller.user, hide_messages, caller.user, conversation, body.seqs
        )
        return HiddenUntil(after)

    async def restore(self, caller: Caller, body: RestoreBody, conversation: str) -> HiddenUntil:
        """Take back that one deleted messages for oneself, a moment ago."""
        self._limits.take(CHANGE_RATE, caller.user)
        after = await self._database.write_in(
            caller.user, restore_messages, caller.user, conversation, body.seqs
        )
        return HiddenUntil(after)

    async def hidden(self, caller: Caller, query: HiddenQuery) -> HiddenMessages:
        """List what the caller hid, and took back, since they last asked."""
        return hidden_shape(await self._database.read(hidden_page, caller.user, query.after))

    async def save(self, caller: Caller, conversation: str, seq: str) -> None:
        """Save a message for oneself."""
        await self._save(caller, conversation, seq, on=True)

    async def unsave(self, caller: Caller, conversation: str, seq: str) -> None:
        """Forget that one saved a message."""
        await self._save(caller, conversation, seq, on=False)

    async def _save(self, caller: Caller, conversation: str, seq: str, *, on: bool) -> None:
        self._limits.take(CHANGE_RATE, caller.user)
        await self._database.write_in(
            caller.user, save_message, caller.user, conversation, seq_in(seq), on
        )

    async def saved(self, caller: Caller, query: SavedQuery) -> SavedMessages:
        """List what the caller saved, the last saved first."""
        return saved_shape(
            await self._database.read(saved_page, caller.user, query.before, query.limit)
        )
