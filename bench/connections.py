"""Connections: many signed-in sockets that do nothing; what each of them costs."""

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from time import perf_counter

from bench import people
from bench.people import Person
from bench.progress import say
from bench.rest import Rest
from bench.result import Figures, emit, tidy
from bench.server import EchoSphere
from bench.sockets import Client, close_all, connect_all, require_unbroken

FIRST = 50
"""Connections made before the memory is first looked at: what all share is loaded then."""

SETTLE = 1.0


def arguments(parser: ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--hold", type=float, default=0.0, help="seconds to stay idle, measured")
    parser.add_argument("--sizes", help="several counts, such as 100,1000,10000")


async def run(given: Namespace) -> None:
    """Run the workload and print its results."""
    sizes = [int(size) for size in given.sizes.split(",")] if given.sizes else [given.count]
    with EchoSphere() as server:
        rest = Rest(server.port)
        everybody = await people.register(rest, max(sizes) + FIRST)
        await rest.close()
        for size in sizes:
            server.restart()  # memory that making accounts has left free must not be used again
            figures = await _measure(server, everybody[: size + FIRST], given.hold)
            emit("connections", {"count": size}, figures, server.folder)


async def _measure(server: EchoSphere, everybody: Sequence[Person], hold: float) -> Figures:
    clients = [Client(person.token) for person in everybody]
    await connect_all(server.port, clients[:FIRST])
    await asyncio.sleep(SETTLE)
    before, cpu, begun = server.resident_bytes(), server.cpu_seconds(), perf_counter()
    await connect_all(server.port, clients[FIRST:])
    seconds = perf_counter() - begun
    cpu = server.cpu_seconds() - cpu
    await asyncio.sleep(SETTLE)
    after = server.resident_bytes()
    count = len(clients) - FIRST
    figures: Figures = {
        "kb_each": tidy((after - before) / count / 1000),
        "connects_per_second": tidy(count / seconds),
        "cpu_us_per_connect": tidy(cpu / count * 1e6),
        "rss_mb": round(after / 1e6, 1),
    }
    if hold:
        figures |= await _hold(server, count, hold)
    require_unbroken(clients)
    say(f"{count} connections: {figures['kb_each']} kB each, {count / seconds:,.0f} connects/s")
    await close_all(clients)
    return figures


async def _hold(server: EchoSphere, count: int, seconds: float) -> Figures:
    """Stay idle; heartbeats go on."""
    cpu = server.cpu_seconds()
    await asyncio.sleep(seconds)
    share = (server.cpu_seconds() - cpu) / seconds
    return {
        "idle_cpu_percent": round(share * 100, 2),
        "idle_cpu_us_per_connection_second": tidy(share / count * 1e6),
        "rss_mb_after_hold": round(server.resident_bytes() / 1e6, 1),
    }
