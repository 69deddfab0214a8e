"""Sends events to the sockets of bots, and their answers to the people who asked."""

import asyncio
import logging
from collections.abc import Sequence

from echosphere.bots.event import Cursor, decode_cursor, encode_cursor
from echosphere.bots.interaction import ResponseTokens
from echosphere.bots.interaction_wire import answered_shape
from echosphere.bots.listen import Listeners
from echosphere.bots.respond import Answered
from echosphere.bots.wire import ListeningEvent, pushed_shape
from echosphere.core.caller import Caller
from echosphere.core.errors import Gone, Invalid, Refusal
from echosphere.core.scopes import HEARS
from echosphere.realtime.delivery import ConnectedDevices, ToUser

WAIT = 50.0
PAUSE = 1.0
"""Seconds after which it is tried again when the database was away."""

log = logging.getLogger(__name__)


def deliver_answered(event: Answered) -> Sequence[ToUser]:
    """Tell all pages of a person that a bot answered what they asked, and what only they see."""
    return (ToUser(event.user_id, "answer", answered_shape(event)),)


class BotSockets:
    """The sockets of bots that may hear of events.

    Args:
        listeners: Read the events.
        devices: The sockets.
        tokens: Say where commands are answered.
    """

    def __init__(
        self, listeners: Listeners, devices: ConnectedDevices, tokens: ResponseTokens
    ) -> None:
        self._listeners = listeners
        self._tokens = tokens
        self._devices = devices
        self._tasks: dict[str, asyncio.Task[None]] = {}
        devices.on_program(self._begin, self._end)

    def _begin(self, caller: Caller, socket: str, after: str | None) -> None:
        if caller.scopes is not None and caller.scopes >= HEARS:
            self._tasks[socket] = asyncio.create_task(self._push(caller, socket, after))

    def _end(self, socket: str) -> None:
        task = self._tasks.pop(socket, None)
        if task is not None:
            task.cancel()

    async def _push(self, caller: Caller, socket: str, after: str | None) -> None:
        cursor: Cursor | None = None
        while not self._listeners.is_closed:
            try:
                if cursor is None:
                    cursor = await self._first(caller, socket, after)
                page = await self._listeners.next_events(caller, cursor, frozenset(), WAIT)
            except Refusal as refusal:  # its key has ended, and then its socket does; or a pause
                log.info("A bot's socket is waiting: %s", refusal)
                await asyncio.sleep(PAUSE)
                continue
            for one in page.events:
                shape = pushed_shape(one, page.cursor, self._tokens)
                self._devices.emit_to(socket, "event", shape)
            cursor = page.cursor

    async def _first(self, caller: Caller, socket: str, after: str | None) -> Cursor:
        """Return where to begin, and say so: where the bot stopped, or now."""
        try:
            given = None if after is None else decode_cursor(after)
            page = await self._listeners.read(caller, given)
            is_gone = False
        except (Gone, Invalid):
            given, is_gone = None, True
            page = await self._listeners.read(caller, None)
        begin = given or page.cursor
        self._devices.emit_to(socket, "listening", ListeningEvent(encode_cursor(begin), is_gone))
        return begin
