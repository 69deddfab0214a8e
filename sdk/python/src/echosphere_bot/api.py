"""The HTTP interface of a server: sends requests until they are answered."""

import asyncio
import logging
import ssl
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar
from urllib.parse import quote, urlsplit

import httpx
import msgspec

from echosphere_bot.cause import key_for
from echosphere_bot.errors import (
    ApiError,
    ConfigurationError,
    ConnectionFailedError,
    EchoSphereError,
    HeldError,
    NotFoundError,
    RateLimitedError,
    ServerError,
    error_of,
)
from echosphere_bot.retry import Retry, parse_retry_after
from echosphere_bot.version import USER_AGENT
from echosphere_bot.wire import MessageData, Page, User

log = logging.getLogger("echosphere_bot")

TIMEOUT = 30.0
"""Seconds without a byte after which a request is sent again."""

KNOWN_USERS = 2_000
USERS_KEPT = 600.0
"""Seconds for which a name is taken for the right one."""

RESPOND = "/api/v1/respond/"
PASSING = {502, 503, 504, *range(520, 530)}
"""What is said while a server, or what stands before it, is away."""

MAX_FAILURES = 5
"""Times that a request is sent that the server fails to serve: it may fail each time."""

Shape = TypeVar("Shape")


class Upload(NamedTuple):
    """A file to send: its name and content."""

    name: str
    content: bytes


File = Path | str | Upload | tuple[str, bytes]
"""What can be sent as a file: a path, or a name with its content."""


class Api:
    """Calls a server with a key.

    All that creates something carries a key, so that sending it again after a lost answer creates
    nothing twice.

    Args:
        url: Of the server, such as `https://chat.example.org`.
        key: Of the bot.
        retry: How long to go on after broken connections, 5xx and 429.
    """

    def __init__(self, url: str, key: str, retry: Retry) -> None:
        self.url = server_url(url)
        self._retry = retry
        trust = ssl.create_default_context()
        self._http = httpx.AsyncClient(
            base_url=f"{self.url}/api/v1",
            headers={"User-Agent": USER_AGENT},
            auth=_bearer(key),
            timeout=httpx.Timeout(TIMEOUT),
            verify=trust,
            follow_redirects=False,
        )
        self._users: dict[str, tuple[float, User]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def me(self) -> User:
        """Return the bot whose key this is."""
        return _converted((await self.request("GET", "/me")).get("user"), User)

    async def user(self, user: str, conversation: str) -> User:
        """Return somebody who is, or was, in a conversation; without a name if the bot may not see it."""
        now = time.monotonic()
        known = self._users.get(user)
        if known is not None and now - known[0] < USERS_KEPT:
            return known[1]
        try:
            found = await self._find_user(user, conversation)
        except ApiError as error:
            log.debug("The server does not show %s: %s", user, error)
            found = User(user)
        self.remember(found)
        return found

    async def _find_user(self, user: str, conversation: str) -> User:
        try:
            answer = await self.request("GET", f"/users/{quote(user, safe='')}")
        except NotFoundError:
            # Those who left, and webhooks, are shown with the conversation only.
            path = f"/conversations/{quote(conversation, safe='')}"
            group = (await self.request("GET", path))["conversation"]
            shown = [_converted(one["user"], User) for one in group.get("members", [])]
            return next((one for one in shown if one.id == user), User(user))
        return _converted(answer.get("user"), User)

    def remember(self, user: User) -> None:
        """Keep somebody whom the server has just shown."""
        self._users.pop(user.id, None)
        self._users[user.id] = (time.monotonic(), user)
        if len(self._users) > KNOWN_USERS:
            del self._users[next(iter(self._users))]

    async def events(self, after: str | None, wait: int = 0) -> Page:
        """Return what happened after a cursor, waiting for it; without one, where events are now.

        Raises:
            GoneError: The cursor is too old.
        """
        asked: dict[str, Any] = {} if after is None else {"after": after, "wait": wait}
        answer = await self.request("GET", "/events", params=asked, timeout=wait + TIMEOUT)
        return _converted(answer, Page)

    async def post(
        self,
        conversation: str,
        text: str,
        *,
        files: Iterable[File] = (),
        actions: list[list[dict[str, Any]]] | None = None,
        reply_to: int | None = None,
        key: str | None = None,
    ) -> MessageData:
        """Post a message, with files if there are any."""
        key = key_for(key)
        body: dict[str, Any] = {"key": key, "body": text}
        ids = [
            await self.upload(file, f"{key[:48]}-file-{number}")
            for number, file in enumerate(files)
        ]
        optional = {"attachments": ids, "actions": actions, "reply_to": reply_to}
        body |= {name: value for name, value in optional.items() if value}
        path = f"/conversations/{quote(conversation, safe='')}/messages"
        return message_in(await self.request("POST", path, json=body))

    async def upload(self, file: File, key: str | None = None) -> str:
        """Send a file and return its id, with which a message can have it."""
        name, content = await asyncio.to_thread(_read, file)
        answer = await self.request(
            "POST", "/attachments", params={"key": key_for(key)}, files={"file": (name, content)}
        )
        return str(answer["attachment"]["id"])

    async def download(self, url: str) -> bytes:
        """Return the content of a file that a message has."""
        path = urlsplit(url).path
        return (await self.send("GET", f"{self.url}{path}")).content

    async def edit(
        self, conversation: str, seq: int, text: str, actions: list[list[dict[str, Any]]] | None
    ) -> MessageData:
        """Give an own message another text; with `actions`, also other buttons."""
        body: dict[str, Any] = {"body": text} | ({} if actions is None else {"actions": actions})
        return message_in(await self.request("PATCH", _message_path(conversation, seq), json=body))

    async def delete(self, conversation: str, seq: int) -> None:
        """Delete an own message for everybody."""
        await self.send("DELETE", _message_path(conversation, seq))

    async def react(self, conversation: str, seq: int, emoji: str, *, on: bool) -> None:
        """Set a reaction, or take it away."""
        path = f"{_message_path(conversation, seq)}/reactions/{quote(emoji, safe='')}"
        await self.send("PUT" if on else "DELETE", path)

    async def message(self, conversation: str, seq: int) -> MessageData:
        """Return a message as it is now."""
        return message_in(await self.request("GET", _message_path(conversation, seq)))

    async def set_commands(self, bot: str, commands: list[dict[str, str]]) -> None:
        """Say which commands people can use."""
        await self.request("PUT", f"/bots/{bot}/commands", json={"commands": commands})

    async def respond(self, url: str, answer: Mapping[str, Any], key: str | None = None) -> Any:
        """Answer a command or a press of a button.

        Only the path of the address is used: what a bot answers goes to its own server.

        Raises:
            GoneError: The time for answers is over, or there were as many as are allowed.
        """
        path = urlsplit(url).path
        if not path.startswith(RESPOND):
            raise EchoSphereError("The server sent an address for answers that is none.")
        body = {"key": key_for(key), **answer}
        # The address is the permission, and needs no key beside it.
        sent = await self.send("POST", f"{self.url}{path}", json=body, auth=None)
        return msgspec.json.decode(sent.content) if sent.content else {}

    async def request(self, method: str, path: str, **options: Any) -> Any:
        """Send a request until it is answered; return what the answer says.

        Args:
            method: Of HTTP.
            path: Below `/api/v1`.
            options: Of `httpx`, such as `json`.

        Raises:
            ApiError: The server refused it.
            ConnectionFailedError: It could not be sent for too long.
        """
        answer = await self.send(method, path, **options)
        try:
            return msgspec.json.decode(answer.content)
        except msgspec.DecodeError:
            raise EchoSphereError(
                f"{self.url} answered with something else than JSON. Is this an EchoSphere server?"
            ) from None

    async def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send a request until it is answered; return the answer. Raises as `request` does."""
        began, attempt = time.monotonic(), 0
        while True:
            failure: EchoSphereError
            try:
                answer = await self._http.request(method, path, **options)
                if answer.is_success:
                    if attempt:
                        log.info("%s answers again.", self.url)
                    return answer
                failure = refusal_in(answer)
                if attempt and method == "DELETE" and isinstance(failure, NotFoundError):
                    return answer  # the request before was heard, and its answer lost
            except httpx.TransportError as error:
                failure = ConnectionFailedError(f"{self.url} cannot be reached: {error!r}")
                failure.__cause__ = error
            await self._wait_after(failure, attempt, began)
            attempt += 1

    async def _wait_after(self, failure: EchoSphereError, attempt: int, began: float) -> None:
        """Wait before the next attempt, or raise why there is none."""
        if not _may_pass(failure, attempt):
            raise failure
        asked = failure.retry_after if isinstance(failure, ApiError) else None
        pause = self._retry.pause(attempt)
        if asked is not None:
            # A little more than asked for, so that those who wait do not all come at once.
            pause = asked + self._retry.pause(0)
        limit = self._retry.give_up_after
        if limit is not None and time.monotonic() - began + pause > limit:
            raise failure
        log.warning("%s Trying again in %.1f s.", failure, pause)
        await asyncio.sleep(pause)


def server_url(given: str) -> str:
    """Return the address of a server in the form that is used.

    Raises:
        ConfigurationError: It is none.
    """
    parts = urlsplit(given.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError(
            f"{given!r} is not the address of a server. It looks like https://chat.example.org"
        )
    path = parts.path.rstrip("/").removesuffix("/api/v1")
    return f"{parts.scheme}://{parts.netloc}{path}"


def _bearer(key: str) -> Any:
    def sign(request: httpx.Request) -> httpx.Request:
        request.headers["Authorization"] = f"Bearer {key}"
        return request

    return sign


def _may_pass(failure: EchoSphereError, attempt: int) -> bool:
    """Tell whether the same request may succeed later."""
    if isinstance(failure, ServerError):
        return failure.status in PASSING or (failure.status == 500 and attempt < MAX_FAILURES)
    return isinstance(failure, ConnectionFailedError | RateLimitedError)


def refusal_in(answer: httpx.Response) -> ApiError:
    """Return the exception for an answer that is no success."""
    try:
        problem = msgspec.json.decode(answer.content)
    except msgspec.DecodeError:
        problem = None  # of something between: a proxy
    return error_of(
        answer.status_code, problem, parse_retry_after(answer.headers.get("Retry-After"))
    )


def _message_path(conversation: str, seq: int) -> str:
    return f"/conversations/{quote(conversation, safe='')}/messages/{seq}"


def message_in(answer: Any) -> MessageData:
    """Return the message that an answer has.

    Raises:
        HeldError: The group's filter holds it back.
    """
    if answer.get("message") is None and answer.get("held"):
        raise HeldError(
            "The filter of this group holds the message back until an admin releases it."
        )
    return _converted(answer.get("message"), MessageData)


def _read(file: File) -> tuple[str, bytes]:
    if isinstance(file, str | Path):
        path = Path(file)
        return path.name, path.read_bytes()
    return file[0], file[1]


def _converted(given: Any, shape: type[Shape]) -> Shape:
    try:
        return msgspec.convert(given, shape)
    except msgspec.ValidationError as error:
        raise EchoSphereError(f"The server's answer cannot be read: {error}") from None
