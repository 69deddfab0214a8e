"""Users who were removed, suspended or signed out receive nothing from the moment it was answered.

In each round someone with a socket is put out while others post, type, come and go without pause. What
was begun after the answer must not reach them; a witness, who stays, gets all of it. `bin/long removal`
runs a thousand rounds.
"""

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.product.people import PASSWORD, Person, Socket, new_key, people_on
from tests.served import Served

ROUNDS = int(os.environ.get("ECHOSPHERE_TEST_ROUNDS", "60"))
BATCH = 10
"""Rounds in one group: who was put out of it in one round still listens in the later ones."""

AT_ONCE = 3
"""Messages that are on their way all the time."""


WAYS = ("removed", "suspended", "signed out")
TRANSPORTS = ("websocket", "polling")

PutOut = Callable[["Crowd", int, str], Awaitable[None]]


class Crowd:
    """A group, someone to be put out in each round, and someone who moves only after that.

    Attributes:
        owner: Of the group and of the server; the witness.
        leaving: Who is put out, by the number of the round.
        movers: Who types and goes away after it, and never before.
        done: How many have been put out, as was answered.
        said: By each text, how many were put out when it was begun.
    """

    def __init__(
        self, here: str, owner: Person, poster: Person, leaving: list[Person], movers: list[Person]
    ) -> None:
        self.here = here
        self.owner = owner
        self.poster = poster
        self.leaving = leaving
        self.movers = movers
        self.done = 0
        self.said: dict[str, int] = {}
        self.sockets: list[Socket] = []
        self.moving: list[Socket] = []
        self.ended_at: list[int] = []

    async def connect(self) -> Socket:
        """Connect everyone; return the witness."""
        for number, person in enumerate(self.leaving):
            self.sockets.append(await person.connect(transports=[TRANSPORTS[number % 2]]))
        self.moving = [await person.connect() for person in self.movers]
        return await self.owner.connect()

    async def post_on(self, numbers: "itertools.count[int]") -> None:
        """Post without pause."""
        while self.done < len(self.leaving):
            body = f"line {next(numbers)}"
            self.said[body] = self.done
            given = {"key": new_key(), "body": body}
            await self.poster.post(f"/conversations/{self.here}/messages", given)

    async def fidget(self, socket: Socket) -> None:
        """Type, read and look away without pause, over a socket."""
        for number in itertools.count():
            if self.done == len(self.leaving):
                return
            await socket.call("typing", {"conversation": self.here, "on": number % 2 == 0})
            await socket.call("presence", {"status": ("away", "online")[number % 2]})
            await asyncio.sleep(0.01)

    async def put_out_all(self, put_out: PutOut) -> None:
        """Put one out after the other, each followed by who moves only then."""
        for number in range(len(self.leaving)):
            way = WAYS[number % len(WAYS)]
            await put_out(self, number, way)
            self.done += 1
            await self.moving[number].call("typing", {"conversation": self.here, "on": True})
            await self.moving[number].call("presence", {"status": "away"})

    async def play(self, put_out: PutOut) -> list[str]:
        """Play all rounds; return what was heard too late."""
        witness = await self.connect()
        numbers = itertools.count()
        posting = [self.post_on(numbers) for _ in range(AT_ONCE)]
        noise = self.fidget(await self.poster.connect())
        await asyncio.gather(self.put_out_all(put_out), noise, *posting)
        last = await self.poster.say(self.here, "the last word")
        self.said["the last word"] = self.done
        await witness.next("message", version=last["version"])
        await witness.next("typing", user=self.movers[-1].id)
        await witness.next("presence", user=self.movers[-1].id, status="away")
        heard = {event["message"]["body"] for event in witness.of("message")}
        assert set(self.said) <= heard, "the witness did not hear all: nothing is proven"
        return [
            fault
            for number, socket in enumerate(self.sockets)
            for fault in self.heard_too_late(number, socket)
        ]

    def heard_too_late(self, number: int, socket: Socket) -> list[str]:
        """Return what came of what was begun after someone had been put out."""
        movers = {person.id for person in self.movers[number:]}
        faults = []
        for name, payload in socket.events:
            is_late_text = (
                name == "message" and self.said.get(payload["message"]["body"], -1) > number
            )
            is_late_move = name in ("typing", "presence") and payload["user"] in movers
            if is_late_text or (is_late_move and payload.get("status") != "online"):
                faults.append(f"round {number}, {WAYS[number % 3]}: {name} {payload}")
        return faults


async def put_out(crowd: Crowd, number: int, way: str) -> None:
    """Put someone out, and return when that was answered."""
    person, owner = crowd.leaving[number], crowd.owner
    if way == "removed":
        await owner.delete(f"/conversations/{crowd.here}/members/{person.id}")
    elif way == "suspended":
        await owner.put(f"/administration/people/{person.id}/suspension", {"reason": "Spam."})
    else:
        await person.delete("/sessions/current")


@asynccontextmanager
async def crowd_on(base: str, owner: Person, rounds: int) -> AsyncIterator[Crowd]:
    """A group for so many rounds."""
    names = (
        "Paul",
        *(f"Leaving {n}" for n in range(rounds)),
        *(f"Mover {n}" for n in range(rounds)),
    )
    async with people_on(base, *names) as people:
        # What an owner does to others wants a proof of the last ten minutes.
        await owner.put("/sessions/current/proof", {"password": PASSWORD})
        for person in people:
            await owner.befriend(person)
        body: dict[str, Any] = {"kind": "group", "title": "All"}
        body["members"] = [person.id for person in people]
        here = (await owner.post("/conversations", body))["conversation"]["id"]
        yield Crowd(here, owner, people[0], people[1 : rounds + 1], people[rounds + 1 :])


@pytest.fixture
async def owner(tmp_path: Path, database_url: str) -> AsyncIterator[Person]:
    """Who owns a server that runs as a process of its own."""
    served = Served(tmp_path / "data", ECHOSPHERE_DATABASE_URL=database_url)
    base = served.start()
    async with people_on(base, "Olga Owner") as (olga,):
        yield olga
    served.stop()
    assert "Traceback" not in served.log


async def test_a_removed_user_receives_nothing_more(owner: Person) -> None:
    faults: list[str] = []
    for first in range(0, ROUNDS, BATCH):
        async with crowd_on(owner.base, owner, min(BATCH, ROUNDS - first)) as crowd:
            faults += await crowd.play(put_out)
            for number, person in enumerate(crowd.leaving):
                gone = WAYS[number % 3] == "removed"
                await person.get(f"/conversations/{crowd.here}", 404 if gone else 401)
    assert faults == []


async def test_a_user_who_was_not_removed_after_all_is_noticed(owner: Person) -> None:
    """The control: where nothing is done, everything is heard, and counted as heard too late."""

    async def only_say_so(_crowd: Crowd, _number: int, _way: str) -> None:
        await asyncio.sleep(0)

    async with crowd_on(owner.base, owner, 4) as crowd:
        faults = await crowd.play(only_say_so)
    for number in range(3):
        heard = [fault for fault in faults if fault.startswith(f"round {number},")]
        for kind in ("message", "typing", "presence"):
            assert any(f": {kind} " in fault for fault in heard), (number, kind)
