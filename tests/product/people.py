"""The cast: people with a real HTTP client and real sockets on a real server."""

import asyncio
import itertools
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

import httpx
import socketio

from echosphere.web import session_cookie_name
from tests.cluster.certificate import certificate
from tests.processes import PROCESSES

PASSWORD = "correct horse battery staple"
TIMEOUT = 90.0
"""Seconds to wait for what must come: many, because a busy machine is slow and not wrong."""

TRUST = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts no one, which takes less time than to load all that a machine trusts; or our own nginx."""
if PROCESSES > 1:
    TRUST.load_verify_locations(certificate())

_numbers = itertools.count(1)


class Refused(Exception):  # noqa: N818
    """A socket call was answered with an error."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error)
        self.code = error["code"]
        self.detail = error["detail"]


class Closable(Protocol):
    """A connection."""

    async def close(self) -> None:
        """Close it, also if it is closed."""


class Person:
    """Someone with an account, a REST client and any number of sockets."""

    def __init__(self, base: str, user: dict[str, Any], token: str) -> None:
        self.base = base
        self.user = user
        self.token = token
        self.http = client_of(base)
        self.http.headers["Authorization"] = f"Bearer {token}"
        self._sockets: list[Socket] = []
        self._connections: list[Closable] = []

    @property
    def id(self) -> str:
        return str(self.user["id"])

    @property
    def email(self) -> str:
        return str(self.user["email"])

    async def connect(self, *, transports: list[str] | None = None) -> "Socket":
        """Open a socket as this person."""
        socket = Socket(self.base, self.token)
        await socket.connect(transports or ["websocket"])
        self._sockets.append(socket)
        return socket

    def closes(self, connection: Closable) -> None:
        """Have a further connection closed at the end: others go on using the server."""
        self._connections.append(connection)

    async def get(self, path: str, status: int = 200, **params: Any) -> Any:
        return self._checked(await self.http.get(path, params=params), status)

    async def post(self, path: str, body: Any, status: int = 201) -> Any:
        return self._checked(await self.http.post(path, json=body), status)

    async def put(self, path: str, body: Any = None, status: int = 204) -> Any:
        return self._checked(await self.http.put(path, json=body), status)

    async def patch(self, path: str, body: Any, status: int = 200) -> Any:
        return self._checked(await self.http.patch(path, json=body), status)

    async def delete(self, path: str, status: int = 204) -> Any:
        return self._checked(await self.http.delete(path), status)

    async def upload(self, name: str, content: bytes, status: int = 201) -> Any:
        answer = await self.http.post("/attachments", files={"file": (name, content)})
        return self._checked(answer, status)["attachment"]

    async def talk_to(self, other: "Person") -> str:
        """Become contacts and start a direct conversation; return its id."""
        await self.befriend(other)
        started = await self.http.post("/conversations", json={"kind": "direct", "user": other.id})
        assert started.status_code in (200, 201), started.text
        return str(started.json()["conversation"]["id"])

    async def befriend(self, other: "Person") -> None:
        """Ask to become contacts, and have the other accept."""
        await self.post("/contacts", {"email": other.email}, 202)
        for request in (await other.get("/contacts/requests"))["requests"]:
            if request["user"]["id"] == self.id:
                await other.post(f"/contacts/requests/{request['id']}", {"accept": True}, 200)

    async def say(self, conversation: str, body: str, **more: Any) -> dict[str, Any]:
        """Post over REST and return the stored message."""
        given = {"key": new_key(), "body": body, **more}
        posted = await self.post(f"/conversations/{conversation}/messages", given)
        message: dict[str, Any] = posted["message"]
        return message

    async def close(self) -> None:
        for connection in (*self._sockets, *self._connections):
            await connection.close()
        await self.http.aclose()

    @staticmethod
    def _checked(answer: httpx.Response, status: int) -> Any:
        assert answer.status_code == status, f"{answer.status_code}: {answer.text}"
        return answer.json() if answer.content else None


class Socket:
    """The official Python client, which notes every event in the order of arrival."""

    def __init__(self, base: str, token: str | None) -> None:
        self.base = base
        self.token = token
        self.events: list[tuple[str, Any]] = []
        self._arrived = asyncio.Condition()
        self.client = socketio.AsyncClient(reconnection=False)
        self.client.on("*", self._note)

    async def _note(self, event: str, *args: Any) -> None:
        async with self._arrived:
            self.events.append((event, args[0] if args else None))
            self._arrived.notify_all()

    async def connect(self, transports: list[str]) -> None:
        auth = {"token": self.token} if self.token else None
        await self.client.connect(self.base, auth=auth, transports=transports, wait_timeout=TIMEOUT)

    async def call(self, event: str, argument: Any) -> Any:
        """Call and return the answer's fields.

        Raises:
            Refused: The answer says no.
        """
        answer = await self.client.call(event, argument, timeout=TIMEOUT)
        if not answer.pop("ok"):
            raise Refused(answer["error"])
        return answer

    async def say(self, conversation: str, body: str, **more: Any) -> dict[str, Any]:
        """Post over the socket and return the stored message."""
        given = {"conversation": conversation, "key": new_key(), "body": body, **more}
        message: dict[str, Any] = (await self.call("post", given))["message"]
        return message

    async def next(self, event: str, **fields: Any) -> Any:
        """Return the first event of this name with these fields, waiting for it if need be."""

        def find() -> Any:
            for name, payload in self.events:
                if name == event and all(payload.get(key) == fields[key] for key in fields):
                    return payload
            return None

        async with asyncio.timeout(TIMEOUT), self._arrived:
            await self._arrived.wait_for(lambda: find() is not None)
            return find()

    def of(self, event: str) -> list[Any]:
        """Return the payloads of all events of this name so far."""
        return [payload for name, payload in self.events if name == event]

    async def close(self) -> None:
        await self.client.disconnect()


def by_another_scheme(base: str) -> str:
    """Return the address with TLS if it has none, and without if it has."""
    scheme, _, place = base.partition(":")
    return f"{'http' if scheme == 'https' else 'https'}:{place}"


def new_key() -> str:
    """Return an idempotency key."""
    return f"key-{next(_numbers):08d}"


def client_of(base: str) -> httpx.AsyncClient:
    """Return a client of the REST interface, which goes there directly and without HTTPS."""
    return httpx.AsyncClient(
        base_url=f"{base}/api/v1", timeout=TIMEOUT, verify=TRUST, trust_env=False
    )


async def register(base: str, name: str) -> Person:
    """Make an account; its first session serves a program as well as the browser it is meant for."""
    email = f"{name.lower().replace(' ', '.')}{next(_numbers)}@example.org"
    async with client_of(base) as http:
        account = {"email": email, "name": name, "password": PASSWORD}
        made = await http.post("/accounts", json=account)
        assert made.status_code == 201, made.text
        return Person(base, made.json()["user"], session_of(made))


def session_of(made: httpx.Response) -> str:
    """Return the token of the session that an answer opens, on HTTPS or without."""
    names = {session_cookie_name(secure=secure) for secure in (True, False)}
    (token,) = (made.cookies[name] for name in names & set(made.cookies))
    return token


@asynccontextmanager
async def people_on(base: str, *names: str) -> AsyncIterator[list[Person]]:
    """Register several people and clean up after them."""
    people = [await register(base, name) for name in names]
    try:
        yield people
    finally:
        for person in people:
            await person.close()
