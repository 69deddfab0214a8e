"""The event `contact`: what a device held, plus the events, equals what it fetches afresh."""

import random
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from echosphere.contacts import ContactsLive
from echosphere.realtime.delivery import FanOut, ToUser
from echosphere.realtime.socketio import Audiences
from tests.doors import PASSWORD, Browser, House


class Collected(FanOut):
    """The fan-out, with what is for each person taken down instead of sent."""

    def __init__(self, audiences: Audiences) -> None:
        super().__init__(audiences, _no_members)
        ContactsLive().serve(self)

    def deliveries(self, events: Sequence[Any]) -> list[ToUser]:
        return [
            delivery
            for event in events
            if (encoder := self._encoders.get(type(event)))
            for delivery in encoder(event)
            if isinstance(delivery, ToUser)
        ]


class Device:
    """What a client holds of contacts and requests, as it applies the events."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contacts: dict[str, Any] = {}
        self.requests: dict[str, Any] = {}
        self.sent: dict[str, Any] = {}
        self.blocked: set[str] = set()

    def apply(self, payload: dict[str, Any]) -> None:
        if "request" in payload:
            self.requests[payload["request"]["id"]] = payload["request"]
        if "contact" in payload:
            self.contacts[payload["contact"]["user"]["id"]] = payload["contact"]
        if "withdrawn" in payload:
            self.requests.pop(payload["withdrawn"], None)
        if "sent" in payload:
            self.sent[payload["sent"]["id"]] = payload["sent"]
        if "unsent" in payload:
            self.sent.pop(payload["unsent"], None)
        if "removed" in payload:
            self.contacts.pop(payload["removed"], None)
        if "blocked" in payload:
            change = self.blocked.add if payload["on"] else self.blocked.discard
            change(payload["blocked"])

    async def fresh(self) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any], set[str]]:
        contacts = (await self.browser.get("/contacts"))[1]["contacts"]
        requests = (await self.browser.get("/contacts/requests"))[1]["requests"]
        sent = (await self.browser.get("/contacts/sent-requests"))[1]["requests"]
        blocks = (await self.browser.get("/blocks"))[1]["blocks"]
        return (
            {one["user"]["id"]: one for one in contacts},
            {one["id"]: one for one in requests},
            {one["id"]: one for one in sent},
            {one["id"] for one in blocks},
        )


async def test_events_are_for_those_concerned_only(house: House) -> None:
    ana, ben = await house.person("Ana"), await house.person("Ben")
    await house.person("Olga")
    await ana.post("/contacts", {"email": ben.email})
    sent, told = _told(house)
    assert (told.user_id, told.event) == (ben.id, "contact")
    (request,) = (await ben.get("/contacts/requests"))[1]["requests"]
    assert _content(told) == {"request": request}
    (kept,) = (await ana.get("/contacts/sent-requests"))[1]["requests"]
    assert (sent.user_id, _content(sent)) == (ana.id, {"sent": kept})
    house.events.clear()
    await ben.post(f"/contacts/requests/{request['id']}", {"accept": True})
    by_person = {(told.user_id, *_content(told)) for told in _told(house)}
    assert by_person == {
        (ben.id, "withdrawn"),
        (ben.id, "contact"),
        (ana.id, "unsent"),
        (ana.id, "contact", "accepted"),
    }


async def test_a_declined_request_is_not_told_to_who_asked(house: House) -> None:
    ana, ben = await house.person("Ana"), await house.person("Ben")
    await ana.post("/contacts", {"email": ben.email})
    (request,) = (await ben.get("/contacts/requests"))[1]["requests"]
    house.events.clear()
    await ben.post(f"/contacts/requests/{request['id']}", {"accept": False})
    assert [told.user_id for told in _told(house)] == [ben.id]


async def test_a_new_name_is_told_to_contacts_with_what_each_may_see(house: House) -> None:
    ana, ben = await house.contacts()
    await ben.patch("/me", {"name": "Benjamin"})
    (told,) = _told(house)
    assert told.user_id == ana.id
    assert _content(told) == {"contact": (await ana.get("/contacts"))[1]["contacts"][0]}
    house.events.clear()
    await ana.patch("/me", {"settings": {"size": 1}})
    assert _told(house) == []


async def test_a_new_name_is_told_to_those_who_are_asked(house: House) -> None:
    ana, ben = await house.person("Ana"), await house.person("Ben")
    blocker = await house.person("Carla")
    await house.meet(ana, blocker)
    await blocker.put(f"/blocks/{ana.id}")
    for email in (ben.email, blocker.email, "nobody@example.org"):
        await ana.post("/contacts", {"email": email})
    house.events.clear()
    await ana.patch("/me", {"name": "Anna"})
    (told,) = _told(house)
    assert told.user_id == ben.id
    assert _content(told) == {"request": (await ben.get("/contacts/requests"))[1]["requests"][0]}


async def test_a_block_is_told_to_the_one_who_blocks_and_to_no_one_else(house: House) -> None:
    ana, ben = await house.person("Ana"), await house.person("Ben")
    house.events.clear()
    await house.meet(ana, ben)
    await ana.put(f"/blocks/{ben.id}")
    await ana.delete(f"/blocks/{ben.id}")
    told = [(told.user_id, _content(told)) for told in _told(house)]
    assert told == [(ana.id, {"blocked": ben.id, "on": on}) for on in (True, False)]


@pytest.mark.parametrize("seed", range(3))
async def test_old_state_plus_events_equals_fresh_state(house: House, seed: int) -> None:
    chance = random.Random(seed)
    people = [await house.person(name) for name in ("Ana", "Ben", "Carla", "Dora")]
    devices = {person.id: Device(person) for person in people}
    house.events.clear()
    for step in range(60):
        await _something(chance, people, devices, step)
        for told in _told(house):
            devices[told.user_id].apply(_content(told))
        house.events.clear()
    await people[3].delete("/me", {"password": PASSWORD})
    for told in _told(house):
        devices[told.user_id].apply(_content(told))
    for device in list(devices.values())[:3]:
        held = (device.contacts, device.requests, device.sent, device.blocked)
        assert held == await device.fresh()


async def _something(
    chance: random.Random, people: list[Browser], devices: dict[str, Device], step: int
) -> None:
    one, other = chance.sample(people, 2)
    deeds = ["ask", "ask", "ask", "accept", "accept", "decline", "withdraw", "remove", "name"]
    deed = chance.choice(deeds)
    requests = list(devices[one.id].requests)
    if deed == "ask":
        await one.post("/contacts", {"email": other.email})
    elif deed == "withdraw" and (sent := list(devices[one.id].sent)):
        assert (await one.delete(f"/contacts/sent-requests/{chance.choice(sent)}"))[0] == 204
    elif deed in ("accept", "decline") and requests:
        answer = {"accept": deed == "accept"}
        status, _ = await one.post(f"/contacts/requests/{chance.choice(requests)}", answer)
        assert status in (200, 204)
    elif deed == "remove" and chance.random() < 0.5:
        await one.delete(f"/contacts/{other.id}")
    elif deed == "remove":
        await one.put(f"/blocks/{other.id}")
        if chance.random() < 0.7:
            await one.delete(f"/blocks/{other.id}")
    elif deed == "name":
        assert (await one.patch("/me", {"name": f"Person {step}"}))[0] == 200


def _told(house: House) -> list[ToUser]:
    return Collected(Audiences()).deliveries(house.events)


def _content(told: ToUser) -> dict[str, Any]:
    content: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(told.payload))
    return content


async def _no_members(_conversation: str) -> tuple[int, frozenset[str]]:
    return 0, frozenset()
