"""The official Socket.IO clients, JavaScript and Python, behind one face that notes all they hear."""

import asyncio
import base64
import contextlib
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import aiohttp
import socketio

from tests.conftest import missing
from tests.realtime.test_example_and_official_clients import JAVASCRIPT, find_node

PATIENCE = 20.0
"""Seconds until a test gives up waiting."""

RETRY_AFTER = 0.05
RETRY_AFTER_AT_MOST = 0.2
"""Seconds between attempts to reconnect: shorter than by default, for the tests' sake."""

LONGEST_LINE = 4 * 1024 * 1024

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Heard:
    """An event of the server, or `connect`, `connect_error`, `disconnect`, `open` or `upgrade`.

    Attributes:
        transport: What the client was on when it came.
    """

    name: str
    payload: Any
    transport: str | None


@dataclass(frozen=True, slots=True)
class Way:
    """How to connect.

    Attributes:
        transports: What the client may use; it begins with the first.
        token: Goes into `auth`.
        headers: Go with every request.
    """

    url: str
    transports: tuple[str, ...]
    token: str | None = None
    headers: dict[str, str] | None = None

    @property
    def auth(self) -> dict[str, str]:
        """The payload of CONNECT."""
        return {} if self.token is None else {"token": self.token}


class News:
    """What a client has heard, in the order of arrival."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self._arrived = asyncio.Event()

    def note(self, name: str, payload: Any, transport: str | None) -> None:
        """Add something that was heard."""
        self.heard.append(Heard(name, payload, transport))
        self._arrived.set()

    def of(self, name: str) -> list[Any]:
        """Return the payloads of all that has this name so far."""
        return [one.payload for one in self.heard if one.name == name]

    async def until(self, find: Callable[[], T]) -> T:
        """Wait until this finds something in what was heard, and return it."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not (found := find()):
                    self._arrived.clear()
                    await self._arrived.wait()
        except TimeoutError:
            raise AssertionError(f"waited in vain; heard {self.heard[-20:]}") from None
        return found

    async def next(self, name: str, *, count: int = 1, **fields: Any) -> Any:
        """Wait until so many of this name and these fields have come, and return the last."""

        def found() -> list[Any]:
            return [one for one in self.of(name) if all(one[key] == fields[key] for key in fields)]

        await self.until(lambda: len(found()) >= count)
        return found()[count - 1]


class OfficialClient(Protocol):
    """One connection that comes back by itself; whoever opens it closes it."""

    news: News

    async def open(self, way: Way) -> None:
        """Begin to connect; the news tell how it went."""

    async def call(self, event: str, *args: Any) -> Any:
        """Emit with an acknowledgement and return what it brought."""

    async def close(self) -> None:
        """Leave for good."""


class PythonClient:
    """python-socketio."""

    def __init__(self) -> None:
        self.news = News()
        self._http: aiohttp.ClientSession | None = None
        self._client: Any = None

    async def open(self, way: Way) -> None:
        """Begin to connect; the news tell how it went."""
        # What is given to `connect` as headers goes only with the first of many polls.
        self._http = aiohttp.ClientSession(headers=way.headers)
        self._client = self._new_client(self._http)
        with contextlib.suppress(socketio.exceptions.ConnectionError):
            await self._client.connect(
                way.url,
                transports=list(way.transports),
                auth=way.auth,
                wait_timeout=PATIENCE,
            )

    async def call(self, event: str, *args: Any) -> Any:
        """Emit with an acknowledgement and return what it brought."""
        return await self._client.call(event, args, timeout=PATIENCE)

    async def close(self) -> None:
        """Leave for good, also while trying to reconnect."""
        await self._client.shutdown()
        assert self._http is not None
        await self._http.close()

    def _new_client(self, http: aiohttp.ClientSession) -> Any:
        client = socketio.AsyncClient(
            http_session=http,
            reconnection_delay=RETRY_AFTER,
            reconnection_delay_max=RETRY_AFTER_AT_MOST,
            randomization_factor=0,
        )
        client.on("connect", lambda: self._note("connect"))
        client.on("connect_error", lambda error=None: self._note("connect_error", error))
        client.on("disconnect", lambda reason: self._note("disconnect", reason))
        client.on("*", self._note)
        return client

    def _note(self, name: str, payload: Any = None) -> None:
        self.news.note(name, payload, self._client.transport())


class JavaScriptClient:
    """socket.io-client, in a process of its own."""

    def __init__(self) -> None:
        self.news = News()
        self._process: asyncio.subprocess.Process | None = None
        self._listening: asyncio.Task[None] | None = None
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Any]] = {}

    async def open(self, way: Way) -> None:
        """Begin to connect; the news tell how it went."""
        await self._start()
        options = {
            "transports": way.transports,
            "auth": way.auth,
            "extraHeaders": way.headers or {},
            "reconnectionDelay": RETRY_AFTER * 1000,
            "reconnectionDelayMax": RETRY_AFTER_AT_MOST * 1000,
            "randomizationFactor": 0,
        }
        self._order("connect", url=way.url, options=options)

    def connect_again(self, token: str) -> None:
        """Try once more with another token, on the connection that is open."""
        self._order("connectAgain", auth={"token": token})

    async def call(self, event: str, *args: Any) -> Any:
        """Emit with an acknowledgement and return what it brought."""
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        self._order("call", number=number, event=event, args=args)
        async with asyncio.timeout(PATIENCE):
            return await answer

    async def close(self) -> None:
        """Leave for good, and see that it was no failure."""
        if self._process is None or self._listening is None:
            return
        self._order("leave")
        async with asyncio.timeout(PATIENCE):
            await self._listening
            assert await self._process.wait() == 0

    async def _start(self) -> None:
        node = find_node()
        if node is None or not (JAVASCRIPT / "node_modules").is_dir():
            missing("Node.js, or `npm ci` in tests/realtime/js,")
        self._process = await asyncio.create_subprocess_exec(
            str(node),
            str(JAVASCRIPT / "remote.mjs"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=LONGEST_LINE,
        )
        self._listening = asyncio.create_task(self._listen(self._process))

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            told = json.loads(line)
            if "number" in told:
                self._answers.pop(told["number"]).set_result(told["answer"])
            else:
                self.news.note(told["name"], told["payload"], told["transport"])

    def _order(self, order: str, **given: Any) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        line = json.dumps({"order": order, **given}, default=_as_base64)
        self._process.stdin.write(line.encode() + b"\n")


CLIENTS: dict[str, type[PythonClient | JavaScriptClient]] = {
    "python": PythonClient,
    "javascript": JavaScriptClient,
}


def _as_base64(value: bytes) -> dict[str, str]:
    return {"base64": base64.b64encode(value).decode()}
