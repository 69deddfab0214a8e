"""List: a person with many conversations asks for all of them, with exact unread counts."""

from argparse import ArgumentParser, Namespace
from itertools import product

from bench import people
from bench.calls import fill, measured
from bench.progress import say
from bench.rest import Rest
from bench.result import IncompleteError, emit
from bench.server import EchoSphere


def arguments(parser: ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--conversations", type=int, default=500)
    parser.add_argument("--unread", type=int, default=10, help="in each conversation")
    parser.add_argument("--seconds", type=float, default=5.0)


async def run(given: Namespace) -> None:
    """Run the workload and print its result."""
    with EchoSphere() as server:
        rest = Rest(server.port)
        reader, *others = await people.register(rest, given.conversations + 1)
        await people.befriend(rest, reader, others)
        say(f"posting {given.unread} messages in each of {len(others)} conversations …")
        for other in others:
            conversation = await people.start_direct(rest, reader, other)
            bodies = (f"Message {number} ".ljust(90, "x") for number in range(given.unread))
            await fill(server.port, other, product([conversation], bodies))

        async def ask() -> None:
            found = (await rest.call("GET", "/conversations", token=reader.token))["conversations"]
            if [one["unread"] for one in found] != [given.unread] * given.conversations:
                raise IncompleteError("the list or a count of what is unread is wrong")

        await ask()
        figures = await measured(server, [ask], given.seconds)
        await rest.close()
        parameters = {"conversations": given.conversations, "unread": given.unread}
        emit("list", parameters, figures, server.folder)
