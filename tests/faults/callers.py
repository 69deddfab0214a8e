"""A Socket.IO client as light as possible: hundreds of them, and none minds being cut off."""

import asyncio
import contextlib
import json
import re
from typing import Any

from picows import WSError, WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

PATIENCE = 20.0

_ANSWER = re.compile(r"43(\d+)\[(.*)\]\Z", re.DOTALL)


class Lost(Exception):  # noqa: N818 - what happens to connections
    """The connection ended before the answer came."""


class Caller(WSListener):
    """One connection: calls with answers, and all events in the order in which they came."""

    transport: WSTransport

    def __init__(self) -> None:
        self.events: list[tuple[str, Any]] = []
        self.closed = asyncio.Event()
        self.close_code = 0
        self._joined: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._calls = 0

    @classmethod
    async def connect(cls, base: str, token: str) -> "Caller":
        """Connect and sign in.

        Raises:
            Lost: The server is not there, or refuses.
        """
        address = base.replace("http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
        try:
            async with asyncio.timeout(PATIENCE):
                transport, caller = await ws_connect(cls, address, use_aiofastnet=False)
                if not isinstance(caller, cls):  # the server died while it greeted
                    raise Lost
                caller.transport = transport
                caller._send("40" + json.dumps({"token": token}))
                await caller._joined
        except (OSError, WSError, TimeoutError) as error:
            raise Lost from error
        return caller

    async def call(self, event: str, argument: Any) -> Any:
        """Call and return the whole answer.

        Raises:
            Lost: The connection ended first.
        """
        if self.closed.is_set():
            raise Lost
        self._calls += 1
        number = self._calls
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        self._send(f"42{number}{json.dumps([event, argument], ensure_ascii=False)}")
        async with asyncio.timeout(PATIENCE):
            return await answer

    def of(self, event: str) -> list[Any]:
        """Return the payloads of all events of this name so far."""
        return [payload for name, payload in self.events if name == event]

    async def until(self, event: str, count: int, since: int = 0) -> None:
        """Wait until so many events of this name have come, of a version or later."""
        async with asyncio.timeout(PATIENCE):
            while sum(one["version"] >= since for one in self.of(event)) < count:
                await asyncio.sleep(0.01)

    def cut(self) -> None:
        """Be gone without a word, as in a tunnel."""
        self.transport.underlying_transport.abort()

    async def close(self) -> None:
        """Leave in good order."""
        with contextlib.suppress(OSError):
            self.transport.disconnect()
        await self.closed.wait()

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Take what the server sent."""
        if frame.msg_type is WSMsgType.CLOSE:
            self.close_code = int(frame.get_close_code())  # type: ignore[call-overload]
            transport.disconnect()
        elif frame.msg_type is WSMsgType.TEXT:
            self._take(frame.get_payload_as_utf8_text())

    def on_ws_disconnected(self, _transport: WSTransport) -> None:
        """Nothing will be answered any more."""
        self.closed.set()
        for answer in (self._joined, *self._waiting.values()):
            if not answer.done():
                answer.set_exception(Lost())
                answer.exception()  # whoever has given up need not look at it

    def _take(self, packet: str) -> None:
        if packet == "2":
            self._send("3")
        elif packet.startswith("42"):
            name, *rest = json.loads(packet[2:])
            self.events.append((name, rest[0] if rest else None))
        elif found := _ANSWER.match(packet):
            answer = self._waiting.pop(int(found[1]), None)
            if answer is not None and not answer.done():
                answer.set_result(json.loads(found[2]))
        elif packet.startswith("40") and not self._joined.done():
            self._joined.set_result(None)
        elif packet.startswith("44") and not self._joined.done():
            self._joined.set_exception(Lost(packet[2:]))

    def _send(self, packet: str) -> None:
        self.transport.send(WSMsgType.TEXT, packet.encode())
