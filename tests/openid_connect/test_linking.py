"""Linking and unlinking providers, fresh proofs, and being signed out by the provider."""

import asyncio
from typing import Any

import pytest

from echosphere.accounts import SecurityEvent
from echosphere.core.clock import MINUTE
from echosphere.second_factor import remove_all_factors
from tests.conftest import SetClock
from tests.doors import PASSWORD, Browser
from tests.openid_connect.conftest import ADA, Desk
from tests.openid_connect.odd_provider import LOGOUT_EVENT
from tests.second_factor.authenticator import ORIGIN as LOCALHOST
from tests.second_factor.factors import set_up
from tests.second_factor.test_passkeys import add as add_passkey
from tests.second_factor.test_passkeys import enter

LINK = "/me/sign-in-services/one/link"
UNLINK = "/me/sign-in-services/one"


async def link(desk: Desk, browser: Browser, subject: str = "ada", **claims: Any) -> int:
    """Link someone of the first provider; return the status of the last answer."""
    status, begun = await browser.post(LINK, {})
    assert status == 201, begun
    asked = desk.one.asked(begun["url"])
    return (
        await desk.answer(browser, asked, code=desk.one.code(asked, subject, **claims))
    ).status_code


async def prove(desk: Desk, browser: Browser, subject: str = "ada", **claims: Any) -> int:
    """Prove at the first provider who one is; return the status of the last answer."""
    return (await desk.come(browser, subject, "/login/openid/one/prove", **claims)).status_code


async def test_who_has_an_account_links_a_service_and_unlinks_it(desk: Desk) -> None:
    ana = await desk.house.person("Ana")
    assert await link(desk, ana) == 303
    again = desk.browser()
    assert (await desk.come(again, **ADA)).status_code == 303
    assert (await again.get("/me"))[1]["user"]["id"] == ana.id
    assert await link(desk, ana, "another") == 409
    assert (await ana.delete("/me/sign-in-services/two"))[0] == 404
    assert (await ana.delete(UNLINK))[0] == 204
    assert (await desk.come(desk.browser(), **(ADA | {"email": ana.email}))).status_code == 409


async def test_linking_needs_a_fresh_proof_before_and_after(desk: Desk, clock: SetClock) -> None:
    ana = await desk.house.person("Ana")
    status, begun = await ana.post(LINK, {})
    assert status == 201
    asked = desk.one.asked(begun["url"])
    clock.advance(9 * MINUTE)
    assert (await ana.delete(UNLINK))[1]["code"] == "not_found"
    clock.advance(2 * MINUTE)
    assert (await ana.delete(UNLINK))[1]["code"] == "proof_needed"
    assert (await ana.post(LINK, {}))[1]["code"] == "proof_needed"
    code = desk.one.code(asked, "ada")
    assert (await desk.answer(ana, asked, code=code)).status_code == 403


async def test_no_one_is_linked_by_another_page_or_in_another_session(desk: Desk) -> None:
    ana, ben = await desk.house.person("Ana"), await desk.house.person("Ben")
    foreign = {"origin": "https://elsewhere.example"}
    refused = await ana.open("POST", f"/api/v1{LINK}", json={}, headers=foreign)
    assert refused.status_code == 403
    status, begun = await ana.post(LINK, {})
    asked = desk.one.asked(begun["url"])
    await ana.sign_in(ana.email)  # another session in the same browser
    answer = await desk.answer(ana, asked, code=desk.one.code(asked, "mallory"))
    assert (status, answer.status_code) == (201, 403)
    assert await link(desk, ana) == 303
    assert await link(desk, ben) == 409  # it is Ana's


async def test_the_only_way_in_stays(desk: Desk, clock: SetClock) -> None:
    ada = await desk.sign_in(auth_time=clock.now // 1000)
    status, refusal = await ada.delete(UNLINK)
    assert (status, "only way to sign in" in refusal["detail"]) == (409, True)
    assert (await ada.put("/me/password", {"new": PASSWORD}))[0] == 204
    assert (await ada.put("/me/password", {"new": f"{PASSWORD}-more"}))[0] == 400
    assert (await ada.delete(UNLINK))[0] == 204
    assert (await desk.browser().sign_in("ada@example.org"))[0] == 201


async def test_what_a_service_opened_ends_when_it_is_unlinked(desk: Desk) -> None:
    ana = await desk.house.person("Ana")
    assert await link(desk, ana) == 303
    phone, laptop = desk.browser(), desk.browser()
    for browser in (phone, laptop):
        assert (await desk.come(browser, **ADA)).status_code == 303
    by_password = desk.browser()
    assert (await by_password.sign_in(ana.email))[0] == 201
    await phone.put("/sessions/current/proof", {"password": PASSWORD})
    assert (await phone.delete(UNLINK))[0] == 204
    everywhere = (ana, by_password, phone, laptop)
    assert [(await one.get("/me"))[0] for one in everywhere] == [200, 200, 200, 401]
    # The session that goes on is no longer the service's to end.
    assert await logout(desk, desk.one.logout_token(sub="ada")) == 200
    assert (await phone.get("/me"))[0] == 200


async def test_a_sign_in_that_lacks_its_factor_ends_when_the_service_is_unlinked(
    desk: Desk, clock: SetClock
) -> None:
    ana = await desk.house.person("Ana")
    assert await link(desk, ana) == 303
    app, _ = await set_up(ana, clock)
    browser = desk.browser()
    assert (await desk.come(browser, **ADA)).headers["location"].startswith("/login/code")
    assert (await ana.delete(UNLINK))[0] == 204
    form = {"code": app.next_code(), "next": "/"}
    assert (await browser.open("POST", "/login/code", form=form)).headers["location"] == "/login"
    assert (await browser.get("/me"))[0] == 401


async def test_all_ways_in_that_the_operator_removes_are_gone(desk: Desk) -> None:
    ana = await desk.house.person("Ana")
    assert await link(desk, ana) == 303
    desk.house.events.clear()
    await desk.house.database.write(remove_all_factors, ana.id)
    assert SecurityEvent(ana.id, "ways_in_removed") in desk.house.events
    refused = await desk.come(desk.browser(), **(ADA | {"email": ana.email}))
    assert refused.status_code == 409
    assert (await desk.browser().sign_in(ana.email))[0] == 201


class TestPasskeys:
    """A server whose name lets browsers make passkeys, and which takes no passwords."""

    @pytest.fixture
    def given(self) -> dict[str, str]:
        return {"LOCAL_PASSWORDS": "off", "BASE_URL": LOCALHOST}

    async def test_a_passkey_is_another_way_in_and_the_last_one_stays(
        self, desk: Desk, clock: SetClock
    ) -> None:
        ada = await desk.sign_in(auth_time=clock.now // 1000)
        assert (await ada.delete(UNLINK))[0] == 409
        key = await add_passkey(ada)
        assert (await ada.delete(UNLINK))[0] == 204
        [passkey] = (await ada.get("/me/second-factor"))[1]["passkeys"]
        status, refusal = await ada.delete(f"/me/passkeys/{passkey['id']}")
        assert (status, "only way to sign in" in refusal["detail"]) == (409, True)
        assert (await enter(desk.browser(), key))[0] == 201

    async def test_the_page_offers_passkeys_without_passwords(self, desk: Desk) -> None:
        page = await (await desk.browser().open("GET", "/login")).get_data(as_text=True)
        assert ("data-passkey=" in page, 'type="password"' in page) == (True, False)


async def test_only_a_sign_in_that_was_asked_again_is_a_proof(desk: Desk, clock: SetClock) -> None:
    ada = await desk.sign_in()  # without auth_time: someone may have been signed in there for long
    assert (await ada.post(LINK, {}))[1]["code"] == "proof_needed"
    now = clock.now // 1000
    assert await prove(desk, ada) == 403
    assert await prove(desk, ada, auth_time=now - 3_600) == 403
    assert await prove(desk, ada, "somebody-else", auth_time=now) == 403
    assert (await ada.post(LINK, {}))[1]["code"] == "proof_needed"
    asked = await desk.begin(ada, "/login/openid/one/prove")
    assert (asked.query["prompt"], asked.query["max_age"]) == ("login", "0")
    code = desk.one.code(asked, "ada", auth_time=now)
    assert (await desk.answer(ada, asked, code=code)).status_code == 303
    assert (await ada.post(LINK, {}))[0] == 201
    stranger = await desk.browser().open("GET", "/login/openid/one/prove")
    assert stranger.headers["location"] == "/login"


async def test_the_session_that_a_proof_began_signs_out_as_well(
    desk: Desk, clock: SetClock
) -> None:
    ada = await desk.sign_in(sid="s1")
    assert await prove(desk, ada, sid="s2", auth_time=clock.now // 1000) == 303
    assert await logout(desk, desk.one.logout_token(sid="s1")) == 200
    assert (await ada.get("/me"))[0] == 200
    assert await logout(desk, desk.one.logout_token(sid="s2")) == 200
    assert (await ada.get("/me"))[0] == 401


async def test_an_account_without_a_password_closes_with_a_fresh_proof(
    desk: Desk, clock: SetClock
) -> None:
    await desk.sign_in("first", email="first@example.org")
    ada = await desk.sign_in()
    assert (await ada.delete("/me", {}))[1]["code"] == "proof_needed"
    assert await prove(desk, ada, auth_time=clock.now // 1000) == 303
    assert (await ada.delete("/me", {}))[0] == 204
    ana = await desk.house.person("Ana")
    assert (await ana.delete("/me", {}))[0] == 400  # who has a password gives it
    again = await desk.sign_in()
    assert again.id != ada.id


async def logout(desk: Desk, token: str) -> int:
    """Tell the server that someone signed out at the first provider."""
    program = desk.browser()
    program.headers = {}
    form = {"logout_token": token}
    return (await program.open("POST", "/login/openid/one/logout", form=form)).status_code


async def test_the_provider_signs_a_session_or_a_person_out(desk: Desk) -> None:
    first, second = await desk.sign_in(sid="s1"), await desk.sign_in(sid="s2")
    ben = await desk.sign_in("ben", email="ben@example.org", sid="s3")
    token = desk.one.logout_token(sid="s1", sub="ada")
    assert await logout(desk, token) == 200
    assert await logout(desk, token) == 400  # it counts once
    assert [(await one.get("/me"))[0] for one in (first, second, ben)] == [401, 200, 200]
    assert await logout(desk, desk.one.logout_token(sub="ada")) == 200
    assert [(await one.get("/me"))[0] for one in (second, ben)] == [401, 200]
    assert await logout(desk, desk.one.logout_token(sid="s3")) == 200
    assert (await ben.get("/me"))[0] == 401


async def test_logout_tokens_that_do_not_fit_sign_no_one_out(desk: Desk, clock: SetClock) -> None:
    ada = await desk.sign_in(sid="s1")
    now = clock.now // 1000
    odd: list[dict[str, Any]] = [
        {"iss": desk.two.issuer},
        {"aud": "somebody-else"},
        {"nonce": "n"},
        {"events": None},
        {"events": {LOGOUT_EVENT: None}},
        {"events": [LOGOUT_EVENT]},
        {"jti": None},
        {"iat": None},
        {"iat": now - 3_600},
        {"exp": now - 120},
        {"sub": None, "sid": None},
    ]
    for claims in odd:
        token = desk.one.logout_token(**({"sid": "s1", "sub": "ada"} | claims))
        assert await logout(desk, token) == 400, claims
    assert await logout(desk, desk.two.logout_token(sub="ada")) == 400
    assert await logout(desk, desk.one.id_token("n", sub="ada")) == 400
    assert await logout(desk, "") == 400
    assert (await ada.get("/me"))[0] == 200


async def test_signing_out_voids_a_sign_in_that_lacks_its_second_factor(
    desk: Desk, clock: SetClock
) -> None:
    ada = await desk.sign_in(auth_time=clock.now // 1000)
    app, _ = await set_up(ada, clock)
    browser = desk.browser()
    assert (await desk.come(browser, **ADA, sid="s2")).headers["location"].startswith("/login/code")
    assert await logout(desk, desk.one.logout_token(sid="s2")) == 200
    form = {"code": app.next_code(), "next": "/"}
    answer = await browser.open("POST", "/login/code", form=form)
    assert answer.headers["location"] == "/login"
    assert (await browser.get("/me"))[0] == 401
    assert (await desk.come(browser, **ADA, sid="s4")).status_code == 303
    form = {"code": app.next_code(), "next": "/"}
    assert (await browser.open("POST", "/login/code", form=form)).status_code == 303
    assert await logout(desk, desk.one.logout_token(sid="s4")) == 200
    assert (await browser.get("/me"))[0] == 401


async def test_fifty_logout_tokens_at_once_count_once(desk: Desk) -> None:
    token = desk.one.logout_token(sub="nobody")
    statuses = await asyncio.gather(*(logout(desk, token) for _ in range(50)))
    assert (statuses.count(200), statuses.count(400)) == (1, 49)


async def test_signing_out_here_leads_to_the_provider(desk: Desk) -> None:
    ada = await desk.sign_in()
    assert (await ada.open("GET", "/signed-out")).headers["location"] == "/login"
    ada = await desk.sign_in()
    await ada.open("POST", "/logout")
    assert (await ada.open("GET", "/signed-out")).headers["location"] == "/login"  # none announced


class TestProvidersOnly:
    """A server that takes no passwords."""

    @pytest.fixture
    def given(self) -> dict[str, str]:
        return {"LOCAL_PASSWORDS": "off"}

    async def test_no_door_takes_a_password(self, desk: Desk) -> None:
        page = await (await desk.browser().open("GET", "/login")).get_data(as_text=True)
        assert ("Service one" in page, 'type="password"' in page) == (True, False)
        ada = await desk.sign_in()
        browser = desk.browser()
        account = {"email": "ana@example.org", "name": "Ana", "password": PASSWORD}
        for method, path, body in (
            ("POST", "/accounts", account),
            ("POST", "/sessions", {"email": "ada@example.org", "password": PASSWORD}),
        ):
            assert (await browser.call(method, path, body))[1]["code"] == "forbidden"
        for method, path, body in (
            ("PUT", "/me/password", {"new": PASSWORD}),
            ("PUT", "/sessions/current/proof", {"password": PASSWORD}),
            ("DELETE", "/me", {"password": PASSWORD}),
        ):
            assert (await ada.call(method, path, body))[1]["code"] == "forbidden"
