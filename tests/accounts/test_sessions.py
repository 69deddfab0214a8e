"""Devices: how long they stay signed in, and how they are signed out."""

import asyncio
from typing import Any

import pytest

from echosphere.accounts import SessionEnded, active_sessions, end_session
from echosphere.core.clock import DAY, HOUR
from echosphere.core.errors import Unavailable
from tests.conftest import SetClock
from tests.doors import Browser, House
from tests.faults.processes import PATIENCE


async def test_devices_are_listed_and_the_one_in_hand_is_marked(house: House) -> None:
    ana, phone = await _two_devices(house)
    status, body = await phone.get("/sessions")
    assert status == 200
    assert [session["current"] for session in body["sessions"]] == [True, False]
    assert {session["device"] for session in body["sessions"]} == {
        "Firefox on Linux",
        "Safari on iPhone",
    }
    assert [session["address"] for session in body["sessions"]] == ["192.0.2.1"] * 2
    assert (await ana.get("/sessions"))[1]["sessions"][1]["current"] is True


async def test_signing_out_ends_this_device_only(house: House) -> None:
    ana, phone = await _two_devices(house)
    token = phone.token
    assert (await phone.delete("/sessions/current"))[0] == 204
    assert phone.token is None
    assert token
    assert await house.recognise(token) is None
    assert (await ana.get("/me"))[0] == 200


async def test_revoking_a_device_takes_effect_at_once(house: House) -> None:
    ana, phone = await _two_devices(house)
    assert (await phone.get("/me"))[0] == 200
    session = await _session(phone)
    assert (await ana.delete(f"/sessions/{session}"))[0] == 204
    assert (await phone.get("/me"))[0] == 401
    assert house.events[-1] == SessionEnded(ana.id, (session,))


async def test_all_other_devices_are_signed_out_at_once(house: House) -> None:
    ana, phone = await _two_devices(house)
    assert (await ana.delete("/sessions"))[0] == 204
    assert (await phone.get("/me"))[0] == 401
    assert (await ana.get("/me"))[0] == 200


async def test_an_outsider_cannot_revoke_a_device(house: House) -> None:
    ana, outsider = await house.person("Ana"), await house.person("Olga")
    session = await _session(ana)
    foreign = await outsider.delete(f"/sessions/{session}")
    unknown = await outsider.delete("/sessions/nothing")
    assert foreign == unknown
    assert (foreign[0], foreign[1]["code"]) == (404, "not_found")
    assert (await ana.get("/me"))[0] == 200


async def test_a_session_ended_by_another_server_is_noticed_within_seconds(house: House) -> None:
    ana, phone = await _two_devices(house)
    session = await _session(phone)
    house.database.publish = lambda _events: None  # as if it had happened elsewhere
    await ana.delete(f"/sessions/{session}")
    house.forget_what_was_recognised()
    assert (await phone.get("/me"))[0] == 401


async def test_an_answer_that_an_end_overtakes_is_not_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = await house.person("Ana")
    token, session = ana.token, await _session(ana)
    assert token
    house.forget_what_was_recognised()
    read = house.database.read

    async def read_then_end(query: Any, *given: Any) -> Any:
        found = await read(query, *given)
        monkeypatch.undo()
        await house.database.write(end_session, ana.id, session)
        return found

    monkeypatch.setattr(house.database, "read", read_then_end)
    assert await house.recognise(token) is not None
    assert await house.recognise(token) is None


async def test_living_sessions_are_told_from_those_that_are_over(
    house: House, clock: SetClock
) -> None:
    old = await house.person("Ana")
    ended = await house.person("Ben")
    asked = [await _session(old), await _session(ended), "nothing"]
    assert await house.database.read(active_sessions, asked) == set(asked[:2])
    await ended.delete("/sessions/current")
    assert await house.database.read(active_sessions, asked) == {asked[0]}
    clock.advance(30 * DAY)
    assert await house.database.read(active_sessions, asked) == set()


async def test_a_session_ends_after_thirty_idle_days(house: House, clock: SetClock) -> None:
    ana = await house.person("Ana")
    clock.advance(30 * DAY - HOUR)
    house.forget_what_was_recognised()
    assert (await ana.get("/me"))[0] == 200
    clock.advance(30 * DAY)
    house.forget_what_was_recognised()
    assert (await ana.get("/me"))[0] == 401


async def test_a_session_in_daily_use_ends_after_half_a_year(house: House, clock: SetClock) -> None:
    ana = await house.person("Ana")
    statuses = []
    for _ in range(10):
        clock.advance(20 * DAY - HOUR)
        house.forget_what_was_recognised()
        statuses.append((await ana.get("/me"))[0])
    assert statuses == [200] * 9 + [401]


async def test_a_clock_turned_back_by_a_year_signs_no_one_out_and_prolongs_nothing(
    house: House, clock: SetClock
) -> None:
    ana = await house.person("Ana")
    clock.advance(-365 * DAY)
    house.forget_what_was_recognised()
    assert (await ana.get("/me"))[0] == 200
    assert (await ana.get("/sessions"))[1]["sessions"][0]["last_used_at"] <= clock.now
    clock.advance(31 * DAY)
    house.forget_what_was_recognised()
    assert (await ana.get("/me"))[0] == 401


async def test_a_clock_that_ran_ahead_signs_no_one_out_once_it_is_right_again(
    house: House, clock: SetClock
) -> None:
    ana = await house.person("Ana")
    clock.advance(365 * DAY)
    house.forget_what_was_recognised()
    assert (await ana.get("/me"))[0] == 401
    clock.advance(-365 * DAY)
    assert (await ana.get("/me"))[0] == 200


async def test_the_last_use_is_written_down_once_an_hour(house: House, clock: SetClock) -> None:
    ana = await house.person("Ana")
    used = []
    for _ in range(3):
        used.append((await ana.get("/sessions"))[1]["sessions"][0]["last_used_at"])
        clock.advance(HOUR * 2 // 3)
        house.forget_what_was_recognised()
        await ana.get("/me")
    assert used[0] == used[1] < used[2]


async def test_while_nothing_can_be_written_no_request_waits_for_its_last_use(
    house: House,
    clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ana = await house.person("Ana")
    clock.advance(2 * HOUR)
    house.forget_what_was_recognised()
    writing: list[asyncio.Future[None]] = []

    def write(_command: object) -> asyncio.Future[None]:
        writing.append(asyncio.get_running_loop().create_future())
        return writing[-1]

    with monkeypatch.context() as silent:
        silent.setattr(house.database, "write", write)
        assert (await asyncio.wait_for(ana.get("/me"), PATIENCE))[0] == 200
    assert len(writing) == 1
    assert not writing[0].cancelled()
    assert "Could not store when a session was last used" in caplog.text
    writing[0].set_exception(Unavailable("too late"))  # which no one has to hear


async def test_tokens_that_no_one_holds_are_refused(house: House) -> None:
    for token in ("x", "é", "x" * 10_000, "0" * 43):
        browser = house.browser()
        browser.headers = {"authorization": f"Bearer {token}"}
        assert (await browser.get("/me"))[0] == 401
    assert (await house.browser().get("/me"))[0] == 401


async def test_a_change_with_the_cookie_needs_a_page_of_ours(house: House) -> None:
    ana = await house.person("Ana")
    for origin in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {}):
        ana.headers = origin
        assert (await ana.delete("/sessions/current"))[0] == 403
    assert (await ana.get("/me"))[0] == 200


async def _two_devices(house: House) -> tuple[Browser, Browser]:
    ana, phone = house.browser(), house.browser()
    ana.headers["user-agent"] = (
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    )
    phone.headers["user-agent"] = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
    )
    given = {"email": "ana@example.org", "name": "Ana", "password": "kestrel-over-fjord"}
    ana.id = (await ana.post("/accounts", given))[1]["user"]["id"]
    assert (await phone.sign_in("ana@example.org"))[0] == 201
    return ana, phone


async def _session(browser: Browser) -> str:
    listed = (await browser.get("/sessions"))[1]["sessions"]
    (current,) = [session["id"] for session in listed if session["current"]]
    return str(current)
