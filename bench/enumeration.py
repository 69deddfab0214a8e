"""Enumeration: whether the time of an answer tells if an e-mail address has an account."""

import asyncio
import json
import statistics
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle, permutations
from time import perf_counter
from urllib.parse import urlencode

from aiosmtpd.smtp import SMTP

from bench import people
from bench.people import PASSWORD, Person
from bench.processes import cpu_nanoseconds
from bench.progress import say
from bench.rest import Connection, Rest
from bench.result import Figures, IncompleteError, emit, tidy
from bench.server import SETTINGS, EchoSphere

WARM_UP = 10
PAUSE = 0.02
IDLE = 300_000
"""Nanoseconds of work in a pause below which the server has done what it left for after an answer."""

KINDS = {"known": "member", "unknown": "nobody", "control": "no-one"}
"""What addresses of each kind begin with. Two of them are unknown: how far these differ is the noise."""

JSON = "Content-Type: application/json"
FORM = "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin"


@dataclass(frozen=True)
class Door:
    """Where someone may try whether an address has an account.

    Attributes:
        name: What it is for.
        path: Where it is.
        status: How it answers, whether there is an account or not.
        head: Its header fields.
        content: Its body, for an address.
    """

    name: str
    path: str
    status: int
    head: str
    content: Callable[[str], str]


SIGN_IN = Door(
    "sign-in",
    "/api/v1/sessions",
    401,
    JSON,
    lambda email: json.dumps({"email": email, "password": f"{PASSWORD} or not"}),
)
RESET = Door("reset", "/forgot-password", 200, FORM, lambda email: urlencode({"email": email}))
CONTACT = Door("contact", "/api/v1/contacts", 202, JSON, lambda email: json.dumps({"email": email}))


class TakesAll:
    """A mail server's handler, which takes every mail and keeps none."""

    async def handle_DATA(self, *_: object) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a mail."""
        return "250 Taken"


def arguments(parser: ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument(
        "--tries", type=int, default=200, help="of known and of unknown addresses, each"
    )
    parser.add_argument(
        "--password-method",
        default=SETTINGS["ECHOSPHERE_PASSWORD_METHOD"],
        help="a cheap one hides no difference; scrypt:131072:8:1 is the server's own",
    )


async def run(given: Namespace) -> None:
    """Run the workload and print a result for each door."""
    async with mail_server() as port:
        more = {
            "ECHOSPHERE_SMTP_URL": f"smtp://127.0.0.1:{port}",
            "ECHOSPHERE_PASSWORD_METHOD": given.password_method,
        }
        with EchoSphere(more=more) as server:
            rest = Rest(server.port)
            asker, *known = await people.register(rest, given.tries + WARM_UP + 1)
            await rest.close()
            for door in (SIGN_IN, RESET, CONTACT):
                say(f"{door.name}: {given.tries} tries each …")
                figures = await _measure(server, door, asker, known)
                parameters = {
                    "door": door.name,
                    "tries": given.tries,
                    "password_method": given.password_method,
                }
                emit("enumeration", parameters, figures, server.folder)


@asynccontextmanager
async def mail_server() -> AsyncIterator[int]:
    """Run a mail server; return its port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(TakesAll(), hostname="bench"), "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@dataclass(frozen=True)
class Cost:
    """What an answer took: seconds until it came, and processor time of the server, in seconds."""

    waited: float
    worked: float


async def _measure(server: EchoSphere, door: Door, asker: Person, known: list[Person]) -> Figures:
    """Try an address of each kind in turn, each address once, in all orders of the kinds."""
    costs: dict[str, list[Cost]] = {kind: [] for kind in KINDS}
    connection = Connection(server.port)
    for number, (person, order) in enumerate(zip(known, cycle(permutations(KINDS)))):
        for kind in order:
            email = person.email.replace(KINDS["known"], KINDS[kind])
            cost = await _try(server, connection, door, asker, email)
            if number >= WARM_UP:
                costs[kind].append(cost)
            await _settle(server)
    connection.close()
    return _compare(costs)


def _compare(costs: dict[str, list[Cost]]) -> Figures:
    """Return medians in milliseconds, and each as a multiple of that of unknown addresses."""
    waited = {kind: statistics.median(one.waited for one in costs[kind]) for kind in KINDS}
    worked = {kind: statistics.median(one.worked for one in costs[kind]) for kind in KINDS}
    return {
        "known_p50_ms": tidy(waited["known"] * 1000),
        "unknown_p50_ms": tidy(waited["unknown"] * 1000),
        "ratio": tidy(waited["known"] / waited["unknown"]),
        "control_ratio": tidy(waited["control"] / waited["unknown"]),
        "known_cpu_ms": tidy(worked["known"] * 1000),
        "unknown_cpu_ms": tidy(worked["unknown"] * 1000),
        "cpu_ratio": tidy(worked["known"] / worked["unknown"]),
        "control_cpu_ratio": tidy(worked["control"] / worked["unknown"]),
    }


async def _settle(server: EchoSphere) -> None:
    """Wait until jobs are done: the next answer must not wait for the mail of this one."""
    before = 0
    while (now := cpu_nanoseconds(server.pid)) - before > IDLE:
        before = now
        await asyncio.sleep(PAUSE)


async def _try(
    server: EchoSphere, connection: Connection, door: Door, asker: Person, email: str
) -> Cost:
    """Ask, and return what the answer took.

    Raises:
        IncompleteError: It is another answer than expected.
    """
    content = door.content(email).encode()
    head = (
        f"POST {door.path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n{door.head}\r\n"
        f"Authorization: Bearer {asker.token}\r\nContent-Length: {len(content)}"
    )
    worked, begun = cpu_nanoseconds(server.pid), perf_counter()
    status, answer = await connection.ask(head.encode(), content)
    waited = perf_counter() - begun
    worked = cpu_nanoseconds(server.pid) - worked
    if status != door.status:
        raise IncompleteError(f"{door.name} answered {status}: {answer[:200]!r}")
    return Cost(waited, worked / 1e9)
