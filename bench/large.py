"""Large: search, history, list and catch-up among a million messages, on SQLite and PostgreSQL."""

import asyncio
import random
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from urllib.parse import quote

from bench import filling, people, searching
from bench.backends import PostgreSQL
from bench.calls import Asker, measured
from bench.catchup import come_back
from bench.filling import Place
from bench.history import PAGE, require_page
from bench.installation import Installation
from bench.people import Person
from bench.progress import say
from bench.rest import Rest
from bench.result import Figures, IncompleteError, emit, tidy
from bench.sockets import close_all, connect_all

LONG_SHARE = 0.3
"""Share of the messages that one group has; the rest is spread over the direct conversations."""

UNREAD = 10
MISSED = 50
ASKERS = 8


def arguments(parser: ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--sizes", default="10000,100000,1000000", help="messages, rising")
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--conversations", type=int, default=100, help="direct ones of the reader")
    parser.add_argument("--returning", type=int, default=100, help="clients that return at once")
    parser.add_argument("--seconds", type=float, default=5.0, help="for each kind of question")


async def run(given: Namespace) -> None:
    """Measure each size on each database, and print a line for each size."""
    sizes = [int(size) for size in given.sizes.split(",")]
    with ExitStack() as stack:
        sides = {}
        for database in given.databases.split(","):
            postgresql = stack.enter_context(PostgreSQL()) if database == "postgresql" else None
            installation = stack.enter_context(Installation(database, 1, postgresql))
            sides[database] = await _side(installation, given)
        for size in sizes:
            figures = {}
            for database, side in sides.items():
                await side.grow(size)
                figures[database] = await side.measure(given)
                say(f"{size:,} messages, {database}: {figures[database]}")
            folder = next(iter(sides.values())).installation.servers[0].folder
            parameters = {
                "messages": size,
                "conversations": given.conversations,
                "returning": given.returning,
            }
            emit("large", parameters, figures, folder)


async def _side(installation: Installation, given: Namespace) -> "Side":
    """Register a reader, those who write to them, and a group of all."""
    rest = Rest(installation.port)
    count = max(given.conversations, given.returning)
    reader, *others = await people.register(rest, count + 1)
    await people.befriend(rest, reader, others)
    group = await people.start_group(rest, reader, others, "Everybody")
    direct = [
        Place(await people.start_direct(rest, reader, other), (reader.id, other.id))
        for other in others[: given.conversations]
    ]
    await rest.close()
    return Side(installation, reader, others, Place(group, tuple(one.id for one in others)), direct)


class Side:
    """An installation that grows, and its reader."""

    def __init__(
        self,
        installation: Installation,
        reader: Person,
        others: Sequence[Person],
        group: Place,
        direct: Sequence[Place],
    ) -> None:
        self.installation = installation
        self._reader = reader
        self._others = others
        self._group = group
        self._direct = direct
        self._chance = random.Random(7)
        self._vocabulary = searching.vocabulary(self._chance)
        self._held = 0
        self._filled: Figures = {}

    async def grow(self, size: int) -> None:
        """Fill the database up to so many messages while no server runs, and index them."""
        (server,) = self.installation.servers
        server.stop()
        begun = perf_counter()
        texts = searching.texts(self._chance, self._vocabulary, size - self._held)
        places = [
            self._group if self._chance.random() < LONG_SHARE else self._chance.choice(self._direct)
            for _ in range(size - self._held)
        ]
        await asyncio.to_thread(filling.insert, self.installation.database_url, places, texts)
        filled = perf_counter()
        await filling.index(self.installation.database_url)
        await asyncio.to_thread(
            filling.mark_read, self.installation.database_url, self._reader.id, UNREAD
        )
        self._filled = {
            "filled_seconds": tidy(filled - begun),
            "indexed_seconds": tidy(perf_counter() - filled),
        }
        self._held = size
        server.start()

    async def measure(self, given: Namespace) -> Figures:
        """Ask each kind of question for a while."""
        rest = Rest(self.installation.port, ASKERS)
        figures: Figures = {}
        questions = {
            "search": [self._search(rest, self._part)],
            "search_frequent": [self._search(rest, self._frequent)],
            "search_two_letters": [self._search(rest, self._short)],
            "list": [self._list(rest, given.conversations)],
        }
        for name, asked in questions.items():
            await asked[0]()
            figures[name] = await self._ask(asked, given.seconds)
        askers = await connect_all(
            self.installation.port, [Asker(self._reader.token) for _ in range(ASKERS)]
        )
        pages = [self._page(asker) for asker in askers]
        figures["history"] = await self._ask(pages, given.seconds)
        await close_all(askers)
        await rest.close()
        figures["catchup"] = await come_back(
            self.installation,
            self._others[: given.returning],
            {self._group.conversation: self._group.last - MISSED},
            self._group.last,
            [{place.conversation: place.last} for place in self._direct[: given.returning]]
            + [{}] * max(given.returning - len(self._direct), 0),
        )
        size = await asyncio.to_thread(
            filling.size_of,
            self.installation.database_url,
            Path(self.installation.servers[0].folder),
        )
        return {**figures, **self._filled, "database_mb": round(size / 1e6)}

    async def _ask(
        self, questions: Sequence[Callable[[], Awaitable[None]]], seconds: float
    ) -> Figures:
        """Repeat questions for a while; return what one takes, of PostgreSQL too."""
        beside = self.installation.beside()
        figures = await measured(self.installation, questions, seconds)
        spent = {name: used - beside[name] for name, used in self.installation.beside().items()}
        return figures | {
            f"{name}_cpu_us_each": tidy(used / figures["count"] * 1e6)
            for name, used in spent.items()
        }

    def _part(self) -> str:
        word = self._chance.choice(self._vocabulary)
        return word[self._chance.randrange(len(word) - 2) :]

    def _frequent(self) -> str:
        return self._vocabulary[self._chance.randrange(20)]

    def _short(self) -> str:
        word = self._chance.choice(self._vocabulary)
        return word[:2]

    def _search(self, rest: Rest, draw: Callable[[], str]) -> Callable[[], Awaitable[None]]:
        async def ask() -> None:
            part = draw()
            found = await rest.call(
                "GET", f"/search?q={quote(part)}&limit=20", token=self._reader.token
            )
            if not all(part in result["message"]["body"] for result in found["results"]):
                raise IncompleteError(f"{part!r} is not in what was found for it")

        return ask

    def _list(self, rest: Rest, conversations: int) -> Callable[[], Awaitable[None]]:
        async def ask() -> None:
            found = (await rest.call("GET", "/conversations", token=self._reader.token))[
                "conversations"
            ]
            unread = {one["unread"] for one in found if one["kind"] == "group"}
            if len(found) != conversations + 1 or unread != {UNREAD}:
                raise IncompleteError(f"the list has {len(found)} conversations, unread {unread}")

        return ask

    def _page(self, asker: Asker) -> Callable[[], Awaitable[None]]:
        async def ask() -> None:
            before = self._chance.randrange(PAGE + 2, self._group.last + 1)
            wanted = {
                "conversation": self._group.conversation,
                "before": before,
                "limit": PAGE,
            }
            require_page(await asker.ask("history", wanted))

        return ask
