"""Direct: many pairs of people, in each one message in flight: durable, acknowledged, delivered."""

import asyncio
import json
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from time import perf_counter, process_time

from bench import people, profiling
from bench.people import Person
from bench.progress import say
from bench.rest import Rest
from bench.result import Figures, IncompleteError, emit, medians, percentiles
from bench.server import EchoSphere, Measured
from bench.sockets import PATIENCE, Client, close_all, connect_all, require_unbroken

WARM_UP = 0.5
LATE = 0.2
"""Seconds to wait after the last message for one that should not come."""

Pairs = Sequence[tuple[Person, Person, str]]


def arguments(parser: ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=5.0, help="length of each run")
    parser.add_argument("--length", type=int, default=90, help="characters of a message")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--workers", type=int, default=1, help="processes to which people connect")
    parser.add_argument("--sizes", help="several numbers of pairs, such as 1,10,100,300")
    profiling.argument(parser)


async def run(given: Namespace) -> None:
    """Run the workload and print its results."""
    sizes = [int(size) for size in given.sizes.split(",")] if given.sizes else [given.pairs]
    with EchoSphere(workers=given.workers) as server:
        rest = Rest(server.port)
        pairs = await people.pair_up(rest, await people.register(rest, 2 * max(sizes)))
        posted: dict[str, int] = {}
        for size in sizes:
            figures = await _measure(server, pairs[:size], given, posted)
            parameters = {
                "workers": given.workers,
                "pairs": size,
                "seconds": given.seconds,
                "length": given.length,
                "runs": given.runs,
            }
            emit("direct", parameters, figures, server.folder)
        await _compare_stored(rest, pairs, posted)
        await rest.close()


async def _measure(
    server: EchoSphere, pairs: Pairs, given: Namespace, posted: dict[str, int]
) -> Figures:
    """Connect the pairs, run several times, return the medians."""
    chats = [
        Chat(one.token, other.token, conversation, given.length, posted.get(conversation, 0))
        for one, other, conversation in pairs
    ]
    clients: list[Client] = [client for chat in chats for client in (chat.sender, chat.receiver)]
    await connect_all(server.port, clients)
    await one_run(server, chats, min(WARM_UP, given.seconds))
    runs = []
    with profiling.profiled(server.pid, given.profile):
        for number in range(given.runs):
            figures = await one_run(server, chats, given.seconds)
            require_unbroken(clients)
            say(
                f"{len(pairs)} pairs, run {number + 1}: {figures['messages_per_second']:,.0f}"
                f" messages/s, {figures['cpu_us_per_message']:.1f} µs each"
            )
            runs.append(figures)
    resident = server.resident_bytes()
    await close_all(clients)
    posted.update((chat.conversation, chat.count) for chat in chats)
    return {**medians(runs), "rss_mb": round(resident / 1e6, 1)}


async def one_run(server: Measured, chats: Sequence["Chat"], seconds: float) -> Figures:
    """Let the pairs write to each other for so long, and return what that cost."""
    each = sum(server.cpu_of_each().values())
    cpu, load, begun = server.cpu_seconds(), process_time(), perf_counter()
    for chat in chats:
        chat.begin(until=begun + seconds)
    try:
        async with asyncio.timeout(seconds + PATIENCE):
            for chat in chats:
                await chat.idle.wait()
    except TimeoutError:
        stuck = [chat for chat in chats if not chat.idle.is_set()]
        raise IncompleteError(f"{len(stuck)} pairs wait for ever: {stuck[0].state()}") from None
    ended = perf_counter()
    cpu, load = server.cpu_seconds() - cpu, process_time() - load
    each = sum(server.cpu_of_each().values()) - each
    await asyncio.sleep(LATE)
    _require_exact(chats)
    latencies = [latency for chat in chats for latency in chat.latencies]
    messages = len(latencies)
    return {
        "messages": messages,
        "messages_per_second": messages / (ended - begun),
        "cpu_us_per_message": cpu / messages * 1e6,
        "process_cpu_us_per_message": each / messages / 1e3,
        "load_cpu_us_per_message": load / messages * 1e6,
        **percentiles(latencies),
    }


def _require_exact(chats: Sequence["Chat"]) -> None:
    """Refuse a run in which someone got anything but each message once, in order.

    Raises:
        IncompleteError: Says how many pairs, and what went wrong.
    """
    if refused := [chat for chat in chats if chat.refused]:
        raise IncompleteError(f"{len(refused)} pairs were refused: {refused[0].refused!r}")
    if unwanted := [chat for chat in chats if chat.unwanted]:
        raise IncompleteError(f"{len(unwanted)} pairs got messages twice or never posted ones")


async def _compare_stored(rest: Rest, pairs: Pairs, posted: dict[str, int]) -> None:
    """Ask the server itself what it holds.

    Raises:
        IncompleteError: Not exactly the messages that were acknowledged.
    """
    for one, _, conversation in pairs:
        path = f"/conversations/{conversation}/messages?limit=1"
        page = await rest.call("GET", path, token=one.token)
        wanted = posted.get(conversation, 0)
        stored = page["messages"][0]["key"] if page["messages"] else None
        versions = page["version"] - 1  # the conversation's start was its first
        if versions != wanted or (wanted and stored != key_of(wanted - 1)):
            raise IncompleteError(f"{versions} messages are stored, {wanted} were acknowledged")


def key_of(number: int) -> str:
    """Return the idempotency key of a pair's message with this number."""
    return f"bench-direct-{number}"


class Chat:
    """Two people: one posts, the next message goes when the last was stored and has arrived."""

    def __init__(self, one: str, other: str, conversation: str, length: int, already: int) -> None:
        self.conversation = conversation
        self.sender = Sender(one, self)
        self.receiver = Recipient(other, self)
        self.latencies: list[float] = []
        self.count = already
        self.unwanted = 0
        self.refused = b""
        self.idle = asyncio.Event()
        self._length = length
        self._until = 0.0
        self._sent = 0.0
        self._key = b""
        self._stored = self._arrived = self._shown = True

    def begin(self, until: float) -> None:
        """Post for as long as this."""
        self._until = until
        self.latencies.clear()
        self.idle.clear()
        self._post()

    def state(self) -> str:
        """Say what the current message lacks."""
        lacks = {
            "its acknowledgement": self._stored,
            "its arrival": self._arrived,
            "its echo to the sender": self._shown,
        }
        return f"message {self.count} lacks " + ", ".join(k for k, v in lacks.items() if not v)

    def stored(self, payload: bytes) -> None:
        """The sender's post was acknowledged."""
        if not payload.startswith(b'43%d[{"ok":true' % self.count):
            self.refused = payload
            self.idle.set()
            return
        self.unwanted += self._stored
        self._stored = True
        self._go_on()

    def arrived(self, payload: bytes) -> None:
        """A message reached the receiver."""
        self.unwanted += self._arrived or self._key not in payload
        self._arrived = True
        self._go_on()

    def shown(self, payload: bytes) -> None:
        """A message reached the sender's own device."""
        self.unwanted += self._shown or self._key not in payload
        self._shown = True
        self._go_on()

    def _go_on(self) -> None:
        if not (self._stored and self._arrived and self._shown):
            return
        now = perf_counter()
        self.latencies.append(now - self._sent)
        self.count += 1
        if now < self._until:
            self._post()
        else:
            self.idle.set()

    def _post(self) -> None:
        number = self.count
        self._key = b'"key":"%b"' % key_of(number).encode()
        call = {
            "conversation": self.conversation,
            "key": key_of(number),
            "body": f"Message {number} ".ljust(self._length, "x"),
        }
        self._stored = self._arrived = self._shown = False
        self._sent = perf_counter()
        self.sender.send(b"42%d%b" % (number, json.dumps(["post", call]).encode()))


class Sender(Client):
    """The one who posts."""

    def __init__(self, token: str, chat: Chat) -> None:
        super().__init__(token)
        self._chat = chat

    def take_message(self, payload: bytes) -> None:
        """Get one's own message."""
        self._chat.shown(payload)

    def take_answer(self, payload: bytes) -> None:
        """Get the acknowledgement."""
        self._chat.stored(payload)


class Recipient(Client):
    """The one who is written to."""

    def __init__(self, token: str, chat: Chat) -> None:
        super().__init__(token)
        self._chat = chat

    def take_message(self, payload: bytes) -> None:
        """Get a message."""
        self._chat.arrived(payload)
