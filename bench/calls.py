"""Clients that call the server: one call after the other, or many messages into conversations."""

import asyncio
import json
from argparse import Namespace
from collections.abc import Awaitable, Callable, Iterable
from itertools import pairwise
from secrets import token_hex
from time import perf_counter

from bench.people import Person
from bench.result import Figures, IncompleteError, percentiles, tidy
from bench.server import Measured
from bench.sockets import PATIENCE, Client, close_all, connect_all, require_unbroken

ACCEPTED = b'[{"ok":true'
UNANSWERED = 64


class Asker(Client):
    """Makes one call at a time."""

    def __init__(self, token: str) -> None:
        super().__init__(token)
        self._answer: asyncio.Future[bytes] | None = None

    async def ask(self, call: str, argument: object) -> bytes:
        """Make a call and return the acknowledgement, undecoded.

        Raises:
            IncompleteError: It was refused.
        """
        self._answer = asyncio.get_running_loop().create_future()
        self.send(b"421" + json.dumps([call, argument]).encode())
        async with asyncio.timeout(PATIENCE):
            answer = (await self._answer)[3:]
        if not answer.startswith(ACCEPTED):
            raise IncompleteError(f"{call} was refused: {answer[:200]!r}")
        return answer

    def take_answer(self, payload: bytes) -> None:
        """Hand over the acknowledgement."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(payload)


class Filler(Client):
    """Posts many messages, some of them unanswered at any time."""

    def __init__(self, token: str, messages: Iterable[tuple[str, str]]) -> None:
        super().__init__(token)
        self._messages = enumerate(messages)
        # The same key would be the same message, also in the next run.
        self._filling = f"bench-{token_hex(6)}"
        self._open = 0
        self.refused = b""
        self.done = asyncio.Event()

    def begin(self) -> None:
        """Send the first posts; each answer lets another one go."""
        for _ in range(UNANSWERED):
            self._post_next()

    def take_answer(self, payload: bytes) -> None:
        """Post the next message."""
        self._open -= 1
        if ACCEPTED not in payload[:30]:
            self.refused = payload
        self._post_next()

    def _post_next(self) -> None:
        number, (conversation, body) = next(self._messages, (0, ("", "")))
        if conversation and not self.refused:
            call = {"conversation": conversation, "key": f"{self._filling}-{number}", "body": body}
            self._open += 1
            self.send(b"421" + json.dumps(["post", call]).encode())
        elif not self._open:
            self.done.set()


def steps(given: Namespace) -> list[tuple[int, int]]:
    """Return how many messages there are before and after each filling."""
    sizes = [int(size) for size in given.sizes.split(",")] if given.sizes else [given.messages]
    return list(pairwise([0, *sizes]))


async def fill(port: int, author: Person, messages: Iterable[tuple[str, str]]) -> None:
    """Post messages, given as conversation and body, in their order.

    Raises:
        IncompleteError: One was refused, or the connection broke.
    """
    (filler,) = await connect_all(port, [Filler(author.token, messages)])
    filler.begin()
    while not filler.done.is_set():
        require_unbroken([filler])
        await asyncio.wait([asyncio.ensure_future(filler.done.wait())], timeout=1)
    if filler.refused:
        raise IncompleteError(f"a message was refused: {filler.refused[:200]!r}")
    await close_all([filler])


async def measured(
    server: Measured, work: Iterable[Callable[[], Awaitable[None]]], seconds: float
) -> Figures:
    """Repeat some pieces of work side by side for a time; return what one of them takes."""
    latencies: list[float] = []
    cpu, start = server.cpu_seconds(), perf_counter()

    async def repeat(one: Callable[[], Awaitable[None]]) -> None:
        now = start
        while not latencies or now < start + seconds:
            await one()
            begun, now = now, perf_counter()
            latencies.append(now - begun)

    await asyncio.gather(*map(repeat, work))
    passed, cpu = perf_counter() - start, server.cpu_seconds() - cpu
    count = len(latencies)
    figures = {
        "count": count,
        "per_second": count / passed,
        "cpu_us_each": cpu / count * 1e6,
        **percentiles(latencies),
    }
    return {name: tidy(value) for name, value in figures.items()}
