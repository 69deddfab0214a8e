"""A bus on NATS: one or several servers, of which clients know each other's addresses."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from echosphere.bus.bus import BusError, Receive

CONNECT_SECONDS = 5
RECONNECT_SECONDS = 1
REPEAT_SECONDS = 60.0
"""Between two lines of the log that say the same: it tries to connect every second."""

MAX_WAITING = 10_000
"""What may wait for the connection's socket; a process that is so slow loses what comes then."""

log = logging.getLogger(__name__)


class NatsBus:
    """A bus on NATS.

    Args:
        urls: Addresses of its servers: `nats://` or `tls://`, with `user:password@` or `token@` if
            they ask for it.
    """

    is_private = False

    def __init__(self, urls: Sequence[str]) -> None:
        self._urls = list(urls)
        self._client: Any = None
        self._waiting: list[tuple[str, bytes]] = []
        self._woken = asyncio.Event()
        self._sender: asyncio.Task[None] | None = None
        self._told: dict[str, float] = {}
        self.lost = 0

    async def start(self, receive: Receive, on_gap: Callable[[], None]) -> None:
        """Connect; see `Bus`."""
        from nats import connect  # noqa: PLC0415 - what one process alone does not need

        self._receive = receive

        async def reconnected() -> None:
            self._told.clear()
            log.warning("The bus is connected again")
            on_gap()

        async def disconnected() -> None:
            if self._sender is not None:  # else it was closed
                log.warning(
                    "The connection to the bus was lost: until it is restored, users on other "
                    "processes see changes some seconds late"
                )

        async def failed(error: Exception) -> None:
            self._tell_once(str(error) or type(error).__name__)

        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                self._client = await connect(
                    servers=self._urls,
                    allow_reconnect=True,
                    no_echo=True,
                    connect_timeout=2,
                    reconnect_time_wait=RECONNECT_SECONDS,
                    max_reconnect_attempts=-1,
                    ping_interval=5,
                    max_outstanding_pings=2,
                    reconnected_cb=reconnected,
                    disconnected_cb=disconnected,
                    error_cb=failed,
                )
        except Exception as error:
            raise BusError(_no_connection(self._urls, error)) from error
        self._sender = asyncio.create_task(self._send(), name="bus")

    async def subscribe(self, subject: str) -> None:
        """Receive a subject; returns when the server knows it."""

        async def received(message: Any) -> None:
            self._receive(message.subject, message.data)

        await self._client.subscribe(subject, cb=received)
        await self._client.flush(timeout=CONNECT_SECONDS)

    def publish(self, subject: str, data: bytes) -> None:
        """Publish, without waiting; without a connection it is lost."""
        if self._client.is_connected and len(self._waiting) < MAX_WAITING:
            self._waiting.append((subject, data))
            self._woken.set()
        else:
            self.lost += 1

    async def ready(self) -> None:
        """Check that there is a connection; see `Bus`."""
        if self._client is None or not self._client.is_connected:
            raise BusError(f"Cannot connect to the bus at {_places(self._urls)}.")

    async def close(self) -> None:
        """Send what was published, and disconnect."""
        sender, self._sender = self._sender, None
        if sender is not None:
            sender.cancel()
            await asyncio.wait({sender})
            await self._send_waiting()
            await self._client.close()

    def _tell_once(self, error: str) -> None:
        """Log an error, unless it was logged within `REPEAT_SECONDS`."""
        now = monotonic()
        if now - self._told.get(error, -REPEAT_SECONDS) >= REPEAT_SECONDS:
            self._told[error] = now
            log.warning("The bus: %s", error)

    async def _send(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            await self._send_waiting()

    async def _send_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for subject, data in waiting:
            try:
                await self._client.publish(subject, data)
            except Exception as error:
                self.lost += 1
                log.warning("An event could not be sent to the bus: %s", error)


def _no_connection(urls: Sequence[str], error: Exception) -> str:
    """Return what the operator is told."""
    why = str(error) or type(error).__name__
    return (
        f"There is no bus at {_places(urls)} ({why}). Start the NATS server, or correct "
        "ECHOSPHERE_BUS_URL. A single process needs no bus: omit the setting."
    )


def _places(urls: Sequence[str]) -> str:
    """Return the addresses, without credentials."""
    return ", ".join(f"{url.hostname}:{url.port or 4222}" for url in map(urlsplit, urls))
