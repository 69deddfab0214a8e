"""Bare clients that can do what well-behaved ones never would: raw WebSocket and raw polling."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from picows import WSCloseCode, WSFrame, WSHandshakeError, WSListener, WSMsgType, WSTransport
from picows import ws_connect as picows_connect

if TYPE_CHECKING:
    import httpx

PATIENCE = 20.0


class RawWebSocket(WSListener):
    """A WebSocket whose frames are sent and received as they are."""

    transport: WSTransport

    def __init__(self) -> None:
        self.messages: asyncio.Queue[str | bytes] = asyncio.Queue()
        self.closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.code = 0
        self.pongs: list[bytes] = []

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type is WSMsgType.TEXT:
            self.messages.put_nowait(frame.get_payload_as_utf8_text())
        elif frame.msg_type is WSMsgType.BINARY:
            self.messages.put_nowait(frame.get_payload_as_bytes())
        elif frame.msg_type is WSMsgType.PONG:
            self.pongs.append(frame.get_payload_as_bytes())
        elif frame.msg_type is WSMsgType.CLOSE:
            self.code = int(frame.get_close_code())  # type: ignore[call-overload]
            transport.send_close(WSCloseCode.OK)
            transport.disconnect()

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        if not self.closed.done():
            self.closed.set_result(self.code)

    def send(self, data: str | bytes) -> None:
        kind = WSMsgType.TEXT if isinstance(data, str) else WSMsgType.BINARY
        self.transport.send(kind, data)

    def send_frame(self, kind: WSMsgType, data: bytes, **bits: bool) -> None:
        self.transport.send(kind, data, **bits)

    def write(self, data: bytes) -> None:
        """Bytes straight onto the connection."""
        self.transport.underlying_transport.write(data)

    async def receive(self) -> str | bytes:
        """The next message, pings included."""
        async with asyncio.timeout(PATIENCE):
            return await self.messages.get()

    async def expect(self) -> str | bytes:
        """The next message that is no ping; pings are answered."""
        while (message := await self.receive()) == "2":
            self.send("3")
        return message

    async def answer_pings(self) -> None:
        """Stay alive, whatever else arrives."""
        while True:
            await self.expect()

    async def until_closed(self) -> int:
        """The close code, 0 if the connection was cut."""
        return await asyncio.wait_for(asyncio.shield(self.closed), PATIENCE)

    async def close(self) -> None:
        if not self.closed.done():
            self.transport.send_close(WSCloseCode.OK)
        self.transport.disconnect()
        await self.until_closed()


async def open_websocket(
    url: str, query: str = "EIO=4&transport=websocket", headers: dict[str, str] | None = None
) -> RawWebSocket:
    """A WebSocket before anything was received on it."""
    address = url.replace("http", "ws", 1) + "?" + query
    transport, listener = await picows_connect(
        RawWebSocket, address, extra_headers=headers, use_aiofastnet=False
    )
    assert isinstance(listener, RawWebSocket)
    listener.transport = transport
    return listener


async def refused_websocket(
    url: str, query: str, headers: dict[str, str] | None = None
) -> tuple[int, Any]:
    """The status and the JSON body with which a WebSocket is refused."""
    with pytest.raises(WSHandshakeError) as caught:
        await open_websocket(url, query, headers)
    error = caught.value
    assert error.response is not None
    body = error.raw_body or b""
    return int(error.response.status), json.loads(body) if body[:1] == b"{" else body


async def greeted(url: str, query: str = "EIO=4&transport=websocket") -> RawWebSocket:
    """A WebSocket after the Engine.IO handshake."""
    client = await open_websocket(url, query)
    first = await client.receive()
    assert isinstance(first, str)
    assert first.startswith("0")
    return client


async def joined(url: str, namespace: str = "", auth: str = "") -> RawWebSocket:
    """A WebSocket that has joined a Socket.IO namespace."""
    client = await greeted(url)
    client.send(f"40{namespace}{auth}")
    answer = await client.expect()
    assert isinstance(answer, str)
    assert answer.startswith(f"40{namespace}"), answer
    return client


class RawPolling:
    """A polling session driven one request at a time."""

    def __init__(self, http: httpx.AsyncClient, url: str, sid: str, greeting: Any) -> None:
        self.http = http
        self.url = url
        self.sid = sid
        self.greeting = greeting

    async def poll(self, **more: Any) -> httpx.Response:
        return await self.http.get(self.url, params=self._query(), **more)

    async def post(self, body: str | bytes, **more: Any) -> httpx.Response:
        return await self.http.post(self.url, params=self._query(), content=body, **more)

    async def expect(self) -> list[str]:
        """The packets of the next polls that bring anything but pings; pings are answered."""
        while True:
            response = await self.poll()
            assert response.status_code == 200, response.text
            packets = response.text.split("\x1e")
            if "2" in packets:
                packets.remove("2")
                await self.post("3")
            if packets and packets != ["6"]:
                return packets

    def _query(self) -> dict[str, str]:
        return {"EIO": "4", "transport": "polling", "sid": self.sid}


async def open_polling(http: httpx.AsyncClient, url: str, **more: Any) -> RawPolling:
    response = await http.get(url, params={"EIO": "4", "transport": "polling"}, **more)
    assert response.status_code == 200, response.text
    greeting = json.loads(response.text[1:].split("\x1e")[0])
    return RawPolling(http, url, greeting["sid"], greeting)
