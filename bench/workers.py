"""Workers: the group's workload on one process and on several, in turn, and what each costs."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from bench import group, people
from bench.progress import say
from bench.rest import Rest
from bench.result import Figures, emit, medians, tidy
from bench.server import EchoSphere
from bench.sockets import Receiver, close_all


def arguments(parser: ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--workers", type=int, default=2, help="processes to which people connect")
    parser.add_argument("--members", type=int, default=300, help="people online in the group")
    parser.add_argument("--messages", type=int, default=300, help="messages of each run")
    parser.add_argument("--unanswered", type=int, default=8, help="posts in flight at most")
    parser.add_argument("--length", type=int, default=90, help="characters of a message")
    parser.add_argument("--runs", type=int, default=5)


async def run(given: Namespace) -> None:
    """Run the workload on both in turn, so that both have the same weather, and print the results."""
    with EchoSphere() as one, EchoSphere(workers=given.workers) as several:
        sides = [await _side(server, given) for server in (one, several)]
        for number in range(given.runs):
            for side in sides if number % 2 else reversed(sides):
                await side.run(given.messages)
            say(f"run {number + 1}: {sides[0].last()}; {given.workers} workers: {sides[1].last()}")
        alone, figures = (medians(side.runs) for side in sides)
        least = compare(*(_least(side.runs) for side in sides))
        for side in sides:
            await side.close()
        parameters = {
            name: getattr(given, name)
            for name in ("workers", "members", "messages", "unanswered", "length", "runs")
        }
        compared = {**figures, "one_process": alone, **compare(alone, figures), "least": least}
        emit("workers", parameters, compared, several.folder)


class Side:
    """A server, those who are connected to it, and what each run has cost."""

    def __init__(
        self, server: EchoSphere, rest: Rest, everybody: Sequence[Receiver], poster: group.Poster
    ) -> None:
        self._server = server
        self._rest = rest
        self._everybody = everybody
        self._poster = poster
        self.runs: list[Figures] = []

    async def run(self, messages: int) -> None:
        """Have so many messages posted."""
        self.runs.append(await group.one_run(self._server, self._everybody, self._poster, messages))

    def last(self) -> str:
        """Say what the last run has cost."""
        figures = self.runs[-1]
        return (
            f"{figures['deliveries_per_second']:,.0f} deliveries/s,"
            f" {figures['process_cpu_us_per_delivery']:.2f} µs each,"
            f" {figures['busiest_cpu_us_per_delivery']:.2f} of them in the busiest process"
        )

    async def close(self) -> None:
        """Let all go."""
        await close_all(self._everybody)
        await self._rest.close()


async def _side(server: EchoSphere, given: Namespace) -> Side:
    """Register the people of a server, and connect them."""
    rest = Rest(server.port)
    members = await people.register(rest, given.members)
    await people.befriend(rest, members[0], members[1:])
    title = f"Of {given.members}"
    conversation = await people.start_group(rest, members[0], members[1:], title)
    return Side(server, rest, *await group.connect(server, members, conversation, given))


BUSIEST, TOTAL = "busiest_cpu_us_per_delivery", "process_cpu_us_per_delivery"


def compare(alone: Figures, several: Figures) -> Figures:
    """Return what the busiest process carries in a second of its own, and all cost, against one process."""
    return {
        "deliveries_per_busiest_cpu_second": tidy(1e6 / several[BUSIEST]),
        "busiest_ratio": tidy(alone[BUSIEST] / several[BUSIEST]),
        "total_cpu_ratio": tidy(several[TOTAL] / alone[TOTAL]),
    }


def _least(runs: Sequence[Figures]) -> Figures:
    """Return the least that each cost in any run: what other programs of the machine disturbed least."""
    return {name: min(run[name] for run in runs) for name in (BUSIEST, TOTAL)}
