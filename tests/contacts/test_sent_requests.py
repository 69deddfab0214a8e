"""Sent requests: listed by what was typed, withdrawn, and silent about answers."""

from typing import Any

from echosphere.contacts import ContactChanged
from tests.doors import PASSWORD, Browser, House


async def sent(person: Browser) -> list[dict[str, Any]]:
    """Return the requests that a person sent."""
    found: list[dict[str, Any]] = (await person.get("/contacts/sent-requests"))[1]["requests"]
    return found


async def received(person: Browser) -> list[dict[str, Any]]:
    """Return the requests that wait for a person's answer."""
    found: list[dict[str, Any]] = (await person.get("/contacts/requests"))[1]["requests"]
    return found


async def test_the_list_looks_the_same_whoever_holds_the_address_and_whatever_they_did(
    house: House,
) -> None:
    ana = await house.person("Ana")
    stranger, decliner, blocker, blocker_later, closed = [
        await house.person(name) for name in ("Ben", "Carla", "Dora", "Emil", "Fred")
    ]
    await house.meet(ana, blocker)
    await blocker.put(f"/blocks/{ana.id}")
    people = (stranger, decliner, blocker, blocker_later, closed)
    for email in (*(one.email for one in people), "nobody@example.org"):
        await ana.post("/contacts", {"email": email})
    (request,) = await received(decliner)
    await decliner.post(f"/contacts/requests/{request['id']}", {"accept": False})
    await blocker_later.put(f"/blocks/{ana.id}")
    assert (await closed.delete("/me", {"password": PASSWORD}))[0] == 204
    before = await sent(ana)
    assert [one["email"] for one in before] == [
        "nobody@example.org",
        *(one.email for one in reversed(people)),
    ]
    for one in before:
        assert set(one) == {"id", "email", "user", "created_at", "body"}
        assert (one["user"], one["body"]) == (None, None)

    for one in before:  # asking again tells nothing either
        await ana.post("/contacts", {"email": one["email"]})
    assert await sent(ana) == before


async def test_a_request_is_taken_back_on_both_sides_and_may_be_made_again(house: House) -> None:
    ana, ben = await house.person("Ana"), await house.person("Ben")
    await ana.post("/contacts", {"email": ben.email})
    (request,) = await sent(ana)
    assert (await ana.delete(f"/contacts/sent-requests/{request['id']}"))[0] == 204
    assert (await sent(ana), await received(ben)) == ([], [])
    assert (await ana.delete(f"/contacts/sent-requests/{request['id']}"))[0] == 404
    late = await ben.post(f"/contacts/requests/{request['id']}", {"accept": True})
    assert late[0] == 404
    await ana.post("/contacts", {"email": ben.email})
    assert len(await received(ben)) == 1


async def test_only_who_sent_a_request_takes_it_back(house: House) -> None:
    ana, ben, olga = [await house.person(name) for name in ("Ana", "Ben", "Olga")]
    await ana.post("/contacts", {"email": ben.email})
    (request,) = await sent(ana)
    unknown = await olga.delete("/contacts/sent-requests/nothing")
    assert unknown[0] == 404
    for person in (ben, olga):
        assert await person.delete(f"/contacts/sent-requests/{request['id']}") == unknown
    assert len(await received(ben)) == 1


async def test_who_asked_is_told_that_they_were_accepted_and_the_list_is_empty(
    house: House,
) -> None:
    ana, ben = await house.person("Ana"), await house.person("Ben")
    await ana.post("/contacts", {"email": ben.email})
    (request,) = await received(ben)
    house.events.clear()
    await ben.post(f"/contacts/requests/{request['id']}", {"accept": True})
    changed = {one.user_id: one.accepted for one in house.events if isinstance(one, ContactChanged)}
    assert changed == {ana.id: "request", ben.id: None}
    assert await sent(ana) == []


async def test_what_one_blocks_is_not_asked_any_more(house: House) -> None:
    ana, ben = await house.person("Ana"), await house.person("Ben")
    await house.meet(ana, ben)
    await ana.post("/contacts", {"email": ben.email})
    await ana.put(f"/blocks/{ben.id}")
    assert (await sent(ana), await received(ben)) == ([], [])
