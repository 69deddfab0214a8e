"""Sending someone a contact request by e-mail address."""

from typing import Any

import pytest

from echosphere.contacts.events import ContactChanged, ContactRequested
from echosphere.database import Snapshot, Transaction
from tests.doors import House


async def test_a_request_arrives_with_who_asks_but_without_their_address(house: House) -> None:
    ana, ben = await house.person("Ana"), await house.person("Ben")
    assert await ana.post("/contacts", {"email": " BEN@example.org "}) == (202, {})
    status, body = await ben.get("/contacts/requests")
    (request,) = body["requests"]
    assert status == 200
    assert set(request) == {"id", "user", "created_at", "body"}
    nothing = {"about": "", "avatar_url": None, "status": None, "kind": "person"}
    assert request["user"] == {"id": ana.id, "name": "Ana"} | nothing
    assert (await ana.get("/contacts/requests"))[1] == {"requests": []}


async def test_a_request_to_an_unknown_address_waits_until_that_person_registers(
    house: House,
) -> None:
    ana = await house.person("Ana")
    assert await ana.post("/contacts", {"email": "ben@example.org"}) == (202, {})
    ben = await house.person("Ben")
    (request,) = (await ben.get("/contacts/requests"))[1]["requests"]
    assert request["user"]["id"] == ana.id
    assert (await ben.post(f"/contacts/requests/{request['id']}", {"accept": True}))[0] == 200
    assert (await ana.get("/contacts"))[1]["contacts"][0]["user"]["id"] == ben.id


async def test_the_answer_tells_nothing_about_the_holder_of_an_address(house: House) -> None:
    ana, contact = await house.contacts()
    blocker, stranger = await house.person("Carla"), await house.person("Dora")
    await house.meet(ana, blocker)
    await blocker.put(f"/blocks/{ana.id}")
    answers = [
        await ana.post("/contacts", {"email": email})
        for email in (contact.email, blocker.email, stranger.email, "nobody@example.org")
    ]
    again = await ana.post("/contacts", {"email": stranger.email})
    assert [*answers, again] == [(202, {})] * 5


async def test_asking_costs_the_same_whoever_holds_the_address(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana, stranger, blocker = [await house.person(name) for name in ("Ana", "Ben", "Carla")]
    await house.meet(ana, blocker)
    await blocker.put(f"/blocks/{ana.id}")
    await ana.get("/me")  # from here on she is recognised without a look into the database
    statements: list[str] = []
    for name in ("execute", "_run"):
        _note_calls(monkeypatch, Snapshot, name, statements)
    _note_calls(monkeypatch, Transaction, "execute", statements)
    costs = []
    for email in (stranger.email, blocker.email, "nobody@example.org"):
        before = len(statements)
        await ana.post("/contacts", {"email": email})
        costs.append(statements[before:])
    assert costs[0] == costs[1] == costs[2]
    assert len(costs[0]) > 5


def _note_calls(monkeypatch: pytest.MonkeyPatch, kind: type, name: str, noted: list[str]) -> None:
    method = getattr(kind, name)

    def call(*given: Any) -> Any:
        noted.append(name)
        return method(*given)

    monkeypatch.setattr(kind, name, call)


async def test_asking_twice_is_asking_once(house: House) -> None:
    ana, ben = await house.person("Ana"), await house.person("Ben")
    for _ in range(3):
        await ana.post("/contacts", {"email": ben.email})
    assert len((await ben.get("/contacts/requests"))[1]["requests"]) == 1
    assert sum(isinstance(event, ContactRequested) for event in house.events) == 1


async def test_two_who_ask_each_other_are_contacts_at_once(house: House) -> None:
    ana, ben = await house.person("Ana"), await house.person("Ben")
    await ana.post("/contacts", {"email": ben.email})
    assert await ben.post("/contacts", {"email": ana.email}) == (202, {})
    seen = {}
    for person in (ana, ben):
        (contact,) = (await person.get("/contacts"))[1]["contacts"]
        seen[person.email] = (contact["user"]["id"], contact["user"]["email"])
        assert (await person.get("/contacts/requests"))[1] == {"requests": []}
    assert seen == {ana.email: (ben.id, ben.email), ben.email: (ana.id, ana.email)}
    assert {event.user_id for event in house.events if isinstance(event, ContactChanged)} == {
        ana.id,
        ben.id,
    }


async def test_a_contact_who_is_asked_again_sees_no_request(house: House) -> None:
    ana, ben = await house.contacts()
    for asker, asked in ((ana, ben), (ben, ana)):
        assert await asker.post("/contacts", {"email": asked.email}) == (202, {})
        assert (await asked.get("/contacts/requests"))[1] == {"requests": []}
    assert house.events == []


async def test_no_one_adds_themselves(house: House) -> None:
    ana = await house.person("Ana")
    status, body = await ana.post("/contacts", {"email": "Ana@Example.org"})
    assert (status, list(body["fields"])) == (400, ["email"])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": None},
        {"email": 1},
        {"email": ["ben@example.org"]},
        {"email": "ben"},
        {"email": "ben@example.org\0"},
        {"email": "x" * 2_000 + "@example.org"},
        {"email": "ben@example.org", "name": "x"},
        [],
        None,
    ],
)
async def test_invalid_addresses_are_refused(house: House, body: object) -> None:
    ana = await house.person("Ana")
    status, answer = await ana.post("/contacts", body)
    assert (status, answer["code"]) == (400, "invalid")


async def test_a_person_asks_twenty_times_an_hour(strict_house: House) -> None:
    ana, ben = await strict_house.person("Ana"), await strict_house.person("Ben")
    asked = [
        (await ana.post("/contacts", {"email": f"p{number}@example.org"}))[0]
        for number in range(21)
    ]
    assert asked == [202] * 20 + [429]
    assert (await ben.post("/contacts", {"email": ana.email}))[0] == 202


async def test_without_a_session_nothing_is_told(house: House) -> None:
    ana, ben = await house.contacts()
    stranger = house.browser()
    answers = [
        await stranger.get("/contacts"),
        await stranger.get("/contacts/requests"),
        await stranger.get("/blocks"),
        await stranger.post("/contacts", {"email": ana.email}),
        await stranger.post("/contacts/requests/x", {"accept": True}),
        await stranger.delete(f"/contacts/{ben.id}"),
        await stranger.put(f"/blocks/{ben.id}"),
        await stranger.delete(f"/blocks/{ben.id}"),
    ]
    assert {(status, body["code"]) for status, body in answers} == {(401, "unauthorized")}
