"""Group: many members online, one posts as fast as the server acknowledges."""

import asyncio
import json
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from contextlib import suppress
from time import perf_counter, process_time

from bench import people, profiling, reference
from bench.people import Person
from bench.progress import say
from bench.rest import Rest
from bench.result import Figures, IncompleteError, emit, medians, percentiles
from bench.server import EchoSphere, Measured
from bench.sockets import (
    PATIENCE,
    Receiver,
    TimedReceiver,
    close_all,
    connect_all,
    require_unbroken,
)

TIMED = 20
"""Receivers whose messages are timed and parsed; the others' are compared with theirs."""

WARM_UP = 50
LATE = 0.2
"""Seconds to wait after the last message for one that should not come."""


def arguments(parser: ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--members", type=int, default=300, help="people online in the group")
    parser.add_argument("--messages", type=int, default=300, help="messages of each run")
    parser.add_argument("--unanswered", type=int, default=8, help="posts in flight at most")
    parser.add_argument("--length", type=int, default=90, help="characters of a message")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sizes", help="several numbers of members, such as 10,30,100,300,1000")
    parser.add_argument("--reference", choices=["node"], help="measure this too, for the ratio")
    profiling.argument(parser)


async def run(given: Namespace) -> None:
    """Run the workload and print its results."""
    sizes = [int(size) for size in given.sizes.split(",")] if given.sizes else [given.members]
    with EchoSphere() as server:
        rest = Rest(server.port)
        everybody = await people.register(rest, max(sizes))
        await people.befriend(rest, everybody[0], everybody[1:])
        for size in sizes:
            members = everybody[:size]
            conversation = await people.start_group(rest, members[0], members[1:], f"Of {size}")
            figures = await _measure(server, members, conversation, given)
            if given.reference:
                figures |= await _compare(figures, size, given)
            parameters = {
                "members": size,
                "messages": given.messages,
                "unanswered": given.unanswered,
                "length": given.length,
                "runs": given.runs,
            }
            emit("group", parameters, figures, server.folder)
        await rest.close()


async def _compare(figures: Figures, size: int, given: Namespace) -> Figures:
    """Measure the reference under the same load and return the ratios."""
    nobody = [Person(str(number), "", "", "") for number in range(size)]
    with reference.Node() as node:
        other = await _measure(node, nobody, "reference", given)
    return {
        "reference": {"name": node.name, **other},
        "throughput_ratio": round(
            figures["deliveries_per_second"] / other["deliveries_per_second"], 2
        ),
        "cpu_ratio": round(other["cpu_us_per_delivery"] / figures["cpu_us_per_delivery"], 2),
    }


async def _measure(
    server: Measured, members: Sequence[Person], conversation: str, given: Namespace
) -> Figures:
    """Connect the members, run several times, return the medians."""
    everybody, poster = await connect(server, members, conversation, given)
    runs = []
    with profiling.profiled(server.pid, given.profile):
        for number in range(given.runs):
            figures = await one_run(server, everybody, poster, given.messages)
            say(
                f"{server.name}, {len(members)} members, run {number + 1}:"
                f" {figures['deliveries_per_second']:,.0f} deliveries/s,"
                f" {figures['cpu_us_per_delivery']:.2f} µs each"
            )
            runs.append(figures)
    resident = server.resident_bytes()
    await close_all(everybody)
    return {
        "deliveries": given.messages * len(members),
        **medians(runs),
        "rss_mb": round(resident / 1e6, 1),
    }


async def connect(
    server: Measured, members: Sequence[Person], conversation: str, given: Namespace
) -> tuple[Sequence[Receiver], "Poster"]:
    """Connect the members, of whom the first one posts, and let them run for a moment."""
    poster = Poster(members[0].token, conversation, given.unanswered, given.length)
    receivers: list[Receiver] = [
        (TimedReceiver if number < TIMED else Receiver)(member.token)
        for number, member in enumerate(members[1:])
    ]
    everybody = await connect_all(server.port, [poster, *receivers])
    await one_run(server, everybody, poster, min(WARM_UP, given.messages))
    return everybody, poster


async def one_run(
    server: Measured, everybody: Sequence[Receiver], poster: "Poster", messages: int
) -> Figures:
    """Have so many messages posted, and return what that cost once all have them."""
    for receiver in everybody:
        receiver.expect(messages)
    each = server.cpu_of_each()
    cpu, load, begun = server.cpu_seconds(), process_time(), perf_counter()
    poster.begin()
    with suppress(TimeoutError):  # what is missing then is found below
        async with asyncio.timeout(PATIENCE):
            for receiver in everybody:
                await receiver.complete.wait()
            await poster.answered.wait()
    ended = perf_counter()
    cpu, load = server.cpu_seconds() - cpu, process_time() - load
    used = [now - each.get(pid, 0) for pid, now in server.cpu_of_each().items()]
    await asyncio.sleep(LATE)
    require_unbroken(everybody)
    latencies = compare_received(everybody, poster, messages)
    deliveries = messages * len(everybody)
    return {
        "deliveries_per_second": deliveries / (ended - begun),
        "cpu_us_per_delivery": cpu / deliveries * 1e6,
        "process_cpu_us_per_delivery": sum(used) / deliveries / 1e3,
        "busiest_cpu_us_per_delivery": max(used) / deliveries / 1e3,
        "load_cpu_us_per_delivery": load / deliveries * 1e6,
        **percentiles(latencies),
    }


def compare_received(everybody: Sequence[Receiver], poster: "Poster", messages: int) -> list[float]:
    """Return the delivery times of the timed receivers.

    Raises:
        IncompleteError: Someone did not get exactly what was posted, in order, once.
    """
    if poster.accepted != messages:
        raise IncompleteError(f"{poster.accepted} of {messages} posts were accepted")
    events = poster.events()
    bodies = [event["message"]["body"] for event in events]
    if bodies != poster.posted:
        raise IncompleteError(_difference("the poster", poster.posted, bodies))
    versions = [event["version"] for event in events]
    if versions != list(range(versions[0], versions[0] + messages)):
        raise IncompleteError("the versions do not rise by one")
    for number, receiver in enumerate(everybody):
        if receiver.seen != poster.seen:
            raise IncompleteError(_difference(f"member {number}", poster.seen, receiver.seen))
    return [
        arrived - sent
        for receiver in everybody
        if isinstance(receiver, TimedReceiver)
        for arrived, sent in zip(receiver.arrived, poster.sent, strict=True)
    ]


def _difference(who: str, wanted: Sequence[object], got: Sequence[object]) -> str:
    missing, twice = len(set(wanted) - set(got)), len(got) - len(set(got))
    return f"{who} got {len(got)} of {len(wanted)} messages: {missing} missing, {twice} twice"


class Poster(TimedReceiver):
    """The member who posts; so many posts may be unanswered."""

    def __init__(self, token: str, conversation: str, unanswered: int, length: int) -> None:
        super().__init__(token)
        self._conversation = conversation
        self._unanswered = unanswered
        self._length = length
        self._round = 0
        self._packets: list[bytes] = []
        self.posted: list[str] = []
        self.sent: list[float] = []
        self.accepted = 0
        self.answered = asyncio.Event()

    def expect(self, count: int) -> None:
        """Prepare the posts of a run."""
        super().expect(count)
        self._round += 1
        self.posted = [self._body(number) for number in range(count)]
        self._packets = [self._packet(number) for number in range(count)]
        self.sent.clear()
        self.accepted = 0
        self.answered.clear()

    def begin(self) -> None:
        """Send the first posts; each answer lets another one go."""
        for _ in range(self._unanswered):
            self._post_next()

    def take_answer(self, payload: bytes) -> None:
        """Count an acknowledgement and post the next message."""
        self.accepted += b'{"ok":true' in payload[:20]
        if self.accepted == self.expected:
            self.answered.set()
        self._post_next()

    def _post_next(self) -> None:
        number = len(self.sent)
        if number < self.expected:
            self.sent.append(perf_counter())
            self.send(self._packets[number])

    def _body(self, number: int) -> str:
        return f"Round {self._round}, message {number} ".ljust(self._length, "x")

    def _packet(self, number: int) -> bytes:
        call = {
            "conversation": self._conversation,
            "key": f"bench-{self._round}-{number}",
            "body": self.posted[number],
        }
        return b"42%d%b" % (number, json.dumps(["post", call]).encode())
