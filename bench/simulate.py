"""Simulate: what so many people on so many processes mean for sockets, bus and database, by formulas."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.progress import say
from bench.result import Figures, emit, tidy
from bench.server import BUILD

DAY = 86_400
HOURS = 24

ACTIVITY = (
    *(0.25, 0.12, 0.07, 0.05, 0.05, 0.1, 0.3, 0.7, 1.0, 1.15, 1.2, 1.2),
    *(1.35, 1.3, 1.25, 1.25, 1.3, 1.45, 1.65, 1.85, 2.0, 1.85, 1.3, 0.66),
)
"""How much is written in each hour of someone's day; scaled so that the mean is 1."""

COMMIT_SECONDS = 0.005

COSTS = {
    "post_us": 150.0,
    "commit_us": 500.0,
    "delivery_us": 2.0,
    "publish_us": 8.0,
    "receive_us": 14.0,
    "connect_us": 960.0,
    "catch_up_us": 1_000.0,
    "postgresql_us": 60.0,
    "postgresql_commit_us": 400.0,
    "nats_us": 6.0,
}
"""Microseconds of processor time for one of each: docs/performance.md has envelopes and connects. How a post's
cost is split between message and commit, and what NATS and catching up cost, are estimates."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What people do.

    Attributes:
        people: How many there are.
        messages: What each writes in a day.
        sizes: Members of the conversations in which is written, with the share of the messages.
        devices: Of each person, as a mean.
        online: Share of the devices that are connected when most are.
        zones: Hours before UTC, with the share of the people who live there.
    """

    people: int
    messages: float
    sizes: Mapping[int, float]
    devices: float
    online: float
    zones: Mapping[int, float]


def activity(zones: Mapping[int, float]) -> list[float]:
    """Return how much is written in each hour of UTC, 1 as a mean: the sum of share * day curve of the zone."""
    mean = sum(ACTIVITY) / HOURS
    total = sum(zones.values())
    return [
        sum(share * ACTIVITY[(hour + zone) % HOURS] for zone, share in zones.items()) / mean / total
        for hour in range(HOURS)
    ]


def touched(processes: int, sockets: float) -> float:
    """Return at how many processes so many sockets are, spread by chance: P * (1 - (1 - 1/P)^sockets)."""
    return float(processes * (1 - (1 - 1 / processes) ** sockets))


def load(
    behaviour: Behaviour,
    processes: int,
    *,
    batch: float | None = None,
    costs: Mapping[str, float] = COSTS,
    rate: float | None = None,
) -> Figures:
    """Return the load in the busiest second of the day.

    Args:
        behaviour: What people do.
        processes: How many serve them.
        batch: Messages that share a commit, an envelope and a write, if that is known; else those that a
            process gets while a commit takes `COMMIT_SECONDS`.
        costs: Microseconds for one of each.
        rate: Messages a second, if they are known, in place of what the behaviour gives.
    """
    by_hour = activity(behaviour.zones)
    peak = max(by_hour)
    # Who is online follows who writes; `online` is the share in the busiest hour.
    posts = rate or behaviour.people * behaviour.messages / DAY * peak
    batch = batch or 1 + posts / processes * COMMIT_SECONDS
    shares = sum(behaviour.sizes.values())
    sockets_of = {size: size * behaviour.devices * behaviour.online for size in behaviour.sizes}
    deliveries, wanted = (
        sum(share * of(sockets_of[size]) for size, share in behaviour.sizes.items())
        / shares
        * posts
        for of in (float, lambda sockets: _elsewhere(processes, sockets))
    )
    envelopes = posts / batch
    heard = envelopes * (processes - 1)
    events_heard = posts * (processes - 1)
    ours = {
        "posts": posts * (costs["post_us"] + costs["commit_us"] / batch),
        "deliveries": deliveries * costs["delivery_us"],
        "bus": envelopes * costs["publish_us"] * (processes > 1) + heard * costs["receive_us"],
    }
    chosen = posts * costs["publish_us"] * (processes > 1) + wanted * costs["receive_us"]
    return {
        "busiest_hour_utc": by_hour.index(peak),
        "peak_to_mean": peak,
        "posts_per_second": posts,
        "sockets": behaviour.people * behaviour.devices * behaviour.online,
        "sockets_per_process": behaviour.people * behaviour.devices * behaviour.online / processes,
        "deliveries_per_second": deliveries,
        "envelopes_per_second": envelopes,
        "envelopes_heard_per_second": heard,
        "events_for_nobody_per_second": events_heard - wanted,
        "cores_of_processes": sum(ours.values()) / 1e6,
        "core_of_each_process": sum(ours.values()) / 1e6 / processes,
        "bus_share": ours["bus"] / sum(ours.values()),
        "cores_if_heard_where_wanted": (ours["posts"] + ours["deliveries"] + chosen) / 1e6,
        "cores_of_nats": (envelopes + heard) * costs["nats_us"] / 1e6 if processes > 1 else 0.0,
        "commits_per_second": posts / batch,
        "rows_written_per_second": posts * 2,
        "cores_of_postgresql": posts
        * (costs["postgresql_us"] + costs["postgresql_commit_us"] / batch)
        / 1e6,
        "batch": batch,
    }


def storm(
    behaviour: Behaviour,
    processes: int,
    share: float,
    seconds: float,
    costs: Mapping[str, float] = COSTS,
) -> Figures:
    """Return what it means that a share of the sockets comes back within so many seconds."""
    sockets = behaviour.people * behaviour.devices * behaviour.online * share
    each = costs["connect_us"] + costs["catch_up_us"]
    busy = sockets * each / 1e6 / processes
    return {
        "sockets": sockets,
        "connects_per_second": sockets / seconds,
        "reads_per_second": 2 * sockets / max(seconds, busy),
        "core_of_each_process": busy / seconds,
        "seconds_until_all_are_back": max(seconds, busy),
    }


def _elsewhere(processes: int, sockets: float) -> float:
    """Return at how many processes besides that of the author someone waits for a message.

    The author's own socket is one of them, and the others are spread by chance.
    """
    others = max(sockets - 1, 0.0)
    return float((processes - 1) * (1 - (1 - 1 / processes) ** others))


def predicted(line: Mapping[str, Figures]) -> dict[str, Figures]:
    """Return, for a printed result of `cluster`, what the formulas say of its counts, beside these."""
    found = {}
    for name, figures in line.items():
        if not isinstance(figures, dict) or "NATS" not in name:
            continue
        processes = int(name.split()[1])
        measured = figures["direct"]
        pairs = Behaviour(2, 1, {2: 1.0}, 1, 1.0, {0: 1.0})
        batch = measured["messages"] / max(measured["envelopes_published"], 1)
        said = load(pairs, processes, rate=measured["messages"], batch=batch)
        found[name] = {
            "events_for_nobody": [
                measured["events_for_nobody"],
                tidy(said["events_for_nobody_per_second"]),
            ],
            "envelopes_received": [
                measured["envelopes_received"],
                tidy(said["envelopes_heard_per_second"]),
            ],
        }
    return found


def arguments(parser: ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--people", type=int, default=10_000_000)
    parser.add_argument("--processes", default="1,10,100,1000", help="several numbers")
    parser.add_argument("--messages", type=float, default=30.0, help="of a person in a day")
    parser.add_argument(
        "--sizes",
        default="2:0.6,8:0.25,50:0.12,300:0.03",
        help="members of a conversation, and its share of the messages",
    )
    parser.add_argument("--devices", type=float, default=1.6, help="of a person")
    parser.add_argument("--online", type=float, default=0.3, help="share that is connected at most")
    parser.add_argument("--zones", default="0:0.25,1:0.35,-5:0.25,8:0.15", help="hours, and share")
    parser.add_argument("--storm", type=float, default=0.5, help="share of sockets that return")
    parser.add_argument("--storm-seconds", type=float, default=60.0)
    parser.add_argument(
        "--check", type=Path, metavar="FILE", help="lines that `cluster` printed, to compare with"
    )


async def run(given: Namespace) -> None:
    """Print the load for each number of processes."""
    if given.check is not None:
        for line in given.check.read_text().splitlines():
            emit("simulate", {"checked": str(given.check.name)}, predicted(json.loads(line)), BUILD)
        return
    behaviour = Behaviour(
        given.people,
        given.messages,
        _shares(given.sizes),
        given.devices,
        given.online,
        _shares(given.zones),
    )
    BUILD.mkdir(exist_ok=True)
    for processes in map(int, given.processes.split(",")):
        found = load(behaviour, processes)
        found["storm"] = storm(behaviour, processes, given.storm, given.storm_seconds)
        figures = {
            name: {key: tidy(one) for key, one in value.items()}
            if isinstance(value, dict)
            else tidy(value)
            for name, value in found.items()
        }
        say(
            f"{processes} processes: {figures['core_of_each_process']} of a core each,"
            f" {figures['bus_share']:.0%} of it for the bus"
        )
        parameters = {"people": given.people, "processes": processes}
        emit("simulate", parameters, figures, BUILD)


def _shares(text: str) -> dict[int, float]:
    """Read `number:share,number:share`."""
    pairs: Sequence[list[str]] = [one.split(":") for one in text.split(",")]
    return {int(number): float(share) for number, share in pairs}
