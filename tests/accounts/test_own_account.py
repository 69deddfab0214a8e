"""What a person does with their own account: profile, password, closing it."""

import pytest

from echosphere.accounts import (
    AccountClosed,
    ProfileChanged,
    SecurityEvent,
    SessionEnded,
    users_by_id,
)
from tests.doors import OTHER_PASSWORD, PASSWORD, House
from tests.owners import add_owner

CHANGE = {"current": PASSWORD, "new": OTHER_PASSWORD}


async def test_what_is_given_changes_and_the_rest_stays(house: House) -> None:
    ana = await house.person("Ana")
    house.events.clear()
    status, body = await ana.patch("/me", {"about": "Likes  birds\u202e\nand boats"})
    assert status == 200
    assert body == (await ana.get("/me"))[1]
    assert body["user"]["about"] == "Likes  birds\nand boats"
    assert body["user"]["name"] == "Ana"
    assert house.events == [ProfileChanged(ana.id)]


async def test_settings_are_kept_one_by_one_and_forgotten_by_null(house: House) -> None:
    ana = await house.person("Ana")
    await ana.patch("/me", {"settings": {"enter_sends": True, "colours": "dark", "size": 3}})
    status, body = await ana.patch("/me", {"settings": {"colours": None, "size": 4}})
    assert (status, body["user"]["settings"]) == (200, {"enter_sends": True, "size": 4})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "EchoSphere"}, "name"),
        ({"name": None}, "name"),
        ({"about": "x" * 501}, "about"),
        ({"about": ["x"]}, "about"),
        ({"email": "new@example.org"}, "email"),
        ({"role": "administrator"}, "role"),
        ({"settings": []}, "settings"),
    ],
)
async def test_a_refused_field_is_named_and_nothing_changes(
    house: House, change: dict[str, object], field: str
) -> None:
    ana = await house.person("Ana")
    before = await ana.get("/me")
    status, body = await ana.patch("/me", change)
    assert (status, body["code"], list(body["fields"])) == (400, "invalid", [field])
    assert await ana.get("/me") == before


async def test_settings_are_small_and_plain(house: House) -> None:
    ana = await house.person("Ana")
    refused: list[dict[str, object]] = [
        {"x": {}},
        {"x": []},
        {"x": 0.5},
        {"x": 2**60},
        {"x": "y" * 201},
        {"X": 1},
        {"": 1},
        {f"n{number}": 1 for number in range(51)},
    ]
    for wrong in refused:
        assert (await ana.patch("/me", {"settings": wrong}))[0] == 400
    for part in range(2):
        many = {f"n{part}-{number}": 1 for number in range(50)}
        assert (await ana.patch("/me", {"settings": many}))[0] == 200
    assert (await ana.patch("/me", {"settings": {"one-more": 1}}))[0] == 400


async def test_no_one_reads_an_account_without_a_session(house: House) -> None:
    stranger = house.browser()
    answers = [
        await stranger.get("/me"),
        await stranger.patch("/me", {"name": "x"}),
        await stranger.put("/me/password", CHANGE),
        await stranger.delete("/me", {"password": PASSWORD}),
        await stranger.get("/sessions"),
        await stranger.delete("/sessions"),
    ]
    assert {(status, body["code"]) for status, body in answers} == {(401, "unauthorized")}


async def test_a_new_password_signs_all_other_devices_out(house: House) -> None:
    ana = await house.person("Ana")
    phone = house.browser()
    await phone.sign_in(ana.email)
    house.events.clear()
    assert (await ana.put("/me/password", CHANGE))[0] == 204
    assert [type(event) for event in house.events] == [SessionEnded, SecurityEvent]
    assert (await phone.get("/me"))[0] == 401
    assert (await ana.get("/me"))[0] == 200
    assert (await house.browser().sign_in(ana.email))[0] == 401
    assert (await house.browser().sign_in(ana.email, OTHER_PASSWORD))[0] == 201


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({**CHANGE, "current": OTHER_PASSWORD}, "current"),
        ({**CHANGE, "current": "é" * 600}, "current"),
        ({**CHANGE, "new": "short"}, "new"),
        ({**CHANGE, "new": "ana@example.org"}, "new"),
        ({**CHANGE, "new": None}, "new"),
        ({"new": OTHER_PASSWORD}, "current"),
    ],
)
async def test_a_refused_password_changes_nothing(
    house: House, given: dict[str, object], field: str
) -> None:
    ana = await house.person("Ana")
    status, body = await ana.put("/me/password", given)
    assert (status, list(body["fields"])) == (400, [field])
    assert (await house.browser().sign_in(ana.email))[0] == 201


async def test_whoever_found_a_device_cannot_guess_the_password_on_it(strict_house: House) -> None:
    ana = await strict_house.person("Ana")
    wrong = {**CHANGE, "current": "heron-under-bridge"}
    statuses = [(await ana.put("/me/password", wrong))[0] for _ in range(6)]
    assert statuses == [400] * 5 + [429]
    assert (await ana.delete("/me", {"password": PASSWORD}))[0] == 429
    assert (await strict_house.browser().sign_in(ana.email))[0] == 201


async def test_a_closed_account_leaves_a_nameless_person_behind(house: House) -> None:
    await add_owner(house.database)
    ana = await house.person("Ana")
    phone = house.browser()
    await phone.sign_in(ana.email)
    house.events.clear()
    assert (await ana.delete("/me", {"password": PASSWORD}))[0] == 204
    assert ana.token is None
    assert (await phone.get("/me"))[0] == 401
    assert AccountClosed(ana.id) in house.events
    seen = (await house.database.read(users_by_id, [ana.id]))[ana.id]
    assert (seen.name, seen.about, seen.avatar_url) == ("Closed account", "", None)


async def test_the_address_of_a_closed_account_is_free_again(house: House) -> None:
    await add_owner(house.database)
    ana = await house.person("Ana")
    await ana.delete("/me", {"password": PASSWORD})
    again = await house.person("Ana")
    assert again.id != ana.id


async def test_an_account_is_not_closed_without_its_password(house: House) -> None:
    ana = await house.person("Ana")
    for given in ({"password": OTHER_PASSWORD}, {"password": None}, {}, None):
        assert (await ana.delete("/me", given))[0] == 400
    assert (await ana.get("/me"))[0] == 200
