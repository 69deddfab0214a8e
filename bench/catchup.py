"""Catch-up: many clients return at once, each of them having missed the same messages."""

import asyncio
import json
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from itertools import product
from time import perf_counter

from bench import people
from bench.calls import Asker, fill
from bench.people import Person
from bench.progress import say
from bench.rest import Rest
from bench.result import Figures, IncompleteError, emit, medians
from bench.server import EchoSphere, Measured
from bench.sockets import close_all, connect


def arguments(parser: ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--missed", type=int, default=50, help="messages, 50 at most")
    parser.add_argument("--runs", type=int, default=3)


async def run(given: Namespace) -> None:
    """Run the workload and print its result."""
    with EchoSphere() as server:
        rest = Rest(server.port)
        owner, *others = await people.register(rest, given.clients + 1)
        await people.befriend(rest, owner, others)
        conversation = await people.start_group(rest, owner, others, "Everybody")
        runs = []
        for _ in range(given.runs):
            held = await _version(rest, owner, conversation)
            bodies = (f"Message {number} ".ljust(90, "x") for number in range(given.missed))
            await fill(server.port, owner, product([conversation], bodies))
            wanted = await _version(rest, owner, conversation)
            runs.append(await come_back(server, others, {conversation: held}, wanted))
            say(f"{given.clients} clients were equal to the server in {runs[-1]['seconds']:.2f} s")
        await rest.close()
        parameters = {"clients": given.clients, "missed": given.missed, "runs": given.runs}
        emit("catchup", parameters, medians(runs), server.folder)


async def _version(rest: Rest, owner: Person, conversation: str) -> int:
    found = await rest.call("GET", f"/conversations/{conversation}", token=owner.token)
    return int(found["conversation"]["version"])


async def come_back(
    server: Measured,
    members: Sequence[Person],
    held: dict[str, int],
    wanted: int,
    complete: Sequence[dict[str, int]] = (),
) -> Figures:
    """Connect everyone at the same moment and have them ask what they missed.

    Args:
        server: Where they connect.
        members: Who they are.
        held: The conversation of which all have missed something, and the version that they have.
        wanted: Its version.
        complete: For each of them, what they have of other conversations: all.
    """
    clients = [Asker(member.token) for member in members]

    async def one(client: Asker, others: dict[str, int]) -> bytes:
        await connect(server.port, client)
        return await client.ask("sync", {"versions": held | others})

    cpu, begun = server.cpu_seconds(), perf_counter()
    answers = await asyncio.gather(*map(one, clients, complete or [{} for _ in clients]))
    seconds, cpu = perf_counter() - begun, server.cpu_seconds() - cpu
    for answer in answers:
        _require_equal(answer, held, wanted)
    await close_all(clients)
    return {"seconds": seconds, "cpu_us_each": cpu / len(clients) * 1e6}


def _require_equal(answer: bytes, held: dict[str, int], wanted: int) -> None:
    """Refuse an answer after which a client lacks something.

    Raises:
        IncompleteError: Says what it has.
    """
    (found,) = json.loads(answer)[0]["conversations"]
    (before,) = held.values()
    seqs = [message["seq"] for message in found["messages"]]
    if found["conversation"]["version"] != wanted or seqs != list(range(before + 1, wanted + 1)):
        raise IncompleteError(f"a client has {len(seqs)} of {wanted - before} messages")
