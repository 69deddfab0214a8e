"""The operation that posts a message."""

from msgspec import UNSET

from echosphere.api import Existing, Operation, post
from echosphere.core.caller import Caller
from echosphere.core.scopes import WRITES
from echosphere.database import Database
from echosphere.messages.held import Held
from echosphere.messages.limits import POST_RATE
from echosphere.messages.operations.buttons import require_may_send_actions
from echosphere.messages.operations.paths import PATH
from echosphere.messages.wire.held import PostAnswer, answer_of
from echosphere.messages.wire.message import PostCall


class PostingOperations:
    """Posts messages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Operation]:
        """Return the operations."""
        return [
            Operation(self.post, post(PATH), name="post", rate=POST_RATE, status=201, scopes=WRITES)
        ]

    async def post(self, caller: Caller, call: PostCall) -> PostAnswer | Existing:
        """Post a message; 200 instead of 201 if the key was known or the group's filter holds it."""
        if call.actions is not UNSET:
            require_may_send_actions(caller)
        done = await self._database.write(call.by(caller.user_id))
        answer = answer_of(done)
        return Existing(answer) if isinstance(done, Held) or not done.new else answer
