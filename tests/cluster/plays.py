"""People who write at two processes while something goes wrong, and what must hold afterwards."""

import asyncio
import contextlib
import gc
import time
import warnings
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.cluster.processes import at_base
from tests.faults.callers import Caller, Lost
from tests.faults.processes import Sender, SocketSender, faults_in, whole_history
from tests.product.model_client import ModelClient
from tests.product.people import Person, people_on

PATIENCE = 90.0
"""Seconds within which everything must be well again: many, since a busy machine is not wrong."""

PAUSE = 0.3
MOST_UNREAD = 1_000
"""The server counts no further."""

TROUBLE = (httpx.HTTPError, Lost, TimeoutError, AssertionError)
"""What a client sees of a fault; `Person` asserts the status that it expects."""


class Follower(ModelClient):
    """A device that stays connected to one process, by a new connection whenever one is gone.

    Attributes:
        heard: All events that came, over all connections.
    """

    def __init__(self, person: Person) -> None:
        super().__init__(person.id, self._ask)
        self.person = person
        self.heard: list[tuple[str, Any]] = []
        self.stopping = False
        self._caller: Caller | None = None

    async def run(self) -> None:
        """Follow until told to stop."""
        while not self.stopping:
            try:
                await self._follow()
            except TROUBLE:
                await asyncio.sleep(PAUSE)
            finally:
                await self._hang_up()

    async def _follow(self) -> None:
        self._caller = caller = await Caller.connect(self.person.base, self.person.token)
        taken, is_behind = 0, True
        while not (self.stopping or caller.closed.is_set()):
            if is_behind:
                await self.catch_up()
                is_behind = False
            events, taken = caller.events[taken:], len(caller.events)
            self.heard += events
            for event, payload in events:
                is_behind = is_behind or event == "behind"
                await self.take(event, payload)
            await asyncio.sleep(0.02)

    async def _hang_up(self) -> None:
        caller, self._caller = self._caller, None
        if caller is not None:
            caller.cut()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(5):
                    await caller.closed.wait()

    async def _ask(self, asked: dict[str, Any]) -> Any:
        return await self.person.post("/sync", asked, 200)

    def differs_from(self, fresh: "Follower") -> list[str]:
        """Return in what it does not show the same as a device that knew nothing."""
        mine, theirs = self.state(), fresh.state()
        found = [f"{one} is shown, or is not" for one in mine.keys() ^ theirs.keys()]
        for one in mine.keys() & theirs.keys():
            for state in (mine[one], theirs[one]):
                state["unread"] = min(state["unread"], MOST_UNREAD)
            found += [
                f"{name}: {mine[one][name]} and not {theirs[one][name]}"
                for name in mine[one]
                if mine[one][name] != theirs[one][name]
            ]
            shown, there = self.held[one].messages, fresh.held[one].messages
            first = max(self.held[one].start, fresh.held[one].start)
            for seq in shown.keys() | there.keys():
                if seq >= first and shown.get(seq) != there.get(seq):
                    found.append(f"message {seq}: {shown.get(seq)} and not {there.get(seq)}")
        return found


class PatientSender(SocketSender):
    """Sends over the socket, and takes an answer that does not come for a connection that is lost."""

    async def attempt(self, given: dict[str, Any]) -> Any:
        """Try to send once."""
        try:
            async with asyncio.timeout(5):
                return await super().attempt(given)
        except TimeoutError:
            await self._hang_up()
            return None

    async def close(self) -> None:
        """Let go of the connection, which may be silent."""
        await self._hang_up()

    async def _hang_up(self) -> None:
        caller, self._caller = self._caller, None
        if caller is not None:
            caller.cut()


@dataclass
class Outcome:
    """What a play has shown.

    Attributes:
        wrong: What was promised and does not hold.
        sent: How many messages were acknowledged.
        seconds: From the end of the fault until everything was sent and all devices were equal.
    """

    wrong: list[str] = field(default_factory=list)
    sent: int = 0
    seconds: float = 0.0


class Play:
    """A group whose members write and listen at two processes.

    Args:
        addresses: Of the process that stays well, if one does, and of the other one.
        people: The owner of the group, who is connected to both; two who write at each process; and
            someone who is put out while something is wrong, with a device at each process.
    """

    def __init__(self, addresses: Sequence[str], people: list[Person], group: str) -> None:
        self.group = group
        self.owner, *self.writers, self.leaving = people
        self._elsewhere: list[Person] = []
        at = [self._at(addresses[number % 2], one) for number, one in enumerate(self.writers)]
        self.senders: list[Sender] = [
            (PatientSender if number // 2 else Sender)(one, group) for number, one in enumerate(at)
        ]
        self.followers = [
            Follower(self._at(address, one))
            for address in addresses
            for one in (self.owner, self.writers[0])
        ]
        self.listeners = [Follower(self._at(one, self.leaving)) for one in addresses]
        self.put_out_at = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._sending: list[asyncio.Task[None]] = []

    def _at(self, address: str, person: Person) -> Person:
        self._elsewhere.append(at_base(address, person))
        return self._elsewhere[-1]

    async def begin(self) -> None:
        """Have everyone connect and write."""
        for one in (*self.followers, *self.listeners):
            self._tasks.append(asyncio.create_task(one.run()))
        self.go_on()
        await self.more(20)

    def go_on(self) -> None:
        """Have everyone write."""
        for sender in self.senders:
            sender.stopping = False
        self._sending = [asyncio.create_task(sender.run()) for sender in self.senders]
        self._tasks += self._sending

    async def pause(self) -> None:
        """Have everyone finish what they began, and write no more."""
        for sender in self.senders:
            sender.stopping = True
        await asyncio.wait_for(asyncio.gather(*self._sending), PATIENCE)

    async def more(self, messages: int) -> None:
        """Wait until so many more were acknowledged."""
        wanted = self.acknowledged + messages
        async with asyncio.timeout(PATIENCE):
            while self.acknowledged < wanted:
                await asyncio.sleep(0.05)

    @property
    def acknowledged(self) -> int:
        """How many messages were acknowledged so far."""
        return sum(len(sender.acknowledged) for sender in self.senders)

    @property
    def acknowledged_at_first(self) -> int:
        """How many of them at the first process."""
        return sum(len(sender.acknowledged) for sender in self.senders[::2])

    def keys(self) -> set[str]:
        """Return the keys of all messages that were acknowledged."""
        return {key for sender in self.senders for key in sender.acknowledged}

    def keys_shown(self) -> set[str]:
        """Return the keys of all messages that any device shows."""
        return {
            message["key"]
            for one in self.followers
            for message in one.held[self.group].messages.values()
        }

    def shown(self, keys: set[str]) -> list[str]:
        """Return which devices show which of these messages."""
        return [
            f"{one.person.base}, {one.person.user['name']}: {seq}, from {one.held[self.group].start}"
            for one in self.followers
            for seq, message in one.held[self.group].messages.items()
            if message["key"] in keys
        ]

    async def forget_what_is_gone(self) -> set[str]:
        """Do not expect what the server lacks any more; return its keys."""
        acknowledged = self.keys()
        stored = {one["key"] for one in await whole_history(self.owner, self.group)}
        gone = acknowledged - stored
        for sender in self.senders:
            for key in gone & sender.acknowledged.keys():
                del sender.acknowledged[key]
        return gone

    async def put_out(self) -> None:
        """Remove someone, as often as it takes until it is answered."""
        path = f"/conversations/{self.group}/members/{self.leaving.id}"
        async with asyncio.timeout(PATIENCE):
            while True:
                with contextlib.suppress(httpx.HTTPError):
                    answer = await self.owner.http.delete(path, timeout=5)
                    if answer.status_code in (204, 404):
                        break
                    assert answer.status_code == 503, answer.text
                await asyncio.sleep(PAUSE)
        held = await self._fresh(self.owner)
        self.put_out_at = held.held[self.group].version

    async def end(self) -> Outcome:
        """Let everyone finish what they began; return what has become of it."""
        began, outcome = time.monotonic(), Outcome()
        await self.pause()
        outcome.sent = self.acknowledged
        outcome.wrong = await self._become_equal(began)
        outcome.seconds = time.monotonic() - began
        stored = await whole_history(self.owner, self.group)
        outcome.wrong += faults_in(self.senders, stored, first_seq=None)
        outcome.wrong += self.heard_too_late()
        return outcome

    async def differences(self) -> list[str]:
        """Return in what any device does not show what the server has."""
        found: list[str] = []
        for one in self.followers:
            found += one.differs_from(await self._fresh(one.person, self.owner.base))
        return found

    def heard_too_late(self) -> list[str]:
        """Return what came to someone's devices of what was said after they had been put out."""
        return [
            f"heard after it: {payload}"
            for one in self.listeners
            for event, payload in one.heard
            if event == "message" and payload["version"] > self.put_out_at > 0
        ]

    async def notices(self) -> list[str]:
        """Plant a loss, a double, a difference and an event too late; return what is not noticed."""
        stored = await whole_history(self.owner, self.group)
        sender = next(one for one in self.senders if one.acknowledged)
        key = next(iter(sender.acknowledged))
        mine = next(one for one in stored if one["key"] == key)
        missed = []
        if not faults_in(self.senders, [one for one in stored if one is not mine], first_seq=None):
            missed.append("a loss")
        if not faults_in(self.senders, [*stored, mine], first_seq=None):
            missed.append("a double")
        follower = self.followers[-1]
        last = max(follower.held[self.group].messages)
        ghost = follower.held[self.group].messages.pop(last) | {"body": "a ghost"}
        if not await self.differences():
            missed.append("a device that lacks a message")
        follower.held[self.group].messages[last] = ghost
        if not await self.differences():
            missed.append("a device that shows a ghost")
        self.put_out_at = self.put_out_at or last
        self.listeners[0].heard.append(("message", {"version": self.put_out_at + 1}))
        if not self.heard_too_late():
            missed.append("an event too late")
        return missed

    async def close(self) -> None:
        """Let go of everything."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for person in self._elsewhere:
            await person.close()

    async def _become_equal(self, began: float) -> list[str]:
        found = ["nothing was compared"]
        while found and time.monotonic() < began + PATIENCE:
            try:
                found = await self.differences()
            except TROUBLE as error:
                found = [repr(error)]
            await asyncio.sleep(0.1 if found else 0)
        return found

    async def _fresh(self, person: Person, base: str = "") -> Follower:
        fresh = Follower(at_base(base or person.base, person))
        try:
            await fresh.catch_up()
        finally:
            await fresh.person.close()
        return fresh


@contextlib.asynccontextmanager
async def play_on(addresses: Sequence[str]) -> AsyncIterator[Play]:
    """A group of people who know each other, at two processes."""
    names = ("Olga", "Ann", "Ben", "Cem", "Dana", "Rita")
    async with people_on(addresses[0], *names) as people:
        for other in people[1:]:
            await people[0].befriend(other)
        members = [one.id for one in people[1:]]
        made = await people[0].post(
            "/conversations", {"kind": "group", "title": "All", "members": members}
        )
        play = Play(addresses, people, made["conversation"]["id"])
        with warnings.catch_warnings():
            # An attempt to connect that is given up in the middle may leave its socket to the collector.
            warnings.simplefilter("ignore", ResourceWarning)
            try:
                yield play
            finally:
                await play.close()
                gc.collect()
