"""Accepting and declining requests, removing and blocking people."""

from echosphere.contacts import are_contacts, filter_contacts, is_blocked_between
from echosphere.contacts.send_request import NO_USER
from tests.doors import PASSWORD, Browser, House


async def test_who_accepts_and_who_asked_are_contacts(house: House) -> None:
    ana, ben, request = await _asked(house)
    status, body = await ben.post(f"/contacts/requests/{request}", {"accept": True})
    assert status == 200
    assert (await ben.get("/contacts"))[1] == {"contacts": [body["contact"]]}
    assert body["contact"]["user"]["id"] == ana.id
    assert (await ben.get("/contacts/requests"))[1] == {"requests": []}
    assert await house.database.read(are_contacts, ana.id, ben.id)
    assert await house.database.read(are_contacts, ben.id, ana.id)


async def test_only_who_added_by_an_address_sees_it(house: House) -> None:
    ana, ben = await house.contacts()
    (bens,) = (await ana.get("/contacts"))[1]["contacts"]
    (anas,) = (await ben.get("/contacts"))[1]["contacts"]
    assert bens["user"]["email"] == "ben@example.org"
    assert "email" not in anas["user"]


async def test_a_declined_request_is_gone_and_may_be_made_again(house: House) -> None:
    ana, ben, request = await _asked(house)
    assert await ben.post(f"/contacts/requests/{request}", {"accept": False}) == (204, None)
    assert (await ben.get("/contacts/requests"))[1] == {"requests": []}
    assert not await house.database.read(are_contacts, ana.id, ben.id)
    await ana.post("/contacts", {"email": ben.email})
    assert len((await ben.get("/contacts/requests"))[1]["requests"]) == 1


async def test_a_request_is_answered_by_the_person_it_asks_only(house: House) -> None:
    ana, ben, request = await _asked(house)
    outsider = await house.person("Olga")
    unknown = await outsider.post("/contacts/requests/nothing", {"accept": True})
    for person in (outsider, ana):
        assert await person.post(f"/contacts/requests/{request}", {"accept": True}) == unknown
    assert (unknown[0], unknown[1]["code"]) == (404, "not_found")
    assert (await ben.post(f"/contacts/requests/{request}", {"accept": True}))[0] == 200
    assert (await ben.post(f"/contacts/requests/{request}", {"accept": True}))[0] == 404


async def test_an_answer_is_yes_or_no(house: House) -> None:
    _, ben, request = await _asked(house)
    refused: list[object] = [{}, {"accept": 1}, {"accept": "yes"}, {"accept": None}, [], None]
    for wrong in refused:
        assert (await ben.post(f"/contacts/requests/{request}", wrong))[0] == 400
    assert len((await ben.get("/contacts/requests"))[1]["requests"]) == 1


async def test_a_removed_contact_is_gone_on_both_sides(house: House) -> None:
    ana, ben = await house.contacts()
    assert (await ana.delete(f"/contacts/{ben.id}"))[0] == 204
    for person in (ana, ben):
        assert (await person.get("/contacts"))[1] == {"contacts": []}
    assert (await ana.delete(f"/contacts/{ben.id}"))[0] == 404


async def test_a_user_who_is_not_a_contact_cannot_be_removed_and_need_not_exist(
    house: House,
) -> None:
    ana, ben = await house.contacts()
    outsider = await house.person("Olga")
    stranger = await outsider.delete(f"/contacts/{ben.id}")
    assert stranger == await outsider.delete("/contacts/nobody")
    assert stranger[0] == 404
    assert (await ana.get("/contacts"))[1]["contacts"]


async def test_a_block_ends_the_contact_and_hides_requests(house: House) -> None:
    ana, ben = await house.contacts()
    assert (await ben.put(f"/blocks/{ana.id}"))[0] == 204
    assert (await ben.put(f"/blocks/{ana.id}"))[0] == 204
    for person in (ana, ben):
        assert (await person.get("/contacts"))[1] == {"contacts": []}
    for user, other in ((ana.id, ben.id), (ben.id, ana.id)):
        assert await house.database.read(is_blocked_between, user, other)
    house.events.clear()
    assert await ana.post("/contacts", {"email": ben.email}) == (202, {})
    assert (await ben.get("/contacts/requests"))[1] == {"requests": []}
    assert {event.user_id for event in house.events} - {NO_USER} == {ana.id}


async def test_a_block_withdraws_requests_in_both_directions(house: House) -> None:
    ana, ben, request = await _asked(house)
    await ben.put(f"/blocks/{ana.id}")
    assert (await ben.post(f"/contacts/requests/{request}", {"accept": True}))[0] == 404
    await ben.delete(f"/blocks/{ana.id}")
    assert (await ben.get("/contacts/requests"))[1] == {"requests": []}


async def test_two_who_ask_across_a_block_are_no_contacts(house: House) -> None:
    ana, ben = await house.person("Ana"), await house.person("Ben")
    await house.meet(ana, ben)
    await ben.put(f"/blocks/{ana.id}")
    await ana.post("/contacts", {"email": ben.email})
    await ben.post("/contacts", {"email": ana.email})
    for person in (ana, ben):
        assert (await person.get("/contacts"))[1] == {"contacts": []}
        assert (await person.get("/contacts/requests"))[1] == {"requests": []}


async def test_requests_that_waited_behind_a_block_cross_into_one_contact(house: House) -> None:
    ana, ben = await house.person("Ana"), await house.person("Ben")
    await house.meet(ana, ben)
    await ben.put(f"/blocks/{ana.id}")
    await ana.post("/contacts", {"email": ben.email})
    await ben.post("/contacts", {"email": ana.email})
    await ben.delete(f"/blocks/{ana.id}")
    (request,) = (await ben.get("/contacts/requests"))[1]["requests"]
    await ben.post(f"/contacts/requests/{request['id']}", {"accept": True})
    for person, other in ((ana, ben), (ben, ana)):
        assert (await person.get("/contacts/requests"))[1] == {"requests": []}
        (contact,) = (await person.get("/contacts"))[1]["contacts"]
        assert contact["user"]["email"] == other.email


async def test_blocks_are_listed_for_who_made_them_and_undone_by_them_only(house: House) -> None:
    ana, ben = await house.contacts()
    await ben.put(f"/blocks/{ana.id}")
    assert [user["id"] for user in (await ben.get("/blocks"))[1]["blocks"]] == [ana.id]
    assert (await ana.get("/blocks"))[1] == {"blocks": []}
    assert (await ana.delete(f"/blocks/{ben.id}"))[0] == 204
    assert await house.database.read(is_blocked_between, ana.id, ben.id)
    assert (await ben.delete(f"/blocks/{ana.id}"))[0] == 204
    assert not await house.database.read(is_blocked_between, ana.id, ben.id)


async def test_who_was_a_contact_can_be_blocked_without_a_conversation(house: House) -> None:
    """Ben blocked Ana, or removed her: she knows him and may keep him away in her turn."""
    ana, ben = await house.contacts()
    await ben.put(f"/blocks/{ana.id}")
    assert (await ana.put(f"/blocks/{ben.id}"))[0] == 204
    await ben.delete(f"/blocks/{ana.id}")
    await ben.post("/contacts", {"email": ana.email})
    assert (await ana.get("/contacts/requests"))[1] == {"requests": []}
    assert [user["id"] for user in (await ana.get("/blocks"))[1]["blocks"]] == [ben.id]
    carla = await house.person("Carla")
    await ana.post("/contacts", {"email": carla.email})
    (request,) = (await carla.get("/contacts/requests"))[1]["requests"]
    await carla.post(f"/contacts/requests/{request['id']}", {"accept": True})
    await carla.delete(f"/contacts/{ana.id}")
    assert (await ana.put(f"/blocks/{carla.id}"))[0] == 204
    assert (await carla.put(f"/blocks/{ana.id}"))[0] == 204


async def test_a_block_lets_no_stranger_block_back(house: House) -> None:
    """Olga asked by an address; that it was Ben's, who blocked her, she does not learn."""
    ben, olga = await house.person("Ben"), await house.person("Olga")
    await olga.post("/contacts", {"email": ben.email})
    assert (await ben.put(f"/blocks/{olga.id}"))[0] == 204
    blocked = await olga.put(f"/blocks/{ben.id}")
    assert blocked == await olga.put("/blocks/nobody")
    assert blocked[0] == 404
    assert (await olga.get("/blocks"))[1] == {"blocks": []}


async def test_of_a_closed_account_no_former_contact_is_left(house: House) -> None:
    ana, ben = await house.contacts()
    await ana.delete(f"/contacts/{ben.id}")
    assert (await ben.delete("/me", {"password": PASSWORD}))[0] == 204
    assert (await ana.put(f"/blocks/{ben.id}"))[0] == 404


async def test_who_does_not_exist_cannot_be_blocked_and_no_one_blocks_themselves(
    house: House,
) -> None:
    ana = await house.person("Ana")
    assert (await ana.put("/blocks/nobody"))[0] == 404
    assert (await ana.put(f"/blocks/{ana.id}"))[0] == 400


async def test_contacts_are_told_apart_from_strangers(house: House) -> None:
    ana, ben = await house.contacts()
    outsider = await house.person("Olga")
    everybody = [ana.id, ben.id, outsider.id, "nobody"]
    assert await house.database.read(filter_contacts, ana.id, everybody) == {ben.id}
    assert await house.database.read(filter_contacts, outsider.id, everybody) == set()
    assert await house.database.read(filter_contacts, ana.id, []) == set()


async def test_a_closed_account_is_no_ones_contact(house: House) -> None:
    ana, ben = await house.contacts()
    carla = await house.person("Carla")
    await ben.post("/contacts", {"email": carla.email})
    await carla.put(f"/blocks/{ben.id}")
    await carla.delete(f"/blocks/{ben.id}")
    await ben.post("/contacts", {"email": carla.email})
    assert (await ben.delete("/me", {"password": PASSWORD}))[0] == 204
    assert (await ana.get("/contacts"))[1] == {"contacts": []}
    assert (await carla.get("/contacts/requests"))[1] == {"requests": []}
    assert (await ana.delete(f"/contacts/{ben.id}"))[0] == 404


async def _asked(house: House) -> tuple[Browser, Browser, str]:
    ana, ben = await house.person("Ana"), await house.person("Ben")
    await ana.post("/contacts", {"email": ben.email})
    (request,) = (await ben.get("/contacts/requests"))[1]["requests"]
    house.events.clear()
    return ana, ben, request["id"]
