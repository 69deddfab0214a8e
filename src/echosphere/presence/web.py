"""The HTTP door of presence and typing."""

from echosphere.caller import Caller
from echosphere.presence.live import PresenceLive
from echosphere.presence.wire import PresenceAnswer, PresenceQuery, TypingBody, TypingCall
from echosphere.web import Api


class PresenceApi:
    """Serves who is here, and that somebody types; by the same functions as the socket.

    Args:
        live: Who is here.
    """

    def __init__(self, live: PresenceLive) -> None:
        self._live = live

    def serve(self, api: Api) -> None:
        """Add the routes."""
        api.get("/presence", self.look, query=PresenceQuery, answer=PresenceAnswer)
        api.post("/conversations/<conversation>/typing", self.type, body=TypingBody, status=204)

    async def look(self, caller: Caller, query: PresenceQuery) -> PresenceAnswer:
        """Tell who of some people is here; strangers are left out."""
        return PresenceAnswer(await self._live.look(caller, query.ids()))

    async def type(self, caller: Caller, body: TypingBody, conversation: str) -> None:
        """Show the other members that the caller is typing, or not any more."""
        await self._live.type(caller, TypingCall(conversation=conversation, on=body.on))
