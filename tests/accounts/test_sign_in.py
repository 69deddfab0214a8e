"""Signing in over REST, and what happens to people who guess."""

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest

from echosphere.accounts import PasswordHasher, SessionEnded
from echosphere.core.clock import MINUTE, SECOND
from echosphere.database import Database
from tests.conftest import SetClock
from tests.doors import PASSWORD, Browser, House, open_house, settings_in
from tests.owners import add_owner

ANA = {"email": "ana@example.org", "password": PASSWORD}
WRONG = {**ANA, "password": "heron-under-bridge"}


async def test_the_right_password_signs_in(house: House) -> None:
    ana = await house.person("Ana")
    phone = house.browser()
    status, body = await phone.post("/sessions", {**ANA, "email": "Ana@Example.org"})
    assert status == 201
    assert "token" not in body
    assert (await phone.get("/me"))[1]["user"]["id"] == ana.id


async def test_a_program_gets_a_token_and_no_cookie(house: House) -> None:
    ana = await house.person("Ana")
    program = house.browser()
    program.headers = {}
    status, body = await program.post("/sessions", {**ANA, "bearer": True})
    assert status == 201
    assert program.token is None
    program.headers = {"authorization": f"Bearer {body['token']}"}
    assert (await program.get("/me"))[1]["user"]["id"] == ana.id


async def test_a_failed_sign_in_leaves_a_line_with_little_of_the_address(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    await house.person("Ana")
    caplog.set_level(logging.INFO, "echosphere")
    unknown = {**WRONG, "email": f"nobody@{'a' * 60}.{'b' * 60}.example"}
    for given in (ANA, WRONG, unknown):
        await house.browser().post("/sessions", given)
    name = "echosphere.accounts.authentication"
    lines = [one.getMessage() for one in caplog.records if one.name == name]
    begin = "Sign-in failed: "
    assert lines == [f"{begin}a…@example.org", f"{begin}n…@{'a' * 57}"]
    assert "ana@" not in caplog.text
    assert WRONG["password"] not in caplog.text


async def test_a_wrong_password_and_an_unknown_address_read_the_same(house: House) -> None:
    await house.person("Ana")
    wrong = await house.browser().post("/sessions", WRONG)
    unknown = await house.browser().post("/sessions", {**WRONG, "email": "nobody@example.org"})
    assert wrong == unknown
    assert (wrong[0], wrong[1]["code"]) == (401, "unauthorized")


async def test_a_wrong_password_and_an_unknown_address_cost_the_same_hashes(house: House) -> None:
    await house.person("Ana")
    costs = []
    for email in ("ana@example.org", "nobody@example.org"):
        before = house.password_hasher.computed
        await house.browser().post("/sessions", {**WRONG, "email": email})
        costs.append(house.password_hasher.computed - before)
    assert costs == [1, 1]


async def test_a_closed_account_does_not_sign_in(house: House) -> None:
    await add_owner(house.database)
    ana = await house.person("Ana")
    assert (await ana.delete("/me", {"password": PASSWORD}))[0] == 204
    assert (await house.browser().post("/sessions", ANA))[0] == 401


@pytest.mark.parametrize("field", ["email", "password", "code", "bearer"])
async def test_wrong_types_are_refused(house: House, field: str) -> None:
    refused: list[object] = ["nul \0", 1, [], {}, ["x"], 1e300]
    for wrong in refused:
        status, body = await house.browser().post("/sessions", {**ANA, field: wrong})
        assert (status, body["code"], list(body["fields"])) == (400, "invalid", [field])


async def test_an_endless_password_is_refused_before_it_is_hashed(house: House) -> None:
    before = house.password_hasher.computed
    status, body = await house.browser().post("/sessions", {**ANA, "password": "é" * 600})
    assert (status, list(body["fields"])) == (400, ["password"])
    assert house.password_hasher.computed == before


async def test_another_site_signs_no_one_in(house: House) -> None:
    await house.person("Ana")
    browser = house.browser()
    browser.headers["origin"] = "https://evil.example"
    assert (await browser.post("/sessions", ANA))[0] == 403


async def test_after_five_failures_the_account_waits_ever_longer(
    strict_house: House, clock: SetClock
) -> None:
    await strict_house.person("Ana")
    assert [await _try(strict_house, WRONG) for _ in range(6)] == [401] * 5 + [429]
    assert await _wait(strict_house) == 30
    assert await _try(strict_house, ANA) == 429
    clock.advance(31 * SECOND)
    assert await _try(strict_house, WRONG) == 401
    assert await _wait(strict_house) == 60
    clock.advance(61 * SECOND)
    assert await _try(strict_house, ANA) == 201
    assert await _try(strict_house, WRONG) == 401
    assert await _try(strict_house, ANA) == 201


async def test_the_longest_wait_is_an_hour(strict_house: House, clock: SetClock) -> None:
    await strict_house.person("Ana")
    for _ in range(5):
        await _try(strict_house, WRONG)
    waits = []
    for _ in range(9):
        waits.append(await _wait(strict_house))
        clock.advance(waits[-1] * SECOND)
        assert await _try(strict_house, WRONG) == 401
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


async def test_an_unknown_address_waits_like_a_known_one(strict_house: House) -> None:
    await strict_house.person("Ana")
    nobody = {**WRONG, "email": "nobody@example.org"}
    known = [await _try(strict_house, WRONG) for _ in range(6)]
    unknown = [await _try(strict_house, nobody) for _ in range(6)]
    assert known == unknown == [401] * 5 + [429]


async def test_failures_are_forgotten_after_a_quiet_quarter_of_an_hour(
    strict_house: House, clock: SetClock
) -> None:
    await strict_house.person("Ana")
    assert [await _try(strict_house, WRONG) for _ in range(4)] == [401] * 4
    clock.advance(15 * MINUTE)
    assert [await _try(strict_house, WRONG) for _ in range(5)] == [401] * 5


async def test_failures_survive_a_restart(
    strict_house: House, database: Database, tmp_path: Path
) -> None:
    await strict_house.person("Ana")
    for _ in range(5):
        await _try(strict_house, WRONG)
    async with open_house(database, settings_in(tmp_path, RATE_LIMITS="on")) as restarted:
        assert await _try(restarted, ANA) == 429


async def test_parallel_guesses_do_not_slip_past_the_limit(strict_house: House) -> None:
    await strict_house.person("Ana")
    before = strict_house.password_hasher.computed
    statuses = sorted(await _together([_try(strict_house, WRONG) for _ in range(12)]))
    assert statuses == [401] * 5 + [429] * 7
    assert strict_house.password_hasher.computed - before == 5


async def test_attempts_that_were_turned_away_unread_are_not_failures(strict_house: House) -> None:
    await strict_house.person("Ana")
    queue, strict_house.password_hasher._max_waiting = strict_house.password_hasher._max_waiting, 0
    assert [await _try(strict_house, ANA) for _ in range(7)] == [503] * 7
    strict_house.password_hasher._max_waiting = queue
    assert await _try(strict_house, ANA) == 201


async def test_living_sessions_go_on_while_someone_guesses(strict_house: House) -> None:
    ana = await strict_house.person("Ana")
    for _ in range(6):
        await _try(strict_house, WRONG)
    strict_house.forget_what_was_recognised()
    assert (await ana.get("/me"))[0] == 200


async def test_an_address_fails_twenty_times_in_a_quarter_of_an_hour(
    strict_house: House, clock: SetClock
) -> None:
    await strict_house.person("Ana")
    guesses = [{**WRONG, "email": f"p{number}@example.org"} for number in range(21)]
    assert [await _try(strict_house, guess) for guess in guesses] == [401] * 20 + [429]
    assert await _try(strict_house, ANA) == 429
    assert await _try(strict_house, ANA, address="192.0.2.77") == 201
    clock.advance(16 * MINUTE)
    assert await _try(strict_house, ANA) == 201


async def test_those_who_succeed_do_not_count_against_their_address(strict_house: House) -> None:
    await strict_house.person("Ana")
    assert {await _try(strict_house, ANA) for _ in range(25)} == {201}


async def test_neighbours_in_one_ipv6_network_are_one_address(strict_house: House) -> None:
    for number in range(20):
        guess = {**WRONG, "email": f"p{number}@example.org"}
        await _try(strict_house, guess, address=f"2001:db8::{number}")
    assert await _try(strict_house, ANA, address="2001:db8::ffff") == 429
    assert await _try(strict_house, ANA, address="2001:db8:0:1::1") == 401


async def test_a_new_session_takes_the_place_of_the_one_that_the_browser_had(house: House) -> None:
    ana = await house.person("Ana")
    old = ana.token
    house.events.clear()
    await ana.sign_in(ana.email)
    assert ana.token != old
    assert [type(event) for event in house.events] == [SessionEnded]
    assert len((await ana.get("/sessions"))[1]["sessions"]) == 1
    assert old is not None
    assert await house.recognise(old) is None


async def test_the_twenty_first_device_signs_out_the_one_used_longest_ago(house: House) -> None:
    first = await house.person("Ana")
    devices = [house.browser() for _ in range(20)]
    for device in devices:
        assert (await device.sign_in(first.email))[0] == 201
    assert (await first.get("/me"))[0] == 401
    assert (await devices[0].get("/me"))[0] == 200
    assert len((await devices[0].get("/sessions"))[1]["sessions"]) == 20


async def test_a_hash_made_by_an_older_method_is_renewed(
    house: House, database: Database, tmp_path: Path
) -> None:
    ana = await house.person("Ana")
    newer = settings_in(tmp_path, PASSWORD_METHOD="scrypt:2048:8:1")
    async with open_house(database, newer) as renewed:
        costs = []
        for _ in range(2):
            before = renewed.password_hasher.computed
            assert (await renewed.browser().sign_in(ana.email))[0] == 201
            costs.append(renewed.password_hasher.computed - before)
    assert costs == [2, 1]


async def test_a_password_changed_while_someone_signs_in_lets_no_one_in(house: House) -> None:
    ana = await house.person("Ana")
    intruder = house.browser()
    answered = await _change_during_the_hash(house, ana, intruder)
    assert answered[0] == 401
    assert (await intruder.get("/me"))[0] == 401


async def _change_during_the_hash(house: House, ana: Browser, intruder: Browser) -> Any:
    authentication = house.accounts.authentication
    asked: list[Any] = []

    class Slow(PasswordHasher):
        async def matches(self, stored: str | None, password: str) -> bool:
            authentication._password_hasher = house.password_hasher
            change = {"current": PASSWORD, "new": "lantern-under-moss"}
            asked.append(await ana.put("/me/password", change))
            return await super().matches(stored, password)

    authentication._password_hasher = slow = Slow(house.settings.password_method)
    try:
        answer = await intruder.sign_in(ana.email)
    finally:
        await slow.stop()
    assert [status for status, _ in asked] == [204]
    return answer


async def _try(house: House, given: dict[str, Any], address: str = "192.0.2.1") -> int:
    status, _ = await house.browser(address).post("/sessions", given)
    return status


async def _wait(house: House) -> int:
    response = await house.browser("192.0.2.9").open("POST", "/api/v1/sessions", json=ANA)
    assert response.status_code == 429
    return int(response.headers["retry-after"])


async def _together(attempts: list[Any]) -> list[int]:
    return list(await asyncio.gather(*attempts))
