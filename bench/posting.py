"""Posting: one message after the other over HTTP, by a person, by a bot and by a webhook, in turn."""

import asyncio
import json
import statistics
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from secrets import token_hex
from time import perf_counter
from urllib.parse import urlsplit

from bench import people
from bench.people import Person
from bench.processes import cpu_nanoseconds
from bench.progress import say
from bench.rest import Connection, Rest
from bench.result import Figures, IncompleteError, emit, percentiles, tidy
from bench.server import EchoSphere
from bench.sockets import PATIENCE, Client, Receiver, close_all, connect_all, require_unbroken

PERSON = "person"
WARM_UP = 50


@dataclass
class Poster:
    """Someone who posts.

    Attributes:
        name: What they are.
        post: Posts a text with an idempotency key.
        worked: Microseconds of the server's processor time for a message, of each turn.
        waited: Seconds until each answer.
    """

    name: str
    post: Callable[[str, str], Awaitable[None]]
    worked: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)


def arguments(parser: ArgumentParser) -> None:
    """Say what can be chosen."""
    parser.add_argument("--messages", type=int, default=300, help="of each in one turn")
    parser.add_argument("--turns", type=int, default=9)
    parser.add_argument("--members", type=int, default=3, help="of the group, who listen")
    parser.add_argument("--length", type=int, default=90, help="characters of a message")


async def run(given: Namespace) -> None:
    """Run the workload and print its result."""
    with EchoSphere() as server:
        rest = Rest(server.port)
        owner, *others = await people.register(rest, given.members)
        await people.befriend(rest, owner, others)
        group = await people.start_group(rest, owner, others, "Posting")
        connection = Connection(server.port)
        posters = [
            _with_token(PERSON, connection, server.port, group, owner.token),
            _with_token("bot", connection, server.port, group, await _bot(rest, owner, group)),
            _webhook(connection, server.port, await _webhook_path(rest, owner, group)),
        ]
        listeners = [Receiver(one.token) for one in (owner, *others)]
        clients: list[Client] = [*listeners]
        await connect_all(server.port, clients)
        for turn in range(given.turns + 1):
            # Who is first changes: what one leaves to be done is not always paid by the same.
            for poster in posters[turn % 3 :] + posters[: turn % 3]:
                count = given.messages if turn else WARM_UP
                for listener in listeners:
                    listener.expect(count)
                await _take_turn(server, poster, count, given.length, is_counted=turn > 0)
                await _heard_by_all(listeners, count)
            say(f"turn {turn} of {given.turns}")
        require_unbroken(clients)
        await close_all(clients)
        connection.close()
        await rest.close()
        emit("posting", vars(given) | {"workload": "posting"}, _figures(posters), server.folder)


async def _bot(rest: Rest, owner: Person, group: str) -> str:
    """Make a bot that is in the group; return its key."""
    made = await rest.call("POST", "/bots", {"key": token_hex(8), "name": "Bench"}, owner.token)
    member = {"user": made["bot"]["id"]}
    await rest.call("POST", f"/conversations/{group}/members", member, owner.token)
    return str(made["key"])


async def _webhook_path(rest: Rest, owner: Person, group: str) -> str:
    """Make a webhook of the group; return the path of its address."""
    hook = {"key": token_hex(8), "name": "Bench"}
    made = await rest.call("POST", f"/conversations/{group}/webhooks", hook, owner.token)
    return urlsplit(str(made["webhook"]["url"])).path


def _with_token(name: str, connection: Connection, port: int, group: str, token: str) -> Poster:
    path = f"/api/v1/conversations/{group}/messages"

    async def post(body: str, key: str) -> None:
        await _send(connection, port, path, {"key": key, "body": body}, token)

    return Poster(name, post)


def _webhook(connection: Connection, port: int, path: str) -> Poster:
    async def post(body: str, key: str) -> None:
        await _send(connection, port, path, {"key": key, "text": body})

    return Poster("webhook", post)


async def _send(
    connection: Connection, port: int, path: str, body: dict[str, str], token: str = ""
) -> None:
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json"
        + (f"\r\nAuthorization: Bearer {token}" if token else "")
        + f"\r\nContent-Length: {len(content)}"
    )
    status, answer = await connection.ask(head.encode(), content)
    if not 200 <= status < 300:
        raise IncompleteError(f"{path} answered {status}: {answer[:200]!r}")


async def _take_turn(
    server: EchoSphere, poster: Poster, count: int, length: int, *, is_counted: bool
) -> None:
    """Post so many messages one after the other."""
    worked, waited = cpu_nanoseconds(server.pid), []
    for number in range(count):
        body = f"Message {number} by a {poster.name} ".ljust(length, "x")
        begun = perf_counter()
        await poster.post(body, token_hex(10))
        waited.append(perf_counter() - begun)
    worked = cpu_nanoseconds(server.pid) - worked
    if is_counted:
        poster.worked.append(worked / count / 1000)
        poster.waited += waited


async def _heard_by_all(listeners: list[Receiver], count: int) -> None:
    """Wait until each member has heard the messages of this turn.

    Raises:
        IncompleteError: One has not, or has heard more.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(one.complete.wait() for one in listeners))
    if [len(one.seen) for one in listeners] != [count] * len(listeners):
        heard = [len(one.seen) for one in listeners]
        raise IncompleteError(f"of {count} messages {heard} were heard")


def _figures(posters: list[Poster]) -> Figures:
    """Return of each the processor time for a message and its multiple of a person's in the same turn."""
    (person,) = [one for one in posters if one.name == PERSON]
    return {
        one.name: {
            "cpu_us_per_message": tidy(statistics.median(one.worked)),
            "times_a_person": tidy(
                statistics.median(
                    mine / theirs for mine, theirs in zip(one.worked, person.worked, strict=True)
                )
            ),
            **{name: tidy(value) for name, value in percentiles(one.waited).items()},
        }
        for one in posters
    }
