"""Signing in with a code: what works between password and code, and how often a code does."""

import asyncio
from http.cookies import SimpleCookie
from pathlib import Path

from echosphere.accounts import SecurityEvent
from echosphere.core.clock import DAY, MINUTE
from echosphere.database import Database
from echosphere.second_factor import reset_second_factor
from tests.conftest import SetClock
from tests.doors import OTHER_PASSWORD, PASSWORD, House, open_house, settings_in
from tests.second_factor.factors import finish, pending, set_up, sign_in

WRONG = "000000"


async def test_password_and_code_open_a_session(house: House, clock: SetClock) -> None:
    ana = await house.person("Ana")
    app, _ = await set_up(ana, clock)
    phone = await sign_in(house, ana.email, app.next_code())
    assert (await phone.get("/me"))[1]["user"]["id"] == ana.id


async def test_nothing_works_between_password_and_code(house: House, clock: SetClock) -> None:
    ana = await house.person("Ana")
    await set_up(ana, clock)
    phone = house.browser()
    token = await pending(phone, ana.email)
    assert phone.token is None
    for held in ({}, {"authorization": f"Bearer {token}"}):
        phone.headers = {"origin": "http://127.0.0.1:5000"} | held
        assert (await phone.get("/me"))[0] == 401
        assert (await phone.post("/me/second-factor/app", {}))[0] == 401
    cookie = {"cookie": f"echosphere_session={token}"}
    assert (await phone.open("GET", "/api/v1/me", headers=cookie)).status_code == 401
    assert await house.recognise(token) is None


async def test_a_program_gets_its_token_after_the_code(house: House, clock: SetClock) -> None:
    ana = await house.person("Ana")
    app, _ = await set_up(ana, clock)
    program = house.browser()
    program.headers = {}
    body = {"email": ana.email, "password": PASSWORD, "bearer": True}
    token = (await program.post("/sessions", body))[1]["pending"]
    status, answer = await finish(program, token, app.next_code())
    assert status == 201
    assert program.token is None
    program.headers = {"authorization": f"Bearer {answer['token']}"}
    assert (await program.get("/me"))[1]["user"]["id"] == ana.id


async def test_a_code_works_once_even_fifty_times_at_once(house: House, clock: SetClock) -> None:
    ana = await house.person("Ana")
    app, _ = await set_up(ana, clock)
    phones = [house.browser() for _ in range(50)]
    tokens = [await pending(phone, ana.email) for phone in phones]
    code = app.next_code()
    answers = await asyncio.gather(*map(finish, phones, tokens, [code] * 50))
    assert sorted(status for status, _ in answers) == [201] + [400] * 49


async def test_the_code_that_set_the_app_up_does_not_sign_in(house: House, clock: SetClock) -> None:
    ana = await house.person("Ana")
    app, _ = await set_up(ana, clock)
    phone = house.browser()
    assert (await finish(phone, await pending(phone, ana.email), app.code()))[0] == 400


async def test_a_pending_sign_in_works_once_and_for_ten_minutes(
    house: House, clock: SetClock
) -> None:
    ana = await house.person("Ana")
    app, _ = await set_up(ana, clock)
    phone = house.browser()
    token = await pending(phone, ana.email)
    assert (await finish(phone, token, app.next_code()))[0] == 201
    assert (await finish(phone, token, app.next_code()))[0] == 401
    late = await pending(phone, ana.email)
    clock.advance(10 * MINUTE)
    assert (await finish(phone, late, app.code()))[0] == 401


async def test_a_recovery_code_lets_in_once_without_the_phone(
    house: House, clock: SetClock
) -> None:
    ana = await house.person("Ana")
    _, codes = await set_up(ana, clock)
    phones = [house.browser() for _ in range(50)]
    tokens = [await pending(phone, ana.email) for phone in phones]
    answers = await asyncio.gather(*map(finish, phones, tokens, [codes[3].upper()] * 50))
    assert sorted(status for status, _ in answers) == [201] + [400] * 49
    await sign_in(house, ana.email, codes[4])
    assert (await ana.get("/me/second-factor"))[1]["recovery_codes"] == 8


async def test_limits_survive_a_new_sign_in(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    async with open_house(database, settings_in(tmp_path, RATE_LIMITS="on")) as house:
        ana = await house.person("Ana")
        app, _ = await set_up(ana, clock)
        answers = []
        for _ in range(6):
            guesser = house.browser(address="203.0.113.9")
            answers.append((await finish(guesser, await pending(guesser, ana.email), WRONG))[0])
        assert answers == [400] * 5 + [429]
        guesser = house.browser(address="203.0.113.9")
        assert (await finish(guesser, await pending(guesser, ana.email), app.code(1)))[0] == 429
        # Ana's own device has a count of its own: the guesser cannot lock her out.
        assert (await finish(ana, await pending(ana, ana.email), app.code(1)))[0] == 201


async def test_a_new_password_ends_a_pending_sign_in(house: House, clock: SetClock) -> None:
    ana = await house.person("Ana")
    app, _ = await set_up(ana, clock)
    phone = house.browser()
    token = await pending(phone, ana.email)
    changed = {"current": PASSWORD, "new": OTHER_PASSWORD}
    assert (await ana.put("/me/password", changed))[0] == 204
    assert (await finish(phone, token, app.next_code()))[0] == 401


async def test_a_remembered_device_needs_the_password_alone_for_thirty_days(
    house: House, clock: SetClock
) -> None:
    ana = await house.person("Ana")
    app, _ = await set_up(ana, clock)
    phone = house.browser()
    token = await pending(phone, ana.email)
    assert (await finish(phone, token, app.next_code(), remember=True))[0] == 201
    assert (await phone.sign_in(ana.email))[0] == 201
    assert (await house.browser().sign_in(ana.email))[0] == 202
    clock.advance(30 * DAY)
    assert (await phone.sign_in(ana.email))[0] == 202


async def test_a_remembered_device_is_forgotten_by_hand_and_by_a_new_password(
    house: House, clock: SetClock
) -> None:
    ana = await house.person("Ana")
    app, _ = await set_up(ana, clock)
    phone = house.browser()
    for forget in ("one", "password"):
        token = await pending(phone, ana.email)
        assert (await finish(phone, token, app.next_code(), remember=True))[0] == 201
        listed = (await ana.get("/me/second-factor"))[1]["devices"]
        if forget == "one":
            path = f"/me/second-factor/devices/{listed[0]['id']}"
            assert (await ana.delete(path))[0] == 204
            assert (await ana.delete(path))[0] == 404
        else:
            changed = {"current": PASSWORD, "new": OTHER_PASSWORD}
            assert (await ana.put("/me/password", changed))[0] == 204
    assert (await phone.sign_in(ana.email, OTHER_PASSWORD))[0] == 202


async def test_who_lost_phone_and_codes_is_let_in_by_the_operator(
    house: House, clock: SetClock
) -> None:
    ana = await house.person("Ana")
    await set_up(ana, clock)
    house.events.clear()
    assert await house.database.write(reset_second_factor, ana.email) == ana.id
    assert SecurityEvent(ana.id, "ways_in_removed") in house.events
    assert (await ana.get("/me"))[0] == 401
    assert (await house.browser().sign_in(ana.email))[0] == 201


async def test_the_pages_ask_for_the_code_without_a_script(house: House, clock: SetClock) -> None:
    ana = await house.person("Ana")
    app, _ = await set_up(ana, clock)
    phone = house.browser()
    form = {"email": ana.email, "password": PASSWORD, "next": "/c/abc"}
    answer = await phone.open("POST", "/login", form=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login/code?next=%2Fc%2Fabc")
    cookie = SimpleCookie("\n".join(answer.headers.getlist("set-cookie")))
    assert set(cookie) >= {"echosphere_pending"}
    assert "echosphere_session" not in cookie
    shown = await phone.open("GET", "/login/code?next=/c/abc")
    page = await shown.get_data(as_text=True)
    assert 'autocomplete="one-time-code"' in page
    wrong = await phone.open("POST", "/login/code", form={"code": WRONG, "next": "/c/abc"})
    assert wrong.status_code == 400
    sent = {"code": app.next_code(), "next": "/c/abc", "remember": "on"}
    right = await phone.open("POST", "/login/code", form=sent)
    assert (right.status_code, right.headers["location"]) == (303, "/c/abc")
    assert (await phone.get("/me"))[0] == 200
    assert (await phone.sign_in(ana.email))[0] == 201


async def test_without_a_pending_sign_in_the_page_leads_to_the_password(house: House) -> None:
    for method in ("GET", "POST"):
        answer = await house.browser().open(
            method, "/login/code", **({"form": {}} if method == "POST" else {})
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")


async def test_a_token_for_a_program_leaves_the_browsers_session(
    house: House, clock: SetClock
) -> None:
    ana = await house.person("Ana")
    app, _ = await set_up(ana, clock)
    body = {"email": ana.email, "password": PASSWORD, "bearer": True}
    token = (await ana.post("/sessions", body))[1]["pending"]
    status, answer = await finish(ana, token, app.next_code())
    assert (status, bool(answer["token"])) == (201, True)
    assert (await ana.get("/me"))[0] == 200
    assert len((await ana.get("/sessions"))[1]["sessions"]) == 2
