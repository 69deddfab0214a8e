"""History: random pages of a long conversation, over the socket and over REST."""

import random
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable

from bench import people
from bench.calls import Asker, fill, measured, steps
from bench.people import Person
from bench.progress import say
from bench.rest import Rest
from bench.result import Figures, IncompleteError, emit
from bench.server import EchoSphere
from bench.sockets import close_all, connect_all

PAGE = 50


def arguments(parser: ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--clients", type=int, default=8, help="each asks for one page at a time")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--sizes", help="several numbers of messages, rising: 10000,100000")


async def run(given: Namespace) -> None:
    """Run the workload and print its results."""
    with EchoSphere() as server:
        rest = Rest(server.port)
        ((one, _, conversation),) = await people.pair_up(rest, await people.register(rest, 2))
        await rest.close()  # the server ends connections that are idle for long
        for held, size in steps(given):
            say(f"posting {size - held} messages …")
            bodies = (f"Message {number} ".ljust(90, "x") for number in range(held, size))
            await fill(server.port, one, ((conversation, body) for body in bodies))
            figures = await _measure(server, one, conversation, size, given)
            parameters = {"messages": size, "clients": given.clients}
            emit("history", parameters, figures, server.folder)


async def _measure(
    server: EchoSphere, one: Person, conversation: str, size: int, given: Namespace
) -> Figures:
    """Ask for random pages, over both doors."""
    askers = await connect_all(server.port, [Asker(one.token) for _ in range(given.clients)])
    rest = Rest(server.port, given.clients)
    chance = random.Random(7)

    def before() -> int:
        return chance.randrange(PAGE + 2, size + 3)

    def over_socket(asker: Asker) -> Callable[[], Awaitable[None]]:
        async def page() -> None:
            wanted = {"conversation": conversation, "before": before(), "limit": PAGE}
            require_page(await asker.ask("history", wanted))

        return page

    async def over_rest() -> None:
        path = f"/conversations/{conversation}/messages?before={before()}&limit={PAGE}"
        found = await rest.call("GET", path, token=one.token)
        if len(found["messages"]) != PAGE:
            raise IncompleteError(f"a page has {len(found['messages'])} messages")

    pages = [over_socket(asker) for asker in askers]
    figures = {
        "socket": await measured(server, pages, given.seconds),
        "rest": await measured(server, [over_rest] * given.clients, given.seconds),
    }
    await close_all(askers)
    await rest.close()
    return figures


def require_page(answer: bytes) -> None:
    """Refuse an answer that is not a whole page.

    Raises:
        IncompleteError: Says how many messages it has.
    """
    if (count := answer.count(b'"key":"')) != PAGE:
        raise IncompleteError(f"a page has {count} messages")
