"""Setting up, replacing and removing second factors."""

from pathlib import Path

import pytest

from echosphere.accounts import SessionEnded
from echosphere.core.clock import MINUTE
from echosphere.database import Database
from echosphere.second_factor import secrets_of_other_keys
from echosphere.settings import load_settings
from tests.conftest import SetClock
from tests.doors import CHEAP, PASSWORD, House, open_house
from tests.second_factor.factors import finish, pending, set_up, sign_in

CHANGES: tuple[tuple[str, str, object], ...] = (
    ("POST", "/me/second-factor/app", {}),
    ("PUT", "/me/second-factor/app", {"code": "123456"}),
    ("DELETE", "/me/second-factor/app", None),
    ("POST", "/me/second-factor/recovery-codes", {}),
)


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
async def test_a_change_asks_for_a_fresh_proof(
    house: House, clock: SetClock, method: str, path: str, body: object
) -> None:
    ana = await house.person("Ana")
    app, _ = await set_up(ana, clock)
    clock.advance(10 * MINUTE)
    status, refusal = await ana.call(method, path, body)
    assert (status, refusal["code"]) == (403, "proof_needed")
    assert (await ana.put("/sessions/current/proof", {"code": app.code()}))[0] == 204
    assert (await ana.put("/sessions/current/proof", {"code": app.code()}))[0] == 400
    assert (await ana.call(method, path, body))[1] != refusal


async def test_an_app_counts_from_its_first_code_on(house: House, clock: SetClock) -> None:
    ana = await house.person("Ana")
    await ana.post("/me/second-factor/app", {})
    assert (await ana.put("/me/second-factor/app", {"code": "000000"}))[0] == 400
    assert (await house.browser().sign_in(ana.email))[0] == 201
    state = (await ana.get("/me/second-factor"))[1]
    assert (state["app_since"], state["recovery_codes"]) == (None, 0)
    _, codes = await set_up(ana, clock)
    assert len(codes) == 10
    assert (await house.browser().sign_in(ana.email))[0] == 202


async def test_other_devices_are_signed_out_by_a_change(house: House, clock: SetClock) -> None:
    ana = await house.person("Ana")
    phone = house.browser()
    await phone.sign_in(ana.email)
    app, _ = await set_up(ana, clock)
    assert (await phone.get("/me"))[0] == 401
    phone = await sign_in(house, ana.email, app.next_code())
    house.events.clear()
    assert (await ana.delete("/me/second-factor/app"))[0] == 204
    assert [event.reason for event in house.events if isinstance(event, SessionEnded)] == ["factor"]
    assert (await phone.get("/me"))[0] == 401
    assert (await ana.get("/me"))[0] == 200
    assert (await phone.sign_in(ana.email))[0] == 201


async def test_another_app_replaces_the_first_and_the_codes_stay(
    house: House, clock: SetClock
) -> None:
    ana = await house.person("Ana")
    first, codes = await set_up(ana, clock)
    clock.advance(30_000)
    second, more = await set_up(ana, clock)
    assert more == []
    phone = house.browser()
    assert (await finish(phone, await pending(phone, ana.email), first.next_code()))[0] == 400
    await sign_in(house, ana.email, second.code())
    await sign_in(house, ana.email, codes[0])


async def test_new_recovery_codes_end_the_earlier_ones(house: House, clock: SetClock) -> None:
    ana = await house.person("Ana")
    assert (await ana.post("/me/second-factor/recovery-codes", {}))[0] == 409
    _, old = await set_up(ana, clock)
    new = (await ana.post("/me/second-factor/recovery-codes", {}))[1]["codes"]
    assert not set(old) & set(new)
    phone = house.browser()
    assert (await finish(phone, await pending(phone, ana.email), old[0]))[0] == 400
    await sign_in(house, ana.email, new[0])


async def test_secrets_survive_a_new_key_of_the_instance(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    before, after = "kF3v" * 12 + "aBcDeFgH", "zQ8w" * 12 + "iJkLmNoP"
    keys = (
        {"SECRET_KEY": before},
        {"SECRET_KEY": after, "SECRET_KEY_PREVIOUS": before},
        {"SECRET_KEY": after},  # sealed again by the sign-in before
        {"SECRET_KEY": before},  # this key is lost to what was sealed again
    )
    own = {"ECHOSPHERE_DATA": str(tmp_path), "ECHOSPHERE_PASSWORD_METHOD": CHEAP}
    answers: list[int] = []
    others: list[tuple[int, int]] = []
    codes: list[str] = []
    app = None
    for given in keys:
        settings = load_settings(own | given)
        async with open_house(database, settings) as house:
            if app is None:
                app, codes = await set_up(await house.person("Ana"), clock)
            known = settings.secret_key, settings.secret_key_previous
            others.append(await database.read(secrets_of_other_keys, *known))
            phone = house.browser()
            token = await pending(phone, "ana@example.org", PASSWORD)
            answers.append((await finish(phone, token, app.next_code()))[0])
            if answers[-1] == 409:
                assert (await finish(phone, token, codes[0]))[0] == 201
    assert answers == [201, 201, 201, 409]
    assert others == [(0, 0), (1, 0), (0, 0), (0, 1)], "before each sign-in"


async def test_what_a_closed_account_signed_in_with_is_gone(house: House, clock: SetClock) -> None:
    await house.person("Olaf")  # the owner, who cannot leave
    ana = await house.person("Ana")
    await set_up(ana, clock)
    assert (await ana.delete("/me", {"password": PASSWORD}))[0] == 204
    again = await house.person("Ana")
    assert (await again.get("/me/second-factor"))[1]["recovery_codes"] == 0
    assert (await house.browser().sign_in(again.email))[0] == 201
