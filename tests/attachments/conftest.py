"""A real server with the calls of attachments, and the cast around one conversation."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from quart import Quart
from sqlalchemy import insert

from echosphere.accounts.store import users
from echosphere.api import Operations
from echosphere.attachments import (
    AttachmentRoutes,
    AttachmentsOperations,
    claim_attachments,
)
from echosphere.attachments.add import add_attachment
from echosphere.attachments.attachment import Quota, StoredFile
from echosphere.attachments.limits import UploadLimits
from echosphere.conversations.store import conversations, members
from echosphere.core.caller import Caller
from echosphere.core.rate_limits import RateLimiter
from echosphere.database import Database, Transaction
from echosphere.media import SandboxPool, Storage, UploadTimeouts
from echosphere.messages.store import messages
from echosphere.web import SESSION_COOKIE, Api, Origins
from echosphere.web.body import bound_bodies
from echosphere.web.errors import handle_errors
from tests.conftest import SetClock

MOST = 1024 * 1024
CAST = ("member", "second", "newcomer", "gone", "outsider")
JOINED_LATE = 5


def stage(transaction: Transaction) -> None:
    """One group: two members, one who joined late, one who left; and someone outside."""
    for name in CAST:
        transaction.execute(
            insert(users).values(
                id=name, name=name, about="", role="member", settings="{}", created_at=1
            )
        )
    transaction.execute(
        insert(conversations).values(
            id="talk", kind="group", title="Talk", version=9, members_version=1, last_seq=9,
            created_at=1, changed_at=1,
        )
    )  # fmt: skip
    for name in CAST[:4]:
        transaction.execute(
            insert(members).values(
                conversation_id="talk", user_id=name, role="member", left=name == "gone",
                version=1, joined_seq=JOINED_LATE if name == "newcomer" else 0, read_seq=0,
                delivered_seq=0, muted=False, pinned=False, archived=False,
            )
        )  # fmt: skip


def put_message(transaction: Transaction, seq: int, author: str = "member") -> None:
    """Store a message that attachments can be bound to."""
    transaction.execute(
        insert(messages).values(
            conversation_id="talk", seq=seq, version=seq, author_id=author,
            key=f"{seq:08}", body="", created_at=1, deleted=False, files=1,
        )
    )  # fmt: skip


def send(transaction: Transaction, seq: int, *ids: str) -> None:
    """Post the member's message that uses these files."""
    put_message(transaction, seq)
    claim_attachments(transaction, "member", ids, "talk", seq)


def upload_as(transaction: Transaction, owner: str, size: int, *ids: str) -> None:
    """Enter files as if someone had uploaded them."""
    for one in ids:
        file = StoredFile(one, owner, None, None, one, "text/plain", size, None, None, False, one)
        add_attachment(transaction, file, Quota())


class Server:
    """The running server, and a client for each of the cast."""

    def __init__(self, address: str, storage: Storage, folder: Path, database: Database) -> None:
        self.address = address
        self.storage = storage
        self.folder = folder
        self.database = database
        self.clients: dict[str, httpx.AsyncClient] = {}

    def as_(self, name: str) -> httpx.AsyncClient:
        """Return a client that acts as one of the cast."""
        if name not in self.clients:
            self.clients[name] = httpx.AsyncClient(
                base_url=f"{self.address}/api/v1",
                headers={"Authorization": f"Bearer {name}"},
                timeout=60,
            )
        return self.clients[name]

    async def upload(
        self, body: bytes, name: str = "a file", as_: str = "member"
    ) -> dict[str, Any]:
        """Upload a file that must be taken, and return what the server says of it."""
        answer = await self.refused_or_taken(body, name, as_)
        assert answer.status_code == 201, answer.text
        attachment: dict[str, Any] = answer.json()["attachment"]
        return attachment

    async def refused_or_taken(
        self, body: bytes, name: str = "a file", as_: str = "member"
    ) -> httpx.Response:
        """Upload a file."""
        return await self.as_(as_).post("/attachments", files={"file": (name, body)})

    def stored(self) -> list[str]:
        """Return the names of all files in the storage, half-received ones too."""
        return sorted(path.name for path in self.folder.rglob("*") if path.is_file())

    def make_old(self) -> None:
        """Let everything in the storage look as if it had been there for years."""
        for path in self.folder.rglob("*"):
            if path.is_file():
                os.utime(path, (time.time() - 10**8, time.time() - 10**8))


async def authenticate(token: str) -> Caller | None:
    """Know the cast by name."""
    return Caller(token, f"session of {token}") if token in CAST else None


@pytest.fixture
def rate_limiter() -> RateLimiter:
    """No rates, unless a test is about them."""
    return RateLimiter(enabled=False)


@pytest.fixture
def timeouts() -> UploadTimeouts:
    """That of the product, unless a test is about it: a busy machine may make senders slow."""
    return UploadTimeouts()


@pytest.fixture
async def server(
    database: Database,
    clock: SetClock,
    rate_limiter: RateLimiter,
    timeouts: UploadTimeouts,
    tmp_path: Path,
) -> AsyncIterator[Server]:
    """A server on a port of its own."""
    clock.now = int(time.time() * 1000)  # the files on disk have the machine's time
    await database.write(stage)
    folder = tmp_path / "files"
    storage = Storage.from_url(folder.as_uri(), tmp_path)
    sandbox = SandboxPool()
    app = Quart("attachments")
    bound_bodies(app)
    handle_errors(app)
    api = Api(app, authenticate, Origins("http://127.0.0.1"), rate_limiter, SESSION_COOKIE)
    door = AttachmentRoutes(
        database,
        storage,
        sandbox,
        rate_limiter,
        data=tmp_path,
        limits=lambda: UploadLimits(MOST, Quota(), disk_reserve=0, mib_per_minute=100_000),
        timeouts=timeouts,
    )
    door.serve(api)
    Operations(rate_limiter, api).add(AttachmentsOperations(database).all())
    config = uvicorn.Config(app, port=0, ws="none", lifespan="off", log_config=None)
    running = uvicorn.Server(config)
    serving = asyncio.create_task(running.serve())
    while not running.started:
        await asyncio.sleep(0.01)
    port = running.servers[0].sockets[0].getsockname()[1]
    server = Server(f"http://127.0.0.1:{port}", storage, folder, database)
    yield server
    for client in server.clients.values():
        await client.aclose()
    running.should_exit = True
    await serving
    await sandbox.stop()
