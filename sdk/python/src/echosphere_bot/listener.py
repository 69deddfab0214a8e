"""Receives events: over a socket, and by long polls where sockets do not get through."""

import asyncio
import logging
import math
import time
from typing import Any

import msgspec
import socketio

from echosphere_bot.api import Api
from echosphere_bot.dispatcher import Dispatcher
from echosphere_bot.errors import GoneError, ServerError
from echosphere_bot.progress import ProgressKeeper
from echosphere_bot.retry import Retry
from echosphere_bot.version import USER_AGENT
from echosphere_bot.wire import Page, PushedEvent

log = logging.getLogger("echosphere_bot")

POLL_WAIT = 50
"""Seconds that the server may let a long poll wait."""

POLL_FOR = 300.0
"""Seconds of polling after which a socket is tried again."""

QUIET = 86_400.0
"""Seconds without an event after which one poll brings a newer cursor, as old ones are not kept."""

CONNECT_TIMEOUT = 15.0
FAILED_SOCKETS = 2
"""Sockets that may fail while the server answers requests, before it is polled."""

MAX_QUEUED = 2_000
"""Events that a socket may push ahead of what is handled; then it is closed, and opened again later."""

_CLOSED = object()


class Listener:
    """Receives the events of a bot for as long as it runs.

    Args:
        api: The server.
        key: Of the bot.
        progress: Knows where to begin.
        dispatcher: Gets the events.
        retry: How long to wait between attempts.
        socket: Whether to try sockets at all.
    """

    def __init__(
        self,
        api: Api,
        key: str,
        progress: ProgressKeeper,
        dispatcher: Dispatcher,
        retry: Retry,
        *,
        socket: bool,
    ) -> None:
        self._api = api
        self._key = key
        self._progress = progress
        self._dispatcher = dispatcher
        self._retry = retry
        self._uses_socket = socket
        self._position = ""
        self.over = ""

    async def run(self) -> None:
        """Receive events until cancelled; `begin` comes first.

        Raises:
            UnauthorizedError: The key has ended.
            ForbiddenError: It lacks a scope that events need.
        """
        if not self._uses_socket:
            await self._poll(math.inf)
        failed = 0
        while True:
            failed = 0 if await self._listen() else failed + 1
            # Waits until the server is back, ends if it refuses the key, and brings a newer cursor.
            await self._read(0)
            if failed >= FAILED_SOCKETS:
                log.warning("The socket does not get through; polling instead.")
                await self._poll(POLL_FOR)
            await asyncio.sleep(self._retry.pause(failed))

    async def begin(self) -> None:
        """Find out where to begin: where the bot stopped, or with what happens next.

        Raises:
            UnauthorizedError: The key has ended.
            ForbiddenError: It lacks a scope that events need.
        """
        if self._progress.cursor is None:
            await self._begin_anew()
        self._position = self._progress.cursor or ""

    async def _begin_anew(self) -> None:
        page = await self._api.events(None)
        self._position = page.cursor
        self._progress.begin_at(page.cursor)

    def _warn_of_gap(self) -> None:
        log.warning(
            "The bot was away for too long: the server no longer has all that happened meanwhile. "
            "It goes on with what happens next."
        )

    async def _poll(self, seconds: float) -> None:
        self.over = "poll"
        ends = time.monotonic() + seconds
        while (began := time.monotonic()) < ends:
            found = await self._read(POLL_WAIT)
            if not found and time.monotonic() - began < 1:
                # A server that is stopping, or a proxy, does not let it wait.
                await asyncio.sleep(self._retry.pause(0))

    async def _read(self, wait: int) -> bool:
        """Take what happened since; return whether there was something."""
        try:
            page = await self._api.events(self._position, wait)
        except GoneError:
            self._warn_of_gap()
            await self._begin_anew()
            return False
        except ServerError as error:
            log.error("The server cannot say what happened: %s", error)  # noqa: TRY400 - it says it all
            await asyncio.sleep(self._retry.longest)
            return False
        await self._take(page)
        return bool(page.events)

    async def _take(self, page: Page) -> None:
        for number, event in enumerate(page.events, 1):
            is_last = number == len(page.events)
            await self._dispatcher.put(event, page.cursor if is_last else None)
        if not page.events:
            self._progress.pass_to(page.cursor)
        self._position = page.cursor

    async def _listen(self) -> bool:
        """Receive over a socket until it closes; return False if none could be opened."""
        socket = EventSocket(self._api.url, self._key, self._position)
        try:
            if not await socket.open():
                return False
            self.over = "socket"
            if socket.begins_anew_at is not None:
                self._restart_at(socket.begins_anew_at)
            while (event := await socket.next(QUIET)) is not None:
                await self._dispatcher.put(event, event.cursor)
                self._position = event.cursor
            return True
        finally:
            await socket.close()

    def _restart_at(self, cursor: str) -> None:
        self._warn_of_gap()
        self._progress.begin_at(cursor)
        self._position = cursor


class EventSocket:
    """One connection by Socket.IO.

    Args:
        url: Of the server.
        key: Of the bot.
        after: The cursor after which events are wanted.

    Attributes:
        begins_anew_at: From which cursor events come, if the wanted ones are not kept any more.
    """

    def __init__(self, url: str, key: str, after: str) -> None:
        self._url = url
        self._auth = {"token": key, "after": after}
        self.begins_anew_at: str | None = None
        self._listening: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue: asyncio.Queue[Any] = asyncio.Queue()
        self._client = socketio.AsyncClient(reconnection=False, handle_sigint=False)
        # These are plain functions: what arrives is queued in its order, whatever is being handled.
        self._client.on("event", self._queue_event)
        self._client.on("listening", self._begin)
        self._client.on("signed_out", self._end)
        self._client.on("disconnect", self._end)

    async def open(self) -> bool:
        """Connect; return whether events come."""
        try:
            await self._client.connect(
                self._url,
                headers={"User-Agent": USER_AGENT},
                auth=self._auth,
                transports=["websocket"],
                wait_timeout=CONNECT_TIMEOUT,
            )
            async with asyncio.timeout(CONNECT_TIMEOUT):
                await self._listening
        except (socketio.exceptions.ConnectionError, OSError, TimeoutError) as error:
            log.info("No socket could be opened: %s", error)
            return False
        return True

    async def next(self, seconds: float) -> PushedEvent | None:
        """Return the next event; None when the connection has ended, or was quiet for so long."""
        while True:
            try:
                async with asyncio.timeout(seconds):
                    item = await self._queue.get()
            except TimeoutError:
                return None
            if item is _CLOSED:
                return None
            try:
                return msgspec.convert(item, PushedEvent)
            except msgspec.ValidationError as error:
                log.error("An event cannot be read and is left out: %s", error)  # noqa: TRY400

    async def close(self) -> None:
        """Disconnect."""
        await self._client.disconnect()

    def _begin(self, told: Any) -> None:
        if told["gone"]:
            self.begins_anew_at = str(told["cursor"])
        if not self._listening.done():
            self._listening.set_result(None)

    def _queue_event(self, event: Any) -> None:
        if self._queue.qsize() < MAX_QUEUED:
            self._queue.put_nowait(event)
        else:
            self._end()

    def _end(self, *_: Any) -> None:
        self._queue.put_nowait(_CLOSED)
