"""The law: a device's state plus the events it received equals the state fetched afresh."""

import asyncio
import itertools
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from echosphere.memberships.inbox import sync
from tests.faults.callers import Caller
from tests.faults.processes import whole_history
from tests.product.conftest import Running, settings_for
from tests.product.model_client import Held, ModelClient
from tests.product.once import on_one_database
from tests.product.people import Person, new_key, register

PAGE = 6
"""A larger difference is answered by a reset; small, so that it happens."""

PLAYS = int(os.environ.get("ECHOSPHERE_TEST_PLAYS", "8"))

WORDS = ("hello", "there", "@Person and @all", "Person 1", "@Person 1", "@Person 0 @Person 2")
PEOPLE = 3
GARDEN = 1
"""The group from which people leave, and into which they come back."""

DEVICES = 2
VERSIONED = ("message", "conversation", "receipt", "version", "hidden", "restored")
PASSING = ("presence", "typing", "saved")
"""What is not part of the state."""

REFUSALS = ("forbidden", "not_found", "gone", "invalid")
"""What someone may hear who tries to change any message that comes to mind."""

Step = tuple[Any, ...]

_person = st.integers(0, PEOPLE - 1)
_device = st.tuples(_person, st.integers(0, DEVICES - 1))
_place = st.integers(0, 9)
_seed = st.integers(0, 2**16)
_message = st.integers(0, 12)
_door = st.sampled_from(["socket", "rest"])

ACTIONS: list[st.SearchStrategy[Step]] = [
    st.tuples(st.just("post"), _device, _place, _door),
    st.tuples(st.just("post"), _device, _place, _door),
    st.tuples(st.just("burst"), _device, _place, st.integers(2, PAGE + 4)),
    st.tuples(st.just("repeat"), _device, _place),
    st.tuples(st.just("read"), _device, _place, st.integers(0, 12)),
    st.tuples(st.just("deliver"), _device, _place, st.integers(0, 12)),
    st.tuples(st.just("own"), _device, _place, st.sampled_from(["muted", "pinned", "archived"])),
    st.tuples(st.just("draft"), _device, _place, st.text("ab ", max_size=3)),
    st.tuples(st.just("group"), _device),
    st.tuples(st.just("edit"), _device, _place, _message, _door),
    st.tuples(st.just("edit"), _device, _place, _message, _door),
    st.tuples(st.just("delete"), _device, _place, _message, _door),
    st.tuples(st.just("react"), _device, _place, _message, _door),
    st.tuples(st.just("pin"), _device, _place, _message, _door),
    st.tuples(st.just("hide"), _device, _place, _message, _door),
    st.tuples(st.just("clear"), _device, _place, _message, _door),
    st.tuples(st.just("drop"), _device, _place, _message, _door),
]
COMING_AND_GOING: list[st.SearchStrategy[Step]] = [
    st.tuples(st.just("leave"), _device),
    st.tuples(st.just("add"), _device),
    st.tuples(st.just("history"), _device, st.sampled_from(["all", "joined"])),
    st.tuples(st.just("restore"), _device, _place, _message, _door),
    st.tuples(st.just("unclear"), _device, _place, _message, _door),
]
"""Who comes into a group, or takes back that they deleted something for themselves, asks for what is
there: that is no matter of events alone."""

TROUBLES: list[st.SearchStrategy[Step]] = [
    st.tuples(st.just("arrive"), _device, _seed),
    st.tuples(st.just("arrive"), _device, _seed),
    st.tuples(st.just("cut"), _device),
    st.tuples(st.just("return"), _device),
]

TROUBLED = st.lists(st.one_of(ACTIONS + COMING_AND_GOING + TROUBLES), min_size=5, max_size=25)
QUIET = st.lists(st.one_of(ACTIONS), min_size=3, max_size=15)


class Careless(ModelClient):
    """A client that believes every event to be the next one: it must break the law."""

    def _advance(self, held: Held, version: int) -> bool:
        held.version = version
        return True


@dataclass
class Device:
    """One of a person's devices: its connection, its state, and the events on their way to it.

    Attributes:
        bases: The addresses of the server's processes: it connects to the first one, and to any when it
            comes back.
    """

    person: Person
    kind: type[ModelClient] = ModelClient
    bases: tuple[str, ...] = ()
    caller: Caller | None = None
    taken: int = 0
    client: ModelClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.kind(self.person.id, self._sync)

    async def _sync(self, asked: dict[str, Any]) -> Any:
        if self.caller is None:
            return await self.person.post("/sync", asked, 200)
        return await self.caller.call("sync", asked)

    async def come_back(self) -> None:
        """Connect, and do what every client does then."""
        if self.caller is None:
            base, *others = self.bases or (self.person.base,)
            self.caller = await Caller.connect(base, self.person.token)
            self.bases = tuple(random.sample([base, *others], 1 + len(others)))
            self.taken = 0
        self.client.learn_hidden(await self.person.get("/hidden", after=self.client.hidden_after))
        await self.client.catch_up()
        listed = (await self.person.get("/conversations"))["conversations"]
        for conversation in listed:
            if "members" not in conversation:
                path = f"/conversations/{conversation['id']}/members"
                conversation["members"] = (await self.person.get(path))["members"]
        self.client.refresh(listed)

    async def cut(self) -> None:
        """Lose the connection, and all events that were not looked at."""
        if self.caller is not None:
            self.caller.cut()
            await self.caller.closed.wait()
            self.caller = None

    async def take_all(self) -> None:
        """Take everything that arrived, in its order, some of it twice."""
        for name, payload in self._arrived():
            await self.client.take(name, payload)
            if name in VERSIONED:
                await self.client.take(name, payload)

    async def take_with_trouble(self, seed: int) -> None:
        """Take some of what arrived, some of it twice, in any order."""
        chance = random.Random(seed)
        arrived = [event for event in self._arrived() if chance.random() > 0.3]
        arrived += [event for event in arrived if chance.random() < 0.3]
        chance.shuffle(arrived)
        for name, payload in arrived:
            await self.client.take(name, payload)

    def _arrived(self) -> list[tuple[str, Any]]:
        if self.caller is None:
            return []
        arrived = self.caller.events[self.taken :]
        self.taken += len(arrived)
        return [(name, payload) for name, payload in arrived if name not in PASSING]


class Stage:
    """People, their devices, and their conversations."""

    def __init__(
        self, base: str, kind: type[ModelClient] = ModelClient, bases: Sequence[str] = ()
    ) -> None:
        self.base = base
        self.kind = kind
        self.bases = bases
        self.people: list[Person] = []
        self.devices: list[list[Device]] = []
        self.places: list[tuple[str, tuple[Person, ...]]] = []
        self.last: dict[str, Any] = {}
        self.said: dict[str, list[tuple[int, Person]]] = {}

    async def set(self) -> None:
        """Register people who know each other, start a group of all, connect all devices."""
        self.people = [await register(self.base, f"Person {one}") for one in range(PEOPLE)]
        for one, other in itertools.combinations(self.people, 2):
            await one.befriend(other)
        # A person's devices are at different processes, if there are several.
        self.devices = [
            [Device(one, self.kind, (*self.bases[at:], *self.bases[:at])) for at in range(DEVICES)]
            for one in self.people
        ]
        for _ in ("where everybody stays", GARDEN):
            await self._found_group(self.people[0], self.people)
        for device in self.all_devices():
            await device.come_back()

    async def play(self, steps: list[Step]) -> None:
        """Do one step after the other."""
        for name, (person, number), *more in steps:
            device = self.devices[person][number]
            await getattr(self, f"_{name}")(device, *more)

    def all_devices(self) -> list[Device]:
        return [device for devices in self.devices for device in devices]

    async def settle(self) -> None:
        """Wait until everything that was sent has reached those who are connected."""
        for place, members in self.places:
            marker = await members[0].say(place, "marker")
            for device in self._connected(members):
                await _until(device, "message", place, lambda one, m=marker: one["message"] == m)
        # Saving tells the person's devices something, and changes nothing that they count.
        place, members = self.places[0]
        marker = await members[0].say(place, "saved by all")
        for person in members:
            await person.put(f"/conversations/{place}/messages/{marker['seq']}/saved")
            for device in self._connected([person]):
                await _until(device, "saved", place, lambda one: one["on"])
                await _until(device, "message", place, lambda one, m=marker: one["message"] == m)

    async def check(self) -> None:
        """Compare each device with what a new one would fetch."""
        for person, devices in zip(self.people, self.devices, strict=True):
            stored = {
                place: await whole_history(person, place)
                for place, members in self.places
                if person in members
            }
            fresh = Device(person)
            await fresh.client.catch_up()
            theirs = {place for place, members in self.places if person in members}
            assert fresh.client.held.keys() == theirs
            for device in devices:
                assert device.client.state() == fresh.client.state()
                for place in theirs:
                    held = device.client.held[place].messages
                    mine = [held[seq] for seq in sorted(held)]
                    most = PAGE - len(device.client.held[place].hidden)
                    assert len(mine) >= min(len(stored[place]), most)
                    assert mine == stored[place][len(stored[place]) - len(mine) :]

    async def end(self) -> None:
        for device in self.all_devices():
            await device.cut()
        for person in self.people:
            await person.close()

    def _connected(self, people: Any) -> list[Device]:
        return [
            device
            for device in self.all_devices()
            if device.person in people and device.caller is not None
        ]

    def _device_of(self, person: Person, like: Device) -> Device:
        """Return the device of a person that has the place of another's among their devices."""
        number = next(d.index(like) for d in self.devices if like in d)
        return self.devices[self.people.index(person)][number]

    def _place_of(self, device: Device, number: int) -> str:
        mine = [place for place, members in self.places if device.person in members]
        return mine[number % len(mine)]

    async def _found_group(self, person: Person, members: list[Person]) -> None:
        others = [one.id for one in members if one is not person]
        group = {"kind": "group", "title": "Law", "members": others}
        made = await person.post("/conversations", group)
        self.places.append((made["conversation"]["id"], tuple(members)))

    async def _group(self, device: Device) -> None:
        if len(self.places) < 5:
            chosen = self.people[:2] if len(self.places) % 2 else self.people
            if device.person in chosen:
                await self._found_group(device.person, chosen)

    async def _post(self, device: Device, number: int, door: str) -> None:
        place = self._place_of(device, number)
        sent = {"key": new_key(), "body": WORDS[number % len(WORDS)]}
        self.last[device.person.id] = (place, sent)
        if door == "socket" and device.caller is not None:
            answer = await device.caller.call("post", {"conversation": place, **sent})
            assert answer["ok"]
        else:
            answer = await device.person.post(f"/conversations/{place}/messages", sent)
        self.said.setdefault(place, []).append((answer["message"]["seq"], device.person))

    async def _burst(self, device: Device, number: int, count: int) -> None:
        place = self._place_of(device, number)
        await asyncio.gather(*(device.person.say(place, str(one)) for one in range(count)))

    def _message(self, place: str, number: int) -> tuple[int, Person | None]:
        """Return one of the messages and its author: mostly a posted one, or any number."""
        said = self.said.get(place, [])
        return said[number % len(said)] if said and number < 9 else (number, None)

    async def _repeat(self, device: Device, _number: int) -> None:
        if device.person.id in self.last:
            place, sent = self.last[device.person.id]
            if any(place == one and device.person not in members for one, members in self.places):
                return
            await device.person.post(f"/conversations/{place}/messages", sent, 200)

    async def _read(self, device: Device, number: int, seq: int) -> None:
        place = self._place_of(device, number)
        if device.caller is not None:
            assert (await device.caller.call("read", {"conversation": place, "seq": seq}))["ok"]
        else:
            await device.person.put(f"/conversations/{place}/read", {"seq": seq})

    async def _edit(self, device: Device, number: int, seq: int, door: str) -> None:
        body = {"body": WORDS[seq % len(WORDS)]}
        await self._change(device, number, seq, door, "edit", "PATCH", "", body)

    async def _delete(self, device: Device, number: int, seq: int, door: str) -> None:
        await self._change(device, number, seq, door, "delete", "DELETE", "", {})

    async def _react(self, device: Device, number: int, seq: int, door: str) -> None:
        emoji, on = "👍🎂"[number % 2], number < 6
        path, method = f"/reactions/{emoji}", "PUT" if on else "DELETE"
        call = {"emoji": emoji, "on": on}
        await self._change(device, number, seq, door, "react", method, path, call)

    async def _pin(self, device: Device, number: int, seq: int, door: str) -> None:
        on = number < 6
        method = "PUT" if on else "DELETE"
        await self._change(device, number, seq, door, "pin", method, "/pin", {"on": on})

    async def _leave(self, device: Device) -> None:
        garden, members = self.places[GARDEN]
        path = f"/conversations/{garden}/members/{device.person.id}"
        if (await device.person.http.delete(path)).is_success:
            left = tuple(one for one in members if one is not device.person)
            self.places[GARDEN] = (garden, left)

    async def _add(self, device: Device) -> None:
        garden, members = self.places[GARDEN]
        if device.person not in members:
            owner = self.people[0]
            await owner.post(f"/conversations/{garden}/members", {"user": device.person.id})
            self.places[GARDEN] = (garden, (*members, device.person))

    async def _history(self, _device: Device, kept: str) -> None:
        garden, _ = self.places[GARDEN]
        await self.people[0].patch(f"/conversations/{garden}", {"history": kept})

    async def _hide(self, device: Device, number: int, seq: int, door: str) -> None:
        await self._for_oneself(device, number, seq, door, "hide", "hidden")

    async def _clear(self, device: Device, number: int, seq: int, door: str) -> None:
        place = self._place_of(device, number)
        seq, _ = self._message(place, seq)
        await self._with_all(device, place, door, "clear", "PUT", {"seq": seq})

    async def _drop(self, device: Device, number: int, seq: int, door: str) -> None:
        place = self._place_of(device, number)
        last = max([seq for seq, _ in self.said.get(place, [])], default=0)
        given = {"seq": last if seq < 9 else seq, "dropped": True}
        await self._with_all(device, place, door, "clear", "PUT", given)

    async def _unclear(self, device: Device, number: int, _seq: int, door: str) -> None:
        place = self._place_of(device, number)
        await self._with_all(device, place, door, "unclear", "DELETE", {})

    async def _with_all(
        self, device: Device, place: str, door: str, call: str, method: str, given: dict[str, Any]
    ) -> None:
        if door == "socket" and device.caller is not None:
            assert (await device.caller.call(call, {"conversation": place, **given}))["ok"]
        else:
            path = f"/conversations/{place}/cleared"
            answer = await device.person.http.request(method, path, json=given or None)
            assert answer.is_success, answer.text

    async def _restore(self, device: Device, number: int, seq: int, door: str) -> None:
        await self._for_oneself(device, number, seq, door, "restore", "restored")

    async def _for_oneself(
        self, device: Device, number: int, seq: int, door: str, call: str, path: str
    ) -> None:
        place = self._place_of(device, number)
        seq, _ = self._message(place, seq)
        if door == "socket" and device.caller is not None:
            argument = {"conversation": place, "seqs": [seq]}
            _check(await device.caller.call(call, argument))
        else:
            answer = await device.person.http.post(
                f"/conversations/{place}/{path}", json={"seqs": [seq]}
            )
            _check(answer.json() | {"ok": answer.is_success})

    async def _change(
        self,
        device: Device,
        number: int,
        seq: int,
        door: str,
        call: str,
        method: str,
        path: str,
        given: dict[str, Any],
    ) -> None:
        place = self._place_of(device, number)
        seq, author = self._message(place, seq)
        if author is not None and call in ("edit", "delete"):
            device = self._device_of(author, device)
        if door == "socket" and device.caller is not None:
            argument = {"conversation": place, "seq": seq, **given}
            _check(await device.caller.call(call, argument))
        else:
            answer = await device.person.http.request(
                method,
                f"/conversations/{place}/messages/{seq}{path}",
                json=given if method == "PATCH" else None,
            )
            _check(answer.json() | {"ok": answer.is_success})

    async def _deliver(self, device: Device, number: int, seq: int) -> None:
        place = self._place_of(device, number)
        if device.caller is not None:
            assert (await device.caller.call("delivered", {"conversation": place, "seq": seq}))[
                "ok"
            ]
        else:
            await device.person.put(f"/conversations/{place}/delivered", {"seq": seq})

    async def _own(self, device: Device, number: int, name: str) -> None:
        path = f"/conversations/{self._place_of(device, number)}"
        now = (await device.person.get(path))["conversation"][name]
        await device.person.patch(path, {name: not now})

    async def _draft(self, device: Device, number: int, draft: str) -> None:
        path = f"/conversations/{self._place_of(device, number)}"
        await device.person.patch(path, {"draft": draft})

    async def _arrive(self, device: Device, seed: int) -> None:
        await device.take_with_trouble(seed)

    async def _cut(self, device: Device) -> None:
        await device.cut()

    async def _return(self, device: Device) -> None:
        await device.come_back()


def _check(answer: dict[str, Any]) -> None:
    refusal = answer.get("error", answer)
    assert answer["ok"] or refusal["code"] in REFUSALS, answer


async def _until(device: Device, event: str, place: str, fits: Any) -> None:
    assert device.caller is not None
    async with asyncio.timeout(20):
        while not any(
            name == event and payload["conversation"] == place and fits(payload)
            for name, payload in device.caller.events
        ):
            await asyncio.sleep(0.005)


@dataclass
class Theatre:
    """A server, and the loop on which all of it runs.

    Attributes:
        plays: How many lists of steps are tried; the slower database gets fewer.
        bases: The addresses of its processes.
    """

    runner: asyncio.Runner
    base: str
    plays: int
    bases: Sequence[str]

    def stage(self, kind: type[ModelClient] = ModelClient) -> Stage:
        """Return a new stage on it."""
        return Stage(self.base, kind, self.bases)


@pytest.fixture
def theatre(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Theatre]:
    """Hypothesis calls plain functions: the loop is ours, and stands still in between."""
    monkeypatch.setattr(sync, "PAGE", PAGE)
    running = Running(settings_for(tmp_path / "data", database_url))

    with asyncio.Runner() as runner:
        base = runner.run(running.start())
        plays = PLAYS if "sqlite" in database_url else PLAYS // 2
        yield Theatre(runner, base, plays, running.addresses)
        runner.run(running.stop())


async def _troubled(stage: Stage, steps: list[Step]) -> None:
    await stage.set()
    try:
        await stage.play(steps)
        for device in stage.all_devices():
            await device.take_with_trouble(0)
            await device.come_back()
        await stage.check()
    finally:
        await stage.end()


async def _quiet(stage: Stage, steps: list[Step]) -> None:
    await stage.set()
    try:
        caught_up = [device.client.syncs for device in stage.all_devices()]
        await stage.play(steps)
        await stage.settle()
        for device in stage.all_devices():
            await device.take_all()
        await stage.check()
        assert [device.client.syncs for device in stage.all_devices()] == caught_up
    finally:
        await stage.end()


def test_whatever_is_lost_doubled_or_mixed_up_coming_back_makes_equal(theatre: Theatre) -> None:
    @settings(max_examples=theatre.plays, deadline=None, suppress_health_check=list(HealthCheck))
    @given(TROUBLED)
    def law(steps: list[Step]) -> None:
        theatre.runner.run(_troubled(theatre.stage(), steps))

    law()


def test_when_nothing_is_lost_events_alone_keep_devices_equal(theatre: Theatre) -> None:
    @settings(
        max_examples=theatre.plays // 2, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(QUIET)
    def law(steps: list[Step]) -> None:
        theatre.runner.run(_quiet(theatre.stage(), steps))

    law()


@on_one_database
def test_a_client_that_ignores_versions_breaks_the_law(theatre: Theatre) -> None:
    here, there = (0, 0), (1, 0)
    seed = next(seed for seed in range(100) if _loses_the_first_of_two(seed))
    steps: list[Step] = [
        ("post", here, 0, "rest"),
        ("post", here, 0, "rest"),
        ("arrive", there, seed),
    ]

    async def play(kind: type[ModelClient]) -> None:
        stage = theatre.stage(kind)
        await stage.set()
        try:
            await stage.play(steps[:2])
            for device in stage.all_devices():
                assert device.caller is not None
                await device.caller.until("message", 2)
            await stage.play(steps[2:])
            for device in stage.all_devices():
                await device.come_back()
            await stage.check()
        finally:
            await stage.end()

    theatre.runner.run(play(ModelClient))
    with pytest.raises(AssertionError):
        theatre.runner.run(play(Careless))


def _loses_the_first_of_two(seed: int) -> bool:
    chance = random.Random(seed)
    return [chance.random() > 0.3 for _ in range(2)] == [False, True]


ONE, OTHER = (0, 0), (1, 1)
EACH: list[Step] = [
    ("post", ONE, 0, "socket"),
    ("post", ONE, 6, "rest"),
    ("post", ONE, 2, "rest"),
    ("post", OTHER, 4, "socket"),
    ("own", OTHER, 0, "muted"),
    ("edit", ONE, 0, 1, "socket"),
    ("edit", ONE, 0, 2, "rest"),
    ("react", OTHER, 0, 0, "rest"),
    ("react", OTHER, 8, 0, "socket"),
    ("pin", OTHER, 0, 0, "socket"),
    ("hide", (2, 0), 0, 1, "rest"),
    ("own", (2, 1), 0, "pinned"),
    ("delete", ONE, 0, 2, "rest"),
    ("delete", ONE, 0, 3, "rest"),
    ("own", OTHER, 0, "archived"),
    ("delete", ONE, 0, 0, "socket"),
]
"""Each kind of change to a message, some of them after the unread ones were counted."""

CLEARED: list[Step] = [
    ("post", ONE, 0, "rest"),
    ("post", ONE, 2, "rest"),
    ("clear", (2, 0), 0, 0, "rest"),
    ("drop", OTHER, 0, 0, "socket"),
    ("react", ONE, 0, 1, "rest"),
]
"""What someone clears for themselves, and what happens to it afterwards."""

BACK: list[Step] = [
    ("hide", OTHER, 0, 2, "rest"),
    ("restore", OTHER, 0, 2, "socket"),
    ("restore", (2, 1), 0, 1, "rest"),
    ("hide", OTHER, 0, 2, "rest"),
    ("hide", ONE, 0, 1, "rest"),
    ("restore", ONE, 0, 1, "socket"),
    ("clear", OTHER, 0, 1, "rest"),
    ("drop", OTHER, 0, 1, "socket"),
    ("unclear", OTHER, 0, 0, "rest"),
    ("drop", ONE, 0, 0, "rest"),
    ("post", OTHER, 0, "rest"),
    ("clear", (2, 0), 0, 2, "socket"),
    ("unclear", (2, 1), 0, 0, "socket"),
]
"""What was deleted for oneself is taken back, for a device that is away, too."""


def test_each_kind_of_change_keeps_devices_equal(theatre: Theatre) -> None:
    theatre.runner.run(_quiet(theatre.stage(), EACH))
    theatre.runner.run(_quiet(theatre.stage(), CLEARED))
    cut: list[Step] = [("cut", OTHER), *EACH, *BACK, ("arrive", ONE, 3)]
    theatre.runner.run(_troubled(theatre.stage(), cut))


class Forgetful(ModelClient):
    """A client that goes on counting what was deleted: it must break the law."""

    def _message(self, event: Any) -> bool:
        known = super()._message(event)
        held = self.held.get(event["conversation"])
        if held is not None:
            held.deleted.clear()
        return known


@on_one_database
def test_a_client_that_counts_what_was_deleted_breaks_the_law(theatre: Theatre) -> None:
    with pytest.raises(AssertionError):
        theatre.runner.run(_quiet(theatre.stage(Forgetful), EACH))


class Hoarding(ModelClient):
    """A client that keeps what its person cleared: it must break the law."""

    def _own(self, event: Any) -> bool:
        held = self.held[event["conversation"]]
        kept = dict(held.messages)
        known = super()._own(event)
        held.messages |= kept
        return known


@on_one_database
def test_a_client_that_keeps_what_was_cleared_breaks_the_law(theatre: Theatre) -> None:
    with pytest.raises(AssertionError):
        theatre.runner.run(_quiet(theatre.stage(Hoarding), CLEARED))
