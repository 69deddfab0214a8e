"""Registering over REST."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from echosphere.accounts import AccountCreated
from echosphere.database import Database, Snapshot
from tests.doors import PASSWORD, House, open_house, settings_in

ANA = {"email": "ana@example.org", "name": "Ana", "password": PASSWORD}


async def test_who_registers_is_signed_in(house: House) -> None:
    ana = house.browser()
    status, body = await ana.post("/accounts", ANA)
    assert status == 201
    assert (await ana.get("/me")) == (200, body)
    assert body["user"]["email"] == "ana@example.org"
    assert body["user"]["name"] == "Ana"
    assert body["user"]["settings"] == {}
    created = [one for one in house.events if isinstance(one, AccountCreated)]
    assert created == [AccountCreated(body["user"]["id"], "ana@example.org")]


async def test_the_first_person_owns_the_server_and_the_second_does_not(house: House) -> None:
    roles = []
    for name in ("Ana", "Ben"):
        browser = await house.person(name)
        roles.append((await browser.get("/me"))[1]["user"]["role"])
    assert roles == ["owner", "member"]


async def test_an_address_has_one_account_however_it_is_written(house: House) -> None:
    await house.person("Ana")
    status, body = await house.browser().post("/accounts", {**ANA, "email": " ANA@Example.ORG "})
    assert status == 409
    assert body["code"] == "conflict"
    assert "email" in body["fields"]


async def test_the_same_address_at_once_makes_one_account(house: House) -> None:
    answers = await asyncio.gather(*(house.browser().post("/accounts", ANA) for _ in range(3)))
    assert sorted(status for status, _ in answers) == [201, 409, 409]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "ana"),
        ("email", "ana@example"),
        ("name", "\u200b\u202e"),
        ("name", "Administrator"),
        ("name", "x" * 81),
        ("password", "too short"),
        ("password", "password1234"),
        ("password", "ana@example.org"),
        ("password", "x" * 1025),
    ],
)
async def test_a_field_that_breaks_a_rule_is_named(house: House, field: str, value: str) -> None:
    status, body = await house.browser().post("/accounts", {**ANA, field: value})
    assert (status, body["code"], list(body["fields"])) == (400, "invalid", [field])
    assert house.events == []


async def test_all_broken_fields_are_named_at_once(house: House) -> None:
    status, body = await house.browser().post(
        "/accounts", {"email": "x", "name": " ", "password": "y"}
    )
    assert (status, set(body["fields"])) == (400, {"email", "name", "password"})


@pytest.mark.parametrize("field", ["email", "name", "password"])
async def test_wrong_types_are_refused(house: House, field: str) -> None:
    for wrong in (None, 1, True, [], {}, ["x"], {"x": 1}, 1e300, "nul \0"):
        status, body = await house.browser().post("/accounts", {**ANA, field: wrong})
        assert (status, body["code"], list(body["fields"])) == (400, "invalid", [field])


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b"\xff", b'"\\ud800"', b"[" * 5_000])
async def test_what_is_not_an_object_of_json_is_refused(house: House, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    response = await house.browser().open("POST", "/api/v1/accounts", data=body, headers=headers)
    assert response.status_code == 400


async def test_unknown_fields_are_refused(house: House) -> None:
    status, body = await house.browser().post("/accounts", {**ANA, "role": "administrator"})
    assert (status, list(body["fields"])) == (400, ["role"])


async def test_another_site_registers_no_one(house: House) -> None:
    browser = house.browser()
    browser.headers["origin"] = "https://evil.example"
    status, body = await browser.post("/accounts", ANA)
    assert (status, body["code"]) == (403, "forbidden")


async def test_closed_registration_says_so(database: Database, tmp_path: Path) -> None:
    async with open_house(database, settings_in(tmp_path, REGISTRATION="off")) as house:
        status, body = await house.browser().post("/accounts", ANA)
    assert (status, body["code"]) == (403, "forbidden")
    assert "Registration is closed" in body["detail"]


async def test_a_classroom_registers_at_once_and_others_are_not_affected(
    strict_house: House,
) -> None:
    statuses = []
    for number in range(40):
        browser = strict_house.browser()
        answer = await browser.post("/accounts", {**ANA, "email": f"p{number}@example.org"})
        statuses.append(answer[0])
    assert statuses == [201] * 40
    late = await strict_house.browser().open(
        "POST", "/api/v1/accounts", json={**ANA, "email": "late@example.org"}
    )
    wait = late.headers["retry-after"]
    assert (late.status_code, 0 < int(wait) <= 90) == (429, True)
    sentence = f"Too many accounts were created from your network. Try again in {wait} seconds."
    assert (await late.get_json())["detail"] == sentence
    elsewhere = strict_house.browser("192.0.2.2")
    assert (await elsewhere.post("/accounts", {**ANA, "email": "q@example.org"}))[0] == 201


async def test_the_password_is_stored_only_as_a_hash(house: House) -> None:
    await house.person("Ana")
    stored = await house.database.read(_everything)
    assert PASSWORD not in stored
    assert "scrypt:1024:8:1$" in stored


async def test_the_token_is_stored_only_as_a_hash(house: House) -> None:
    ana = await house.person("Ana")
    assert ana.token
    assert ana.token not in await house.database.read(_everything)


def _everything(snapshot: Snapshot) -> str:
    tables = ("users", "sessions", "sign_in_failures")
    return str([list(snapshot.execute(text(f"SELECT * FROM {table}"))) for table in tables])
