"""A server as its own process, to be killed, and people who keep sending whatever happens."""

import asyncio
import contextlib
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests import launcher
from tests.faults.callers import Caller, Lost
from tests.house.serving import free_port, settings_for
from tests.product.people import Person, new_key, people_on

PATIENCE = 120.0
"""Seconds within which a server must answer again or end, and senders get somewhere."""

PAUSE = 0.05

Crowd = tuple[list[Person], str]
"""The members of a group, and its id."""


class ServerProcess:
    """A real server on a data folder and a port that stay the same over restarts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        port = free_port()
        self.base = f"http://127.0.0.1:{port}"
        self._environment = settings_for(
            folder, port, self.base, ECHOSPHERE_RATE_LIMITS="off", ECHOSPHERE_LOG_LEVEL="WARNING"
        )
        self._process: launcher.Running | None = None

    @property
    def process(self) -> launcher.Running:
        """The process that was started last."""
        assert self._process is not None
        return self._process

    def start(self) -> None:
        """Start and wait until it answers."""
        # What it prints goes nowhere: a file would be bounded when the disk is.
        self._process = launcher.start(["serve"], self._environment, cwd=self.folder)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self._process.poll() is None, "the server ended by itself"
            with contextlib.suppress(httpx.TransportError):
                httpx.get(f"{self.base}/healthz", timeout=1)
                return
            time.sleep(0.02)
        raise AssertionError(f"the server was not back within {PATIENCE} seconds")

    def kill(self) -> None:
        """End it without a chance to tidy up."""
        self.process.kill()
        self.process.wait(PATIENCE)

    def terminate(self) -> int:
        """Ask it to stop and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def integrity(self) -> str:
        """Return what SQLite says of the file of a server that has ended."""
        with contextlib.closing(sqlite3.connect(self.folder / "app.db")) as connection:
            return str(connection.execute("PRAGMA integrity_check").fetchone()[0])

    def stored(self) -> list[str]:
        """Return the keys of all messages in the file, in their order."""
        with contextlib.closing(sqlite3.connect(self.folder / "app.db")) as connection:
            return [row[0] for row in connection.execute("SELECT key FROM messages ORDER BY seq")]


@contextmanager
def server_process(folder: Path) -> Iterator[ServerProcess]:
    """Run a server until the block ends, however it ends."""
    server = ServerProcess(folder)
    try:
        server.start()
        yield server
    finally:
        if server.process.poll() is None:
            server.kill()


@contextlib.asynccontextmanager
async def crowd_on(base: str, count: int) -> Any:
    """Make a group of so many people who know the first of them."""
    async with people_on(base, *(f"Person {number}" for number in range(count))) as people:
        for other in people[1:]:
            await people[0].befriend(other)
        group = {"kind": "group", "title": "All", "members": [one.id for one in people[1:]]}
        made = await people[0].post("/conversations", group)
        yield people, made["conversation"]["id"]


class Sender:
    """Sends one message after the other, each until it is acknowledged, always with its key.

    Args:
        person: Who sends.
        conversation: Where to.
        hasty: Counts a message as sent before it was; only to see that such a bug is noticed.
    """

    def __init__(self, person: Person, conversation: str, *, hasty: bool = False) -> None:
        self.person = person
        self.conversation = conversation
        self.hasty = hasty
        self.stopping = False
        self.attempted: list[str] = []
        self.acknowledged: dict[str, Any] = {}

    async def run(self) -> None:
        """Send until told to stop; what has been begun is brought to its end."""
        try:
            while not self.stopping:
                key = new_key()
                self.attempted.append(key)
                await self._send_until_acknowledged(key)
        finally:
            await self.close()

    async def close(self) -> None:
        """Let go of the connection."""

    async def attempt(self, given: dict[str, Any]) -> Any:
        """Try to send once and return the stored message, or None when no answer came."""
        with contextlib.suppress(httpx.TransportError):
            path = f"/conversations/{self.conversation}/messages"
            answer = await self.person.http.post(path, json=given, timeout=5)
            if answer.status_code in (200, 201):
                return answer.json()["message"]
            assert answer.status_code == 503, answer.text
        return None

    async def _send_until_acknowledged(self, key: str) -> None:
        given = {"key": key, "body": f"{self.person.user['name']}: {key}"}
        if self.hasty:
            self.acknowledged[key] = given
            await self.attempt(given)
            return
        while True:
            message = await self.attempt(given)
            if message is not None:
                self.acknowledged[key] = message
                return
            await asyncio.sleep(PAUSE)


class SocketSender(Sender):
    """Sends over Socket.IO, with a new connection whenever the old one is gone."""

    def __init__(self, person: Person, conversation: str) -> None:
        super().__init__(person, conversation)
        self._caller: Caller | None = None

    async def attempt(self, given: dict[str, Any]) -> Any:
        """Try to send once and return the stored message, or None when no answer came."""
        try:
            if self._caller is None or self._caller.closed.is_set():
                self._caller = await Caller.connect(self.person.base, self.person.token)
            answer = await self._caller.call("post", {"conversation": self.conversation, **given})
        except Lost:
            return None
        assert answer["ok"] or answer["error"]["code"] == "unavailable", answer
        return answer.get("message")

    async def close(self) -> None:
        """Let go of the connection."""
        if self._caller is not None:
            await self._caller.close()


def faults_in(
    senders: list[Sender], stored: list[dict[str, Any]], first_seq: int | None = 3
) -> list[str]:
    """Return how what people said in a group differs from what was promised to the senders.

    The group's first line, that it was started, is the server's. `first_seq` is None where other
    changes have numbers in between.
    """
    stored = [message for message in stored if message["system"] is None]
    by_key: dict[str, list[dict[str, Any]]] = {}
    for message in stored:
        by_key.setdefault(message["key"], []).append(message)
    found = [f"{key} is there {len(all_)} times" for key, all_ in by_key.items() if len(all_) > 1]
    attempted = {key for sender in senders for key in sender.attempted}
    found += [f"{key} was never sent" for key in by_key if key not in attempted]
    for sender in senders:
        for key, answer in sender.acknowledged.items():
            if key not in by_key:
                found.append(f"{key} was acknowledged and is gone")
            elif by_key[key][0] != answer:
                found.append(f"{key} is not what was acknowledged")
    seqs = [message["seq"] for message in stored]
    if first_seq is None:
        if seqs != sorted(set(seqs)):
            found.append("the numbers do not rise")
    elif seqs != list(range(first_seq, first_seq + len(seqs))):
        found.append("the numbers do not rise by one")
    return found


async def whole_history(person: Person, conversation: str) -> list[dict[str, Any]]:
    """Return all messages of a conversation."""
    found: list[dict[str, Any]] = []
    more = True
    while more:
        after = found[-1]["seq"] if found else 0
        path = f"/conversations/{conversation}/messages"
        page = await person.get(path, after=after, limit=100)
        found += page["messages"]
        more = page["more"]
    return found
