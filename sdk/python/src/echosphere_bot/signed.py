"""Receives signed deliveries as an ASGI application; https://www.standardwebhooks.com has the rules."""

import asyncio
import base64
import binascii
import hashlib
import hmac
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

import msgspec

from echosphere_bot.configuration import SECRET
from echosphere_bot.errors import ConfigurationError, SignatureError
from echosphere_bot.retry import Retry
from echosphere_bot.running import Running
from echosphere_bot.wire import Event

if TYPE_CHECKING:
    from echosphere_bot.bot import Bot

log = logging.getLogger("echosphere_bot")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

TOLERANCE = 300
"""Seconds by which the time of a delivery may differ from that of this machine."""

MAX_BODY = 1024 * 1024
REMEMBERED = 10_000
"""Deliveries that are known again when they are repeated."""


def sign(secret: str, delivery: str, timestamp: int, body: bytes) -> str:
    """Return the signature of a delivery."""
    signed = f"{delivery}.{timestamp}.".encode() + body
    digest = hmac.new(_key_of(secret), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def verify(
    secrets: Iterable[str], headers: Mapping[str, str], body: bytes, now: float | None = None
) -> str:
    """Check the signature of a delivery; return its id, which is the same when it is repeated.

    Args:
        secrets: Of the endpoint: two while it is rotated.
        headers: With small letters.
        body: As it was received.
        now: Seconds since 1970.

    Raises:
        SignatureError: It is not signed with one of the secrets, or too old.
        ConfigurationError: A secret is none.
    """
    delivery = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "").split()
    if not (delivery and given and timestamp.isascii() and timestamp.isdigit()):
        raise SignatureError(
            "This is not signed: webhook-id, -timestamp and -signature are needed."
        )
    if abs((time.time() if now is None else now) - int(timestamp)) > TOLERANCE:
        raise SignatureError("This was sent too long ago, or the clocks differ.")
    expected = [sign(secret, delivery, int(timestamp), body).encode() for secret in secrets]
    # All are compared, and each in the same time: how long it takes tells nothing.
    fits = [hmac.compare_digest(one.encode(), other) for one in given for other in expected]
    if not any(fits):
        raise SignatureError("The signature does not fit the secret of this endpoint.")
    return delivery


def _key_of(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise ConfigurationError(f"{SECRET} is not a secret: it begins with whsec_") from None


class SignedEndpoint:
    """An ASGI application that runs a bot's handlers for what the server delivers.

    A delivery is answered once its handlers have run: with 204, or with 500 if one failed, so that the
    server tries again. A repeat of one that is being handled waits for it; of one that was handled
    nothing is run. After a restart of the process a repeat does run again, and what the handlers answer
    has the same keys, so that it is posted once.

    Args:
        bot: The handlers.

    Raises:
        ConfigurationError: There is no secret.
    """

    def __init__(self, bot: "Bot") -> None:
        self._bot = bot
        where = bot.configured()
        if not where.secret:
            raise ConfigurationError(
                f"Set {SECRET} to the secret of the endpoint, which is shown once when it is created."
            )
        self._secrets = where.secret.split()
        for secret in self._secrets:
            _key_of(secret)
        self._where = where
        self._running: asyncio.Task[Running] | None = None
        self._handled: dict[str, None] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve ASGI."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await _answer(send, await self._receive(scope, receive))

    async def start(self) -> None:
        """Tell the server of the bot's commands.

        Servers call it by ASGI's lifespan; a framework in which this is mounted may not.
        """
        await asyncio.shield(self._begun())

    async def stop(self) -> None:
        """Wait for what is being handled, and disconnect."""
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=self._bot.grace)
        begun, self._running = self._running, None
        if begun is not None:
            begun.cancel()
            found = (await asyncio.gather(begun, return_exceptions=True))[0]
            if isinstance(found, Running):
                await found.end()

    def _begun(self) -> asyncio.Task[Running]:
        if self._running is None or (self._running.done() and self._running.exception()):
            self._running = asyncio.create_task(self._begin())
        return self._running

    async def _begin(self) -> Running:
        running = Running(self._bot, self._where, self._bot.retry or Retry())
        try:
            await running.begin()
            await running.tell_commands()
        except BaseException:
            await running.end()
            raise
        return running

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            phase = (await receive())["type"]
            if phase == "lifespan.startup":
                # Not waited for: the server may start later than this.
                self._begun().add_done_callback(_log_failure)
            else:
                await self.stop()
            await send({"type": f"{phase}.complete"})
            if phase == "lifespan.shutdown":
                return

    async def _receive(self, scope: Scope, receive: Receive) -> int:
        """Handle a delivery; return the status of the answer."""
        if scope["method"] != "POST":
            return 405
        body = await _read(receive)
        if body is None:
            return 413
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in scope["headers"]
        }
        try:
            delivery = verify(self._secrets, headers, body)
        except SignatureError as error:
            log.warning("A delivery was refused: %s", error)
            return 401
        try:
            event = msgspec.json.decode(body, type=Event)
        except msgspec.MsgspecError as error:
            log.error("A delivery is not an event: %s", error)  # noqa: TRY400 - it says it all
            return 400
        return await self._handle_once(delivery, event)

    async def _handle_once(self, delivery: str, event: Event) -> int:
        if delivery in self._handled:
            return 204
        task = self._tasks.get(delivery)
        if task is None:
            task = self._tasks[delivery] = asyncio.create_task(self._handle(delivery, event))
        try:
            await asyncio.shield(task)  # it goes on if the server does not wait for it
        except Exception:
            log.exception("A delivery could not be handled", extra={"event": event.id})
            return 500
        return 204

    async def _handle(self, delivery: str, event: Event) -> None:
        try:
            running = await asyncio.shield(self._begun())
            await running.handle(event)
            self._handled[delivery] = None
            if len(self._handled) > REMEMBERED:
                del self._handled[next(iter(self._handled))]
        finally:
            del self._tasks[delivery]


def _log_failure(begun: asyncio.Task[Running]) -> None:
    if not begun.cancelled() and begun.exception() is not None:
        log.error("The bot cannot begin: %s", begun.exception())


async def _read(receive: Receive) -> bytes | None:
    """Return the body, or None if it is too long."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return bytes(body)
        body += message.get("body", b"")
        if len(body) > MAX_BODY:
            return None
        if not message.get("more_body", False):
            return bytes(body)


async def _answer(send: Send, status: int) -> None:
    headers = [(b"content-length", b"0")] if status != 204 else []
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
