"""The load's Socket.IO clients: picows connections that speak the protocol by hand, cheaply.

What a client does per message counts against the load's own processor core, so it is kept to a
few instructions; everything that was received is compared after the clock has stopped.
"""

import asyncio
import json
from collections.abc import Iterable, Sequence
from time import perf_counter
from typing import Any, TypeVar

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from bench.result import IncompleteError

AT_ONCE = 32
PATIENCE = 60.0
"""Seconds that anything may take before a run is given up."""

EVENT = b'42["message",'
PING, PONG = b"2", b"3"
TEXT = WSMsgType.TEXT


class Client(WSListener):
    """One connection: opens, signs in, answers pings. Subclasses look at messages.

    Attributes:
        connected: Done when the server has let this client in.
        broken: Why the connection ended before it was closed from here, else None.
    """

    transport: WSTransport

    def __init__(self, token: str) -> None:
        self._token = token
        self.connected: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.broken: str | None = None
        self._closing = False

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Remember where to write."""
        self.transport = transport

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Take one packet."""
        payload = frame.get_payload_as_bytes()
        if payload.startswith(EVENT):
            self.take_message(payload)
        else:
            self.take_other(payload)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        """Note that the connection is gone."""
        if not self._closing:
            self.broken = "the server closed the connection"
            if not self.connected.done():
                self.connected.set_exception(IncompleteError(self.broken))

    def take_message(self, payload: bytes) -> None:
        """Take an event `message`."""

    def take_answer(self, payload: bytes) -> None:
        """Take an acknowledgement."""

    def take_other(self, payload: bytes) -> None:
        """Take what is no message: the protocol's own packets, answers, other events."""
        if payload == PING:
            self.transport.send(TEXT, PONG)
        elif payload.startswith(b"43"):
            self.take_answer(payload)
        elif payload.startswith(b"0"):
            self.send(b"40" + json.dumps({"token": self._token}).encode())
        elif payload.startswith(b"40"):
            self.connected.set_result(None)
        elif payload.startswith(b"44"):
            self.connected.set_exception(IncompleteError(f"refused: {payload!r}"))

    def send(self, packet: bytes) -> None:
        """Send one packet."""
        self.transport.send(TEXT, packet)

    def close(self) -> None:
        """Close from here."""
        self._closing = True
        self.transport.disconnect()


class Receiver(Client):
    """Counts messages and keeps a fingerprint of each, to be compared afterwards."""

    def __init__(self, token: str) -> None:
        super().__init__(token)
        self.seen: list[int] = []
        self.expected = 0
        self.complete = asyncio.Event()

    def expect(self, count: int) -> None:
        """Begin a run of so many messages."""
        self.seen.clear()
        self.expected = count
        self.complete.clear()

    def take_message(self, payload: bytes) -> None:
        """Note a message."""
        self.seen.append(hash(payload))
        if len(self.seen) == self.expected:
            self.complete.set()


class TimedReceiver(Receiver):
    """A receiver that also notes when each message arrived, and keeps it to be parsed."""

    def __init__(self, token: str) -> None:
        super().__init__(token)
        self.arrived: list[float] = []
        self.payloads: list[bytes] = []

    def expect(self, count: int) -> None:
        """Begin a run of so many messages."""
        super().expect(count)
        self.arrived.clear()
        self.payloads.clear()

    def take_message(self, payload: bytes) -> None:
        """Note a message and the time."""
        self.arrived.append(perf_counter())
        self.payloads.append(payload)
        self.seen.append(hash(payload))
        if len(self.seen) == self.expected:
            self.complete.set()

    def events(self) -> list[dict[str, Any]]:
        """Return the events of this run, parsed."""
        return [json.loads(payload[2:])[1] for payload in self.payloads]


C = TypeVar("C", bound=Client)


async def connect(port: int, client: C) -> C:
    """Open a connection and wait until the server has let it in."""
    url = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
    await ws_connect(lambda: client, url, websocket_handshake_timeout=PATIENCE)
    async with asyncio.timeout(PATIENCE):
        await client.connected
    return client


async def connect_all(port: int, clients: Iterable[C]) -> list[C]:
    """Open many connections, a few at a time."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(client: C) -> C:
        async with turns:
            return await connect(port, client)

    return list(await asyncio.gather(*(one(client) for client in clients)))


async def close_all(clients: Sequence[Client]) -> None:
    """Close the connections and let the loop see them go."""
    for client in clients:
        client.close()
    await asyncio.sleep(0.2)


def require_unbroken(clients: Sequence[Client]) -> None:
    """Refuse a run in which a connection was lost.

    Raises:
        IncompleteError: Says how many, and why.
    """
    broken = [client.broken for client in clients if client.broken is not None]
    if broken:
        raise IncompleteError(f"{len(broken)} of {len(clients)} connections: {broken[0]}")
