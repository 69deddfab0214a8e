"""Search: parts of words among very many messages, as one person may see them."""

import asyncio
import random
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from urllib.parse import quote

from bench import people
from bench.calls import fill, measured, steps
from bench.people import Person
from bench.progress import say
from bench.rest import Rest
from bench.result import Figures, IncompleteError, emit
from bench.server import EchoSphere

LETTERS = ("bcdfghklmnprstvz aeiou", "бвгдклмнпрст аеиоу", "かきくけこさしすせそ たちつてと")
WORDS = 20_000
IDLE = 0.02
"""Share of a core below which the server has nothing left to index."""


def arguments(parser: ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--conversations", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--sizes", help="several numbers of messages, rising: 10000,100000")


async def run(given: Namespace) -> None:
    """Run the workload and print its results."""
    chance = random.Random(7)
    words = vocabulary(chance)
    with EchoSphere() as server:
        rest = Rest(server.port)
        reader, *others = await people.register(rest, given.conversations + 1)
        await people.befriend(rest, reader, others)
        places = [await people.start_direct(rest, reader, other) for other in others]
        await rest.close()  # the server ends connections that are idle for long
        for held, size in steps(given):
            say(f"posting {size - held} messages …")
            count = size - held
            messages = ((chance.choice(places), body) for body in texts(chance, words, count))
            await fill(server.port, reader, messages)
            say("waiting until all are indexed …")
            await _until_idle(server)
            figures = await _measure(server, reader, words, chance, given.seconds)
            parameters = {"messages": size, "conversations": given.conversations}
            emit("search", parameters, figures, server.folder)


async def _measure(
    server: EchoSphere,
    reader: Person,
    vocabulary: list[str],
    chance: random.Random,
    seconds: float,
) -> Figures:
    """Search for the ends of words, one after the other."""
    rest = Rest(server.port)

    async def ask() -> None:
        word = chance.choice(vocabulary)
        part = word[chance.randrange(len(word) - 2) :]
        path = f"/search?q={quote(part)}&limit=20"
        found = await rest.call("GET", path, token=reader.token)
        bodies = [result["message"]["body"] for result in found["results"]]
        if not all(part in body for body in bodies):
            raise IncompleteError(f"{part!r} is not in what was found for it")

    await ask()
    figures = await measured(server, [ask], seconds)
    await rest.close()
    size = sum(one.stat().st_size for one in server.folder.glob("app.db*")) / 1e6
    return {**figures, "database_mb": round(size)}


def _word(chance: random.Random) -> str:
    first, second = chance.choice(LETTERS).split()
    return "".join(
        chance.choice(first) + chance.choice(second) for _ in range(chance.randrange(2, 6))
    )


def vocabulary(chance: random.Random) -> list[str]:
    """Return words of three scripts; the first ones are said most."""
    return [_word(chance) for _ in range(WORDS)]


def texts(chance: random.Random, words: list[str], count: int) -> Iterator[str]:
    """Return texts of 3 to 20 words; some words are said much more often than others."""
    for _ in range(count):
        yield " ".join(
            words[int(WORDS * chance.random() ** 3)] for _ in range(chance.randrange(3, 20))
        )


async def _until_idle(server: EchoSphere) -> None:
    quiet = 0
    while quiet < 3:
        before = server.cpu_seconds()
        await asyncio.sleep(1)
        quiet = quiet + 1 if server.cpu_seconds() - before < IDLE else 0
