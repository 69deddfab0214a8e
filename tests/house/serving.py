"""Starts programs as an operator would, and waits until they answer."""

import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import socketio

PATIENCE = 120.0
"""Seconds that a program may take to start or to stop."""

NGINX = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""
"""What a distribution has around our configuration, with all files in one folder."""

PORTS = range(12_000, 32_000)
"""Below those that systems give to outgoing connections: in between no one takes them by chance."""


def free_port(*, and_above: int = 0) -> int:
    """Return a port of this machine that no one listens on, nor on the one so far above it."""
    while True:
        port = random.choice(PORTS)
        with socket.socket() as found, socket.socket() as above, suppress(OSError):
            found.bind(("127.0.0.1", port))
            above.bind(("127.0.0.1", port + and_above if and_above else 0))
            return port


def settings_for(data: Path, port: int, base_url: str, **more: str) -> dict[str, str]:
    """Return the environment of a server with its own data folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ECHOSPHERE_")}
    return kept | {
        "ECHOSPHERE_DATA": str(data),
        "ECHOSPHERE_PORT": str(port),
        "ECHOSPHERE_BASE_URL": base_url,
        "ECHOSPHERE_PASSWORD_METHOD": "scrypt:1024:8:1",
        "ECHOSPHERE_REGISTRATION": "open",
        **more,
    }


@contextmanager
def running(
    command: Sequence[str | Path], url: str, environment: dict[str, str], folder: Path
) -> Iterator[subprocess.Popen[str]]:
    """Run a server until the block ends; it must answer at the address and stop when told to."""
    log = folder / f"{Path(command[0]).name}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command, env=environment, cwd=folder, stdout=output, stderr=output, text=True
        )
        try:
            _wait_for_answer(process, url, log)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def wait_until(is_so: Callable[[], bool], or_say: Callable[[], str] = str) -> None:
    """Look again and again until it is so, or complain."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, or_say()
        time.sleep(0.05)


def _wait_for_answer(process: subprocess.Popen[str], url: str, log: Path) -> None:
    def answers() -> bool:
        assert process.poll() is None, f"It ended by itself:\n{log.read_text()}"
        try:
            httpx.get(url, timeout=5)
        except httpx.TransportError:
            return False
        return True

    wait_until(answers, lambda: f"It does not answer at {url}:\n{log.read_text()}")


@asynccontextmanager
async def connected(url: str, cookies: Mapping[str, str], transport: str) -> AsyncIterator[Any]:
    """Connect the official Python client by one transport only, with the cookies of a session."""
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    async with aiohttp.ClientSession(headers=headers | {"Origin": url}) as requests:
        client = socketio.AsyncClient(reconnection=False, http_session=requests)
        await client.connect(url, transports=[transport])
        assert client.transport() == transport
        yield client
        await client.disconnect()
