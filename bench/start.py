"""Start: from the command to the first page, with an empty data folder and with a known one."""

import asyncio
from argparse import ArgumentParser, Namespace
from time import perf_counter

from bench.progress import say
from bench.result import Figures, emit, medians
from bench.server import BUILD, EchoSphere

FIRST_PAGE = "/login"
SETTLE = 1.0


def arguments(parser: ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--through-setup",
        action="store_true",
        help="start by bin/serve, which first looks whether everything is set up",
    )


async def run(given: Namespace) -> None:
    """Run the workload and print its result."""
    first: list[Figures] = []
    again: list[Figures] = []
    for number in range(given.runs):
        server = EchoSphere(through_setup=given.through_setup)
        try:
            first.append(await _begin(server))
            server.stop()
            again.append(await _begin(server))
        finally:
            server.stop()
            server.forget()
        say(f"run {number + 1}: {first[-1]['seconds']:.2f} s, again {again[-1]['seconds']:.2f} s")
    parameters = {"runs": given.runs, "through_setup": given.through_setup}
    emit("start", parameters, {**medians(first), "again": medians(again)}, BUILD)


async def _begin(server: EchoSphere) -> Figures:
    """Start once; the memory is that of a server that has served its first page."""
    begun = perf_counter()
    server.launch()
    served = server.wait_for(FIRST_PAGE)
    cpu = server.cpu_seconds()
    await asyncio.sleep(SETTLE)
    return {
        "seconds": served - begun,
        "cpu_seconds": cpu,
        "rss_mb": server.resident_bytes() / 1e6,
    }
