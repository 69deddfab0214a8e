"""Cluster: the same work on SQLite, on PostgreSQL, and on several processes with NATS in between."""

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any

from bench import bus_cost, direct, group, people
from bench.backends import Nats, PostgreSQL
from bench.installation import Installation
from bench.people import Person
from bench.progress import say
from bench.rest import Rest
from bench.result import Figures, emit, medians, tidy
from bench.sockets import Client, Receiver, TimedReceiver, close_all, connect, require_unbroken

AT_ONCE = 32


def arguments(parser: ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--processes", default="2,4,8", help="how many on PostgreSQL with NATS")
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=3.0, help="length of a run of pairs")
    parser.add_argument("--members", type=int, default=300, help="people online in the group")
    parser.add_argument("--messages", type=int, default=300, help="messages of a run of the group")
    parser.add_argument("--unanswered", type=int, default=8, help="posts in flight at most")
    parser.add_argument("--length", type=int, default=90, help="characters of a message")
    parser.add_argument("--runs", type=int, default=5)


async def run(given: Namespace) -> None:
    """Run both workloads on each installation, in turn for the first three, and print the results."""
    counts = [int(count) for count in given.processes.split(",")]
    with PostgreSQL() as postgresql, Nats() as nats:
        bus = await bus_cost.measure(nats.url, given.length)
        with ExitStack() as stack:
            compared = [
                stack.enter_context(one)
                for one in (
                    Installation("SQLite", 1),
                    Installation("PostgreSQL", 1, postgresql),
                    Installation(f"PostgreSQL, {counts[0]} with NATS", counts[0], postgresql, nats),
                )
            ]
            figures = await _measure(compared, given, bus)
        for count in counts[1:]:
            name = f"PostgreSQL, {count} with NATS"
            with Installation(name, count, postgresql, nats) as several:
                figures |= await _measure([several], given, bus)
        parameters = {
            name: getattr(given, name)
            for name in ("pairs", "seconds", "members", "messages", "unanswered", "length", "runs")
        }
        first = compared[0].servers[0].folder.parent
        emit("cluster", parameters, {"bus": bus, **figures, **_ratios(figures)}, first)


async def _measure(
    installations: Sequence[Installation], given: Namespace, bus: Figures
) -> dict[str, Figures]:
    """Return what both workloads cost on each of these, run in turn so that all have the same weather."""
    sides = [await _side(one, given) for one in installations]
    for number in range(given.runs):
        for side in sides if number % 2 else reversed(sides):
            await side.run(given)
        say(f"run {number + 1}: " + "; ".join(side.last() for side in sides))
    found = {side.installation.name: side.figures(bus) for side in sides}
    for side in sides:
        await side.close()
    return found


class Side:
    """An installation, those who are connected to it, and what each run has cost."""

    def __init__(
        self,
        installation: Installation,
        chats: Sequence[direct.Chat],
        everybody: Sequence[Receiver],
        poster: group.Poster,
    ) -> None:
        self.installation = installation
        self._chats = chats
        self._everybody = everybody
        self._poster = poster
        self._runs: dict[str, list[Figures]] = {"direct": [], "group": []}

    async def run(self, given: Namespace) -> None:
        """Run both workloads once."""
        one = self.installation
        await self._note(
            "direct", "messages", partial(direct.one_run, one, self._chats, given.seconds)
        )
        await self._note(
            "group",
            "deliveries",
            partial(group.one_run, one, self._everybody, self._poster, given.messages),
            given.messages * len(self._everybody),
        )
        require_unbroken(self._clients())

    async def _note(
        self, workload: str, unit: str, run: Callable[[], Any], work: int | None = None
    ) -> None:
        counted, beside = self.installation.counted(), self.installation.beside()
        figures: Figures = await run()
        used = {name: now - beside[name] for name, now in self.installation.beside().items()}
        counted = {name: now - counted[name] for name, now in self.installation.counted().items()}
        per = "message" if workload == "direct" else "delivery"
        work = work or figures[unit]
        figures[unit] = work
        self._runs[workload].append(
            {name: value for name, value in figures.items() if not name.startswith("cpu_us")}
            | {f"{name}_cpu_us_per_{per}": spent / work * 1e6 for name, spent in used.items()}
            | counted
        )

    def last(self) -> str:
        """Say what the last run has cost."""
        pairs, members = (self._runs[workload][-1] for workload in ("direct", "group"))
        return (
            f"{self.installation.name}: {pairs['process_cpu_us_per_message']:.0f} µs a message,"
            f" {members['process_cpu_us_per_delivery']:.2f} µs a delivery"
        )

    def figures(self, bus: Figures) -> Figures:
        """Return the medians, with what the bus has carried and what part of all that was."""
        return {
            workload: _with_bus(medians(runs), runs, bus, len(self.installation.servers))
            for workload, runs in self._runs.items()
        }

    async def close(self) -> None:
        """Let all go."""
        await close_all(self._clients())

    def _clients(self) -> list[Client]:
        paired = [client for chat in self._chats for client in (chat.sender, chat.receiver)]
        return [*paired, *self._everybody]


def _with_bus(figures: Figures, runs: Sequence[Figures], bus: Figures, count: int) -> Figures:
    """Add the bus's share of what our processes spend, and how many events no one there waited for."""
    published, received = (
        figures.pop("cluster_published_total"),
        figures.pop("cluster_received_total"),
    )
    figures.pop("deliveries_total")
    unreceived = figures.pop("deliveries_unreceived_total")
    if count == 1:
        return figures
    per = "message" if "messages" in figures else "delivery"
    work = figures["messages" if per == "message" else "deliveries"]
    spent = (published * bus["publish_us"] + received * bus["receive_us"]) / work
    return figures | {
        "envelopes_published": published,
        "envelopes_received": received,
        "events_for_nobody": unreceived,
        f"bus_us_per_{per}": tidy(spent),
        "bus_share": tidy(spent / figures[f"process_cpu_us_per_{per}"]),
    }


async def _side(installation: Installation, given: Namespace) -> Side:
    """Register the people of an installation, and connect them to its processes in turn."""
    say(f"{installation.name} …")
    rest = Rest(installation.port)
    paired = await people.register(rest, 2 * given.pairs)
    pairs = await people.pair_up(rest, paired)
    members = await people.register(rest, given.members, first=2 * given.pairs)
    await people.befriend(rest, members[0], members[1:])
    conversation = await people.start_group(rest, members[0], members[1:], "Group")
    await rest.close()
    count = len(installation.servers)
    chats = [
        direct.Chat(one.token, other.token, conversation, given.length, 0)
        for one, other, conversation in pairs
    ]
    poster = group.Poster(members[0].token, conversation, given.unanswered, given.length)
    everybody = [poster, *_receivers(members[1:])]
    # Of the pairs, one in so many has both people at one process, as by chance.
    places: list[tuple[int, Client]] = [
        *((number, chat.sender) for number, chat in enumerate(chats)),
        *((number + number // count, chat.receiver) for number, chat in enumerate(chats)),
        *enumerate(everybody),
    ]
    await _connect(installation, places)
    await direct.one_run(installation, chats, min(direct.WARM_UP, given.seconds))
    await group.one_run(installation, everybody, poster, min(group.WARM_UP, given.messages))
    return Side(installation, chats, everybody, poster)


def _receivers(members: Sequence[Person]) -> list[Receiver]:
    return [
        (TimedReceiver if number < group.TIMED else Receiver)(member.token)
        for number, member in enumerate(members)
    ]


async def _connect(installation: Installation, places: Sequence[tuple[int, Client]]) -> None:
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, client: Client) -> None:
        async with turns:
            await connect(installation.port_of(number), client)

    await asyncio.gather(*(one(*place) for place in places))


def _ratios(figures: dict[str, Figures]) -> Figures:
    """Return what each installation costs against SQLite, and against one process on PostgreSQL."""
    direct_, group_ = "process_cpu_us_per_message", "process_cpu_us_per_delivery"
    sqlite, alone, *_ = figures.values()
    return {
        "ratios": {
            name: {
                "direct_to_sqlite": tidy(one["direct"][direct_] / sqlite["direct"][direct_]),
                "group_to_sqlite": tidy(one["group"][group_] / sqlite["group"][group_]),
                "group_to_one_process": tidy(one["group"][group_] / alone["group"][group_]),
            }
            for name, one in figures.items()
        }
    }
