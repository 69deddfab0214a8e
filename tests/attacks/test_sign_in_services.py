"""Attacks with malformed answers of a sign-in service, between it, the browser and us."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import pytest

from tests.attacks.servers import Target, start_target
from tests.openid_connect.conftest import providers_file
from tests.openid_connect.odd_provider import Asked, OddProvider, new_key
from tests.product.people import PASSWORD, register

ADA: dict[str, Any] = {"email": "ada@example.org", "email_verified": True, "name": "Ada Lovelace"}


@dataclass
class Desk:
    """A server that takes people from two services."""

    target: Target
    one: OddProvider
    two: OddProvider

    async def begin(self, http: httpx.AsyncClient, path: str = "/login/openid/one") -> Asked:
        """Press the button; return what the service gets."""
        answer = await http.get(path)
        assert answer.status_code == 303, answer.text
        return self.one.asked(answer.headers["location"])

    async def answer(self, http: httpx.AsyncClient, asked: Asked, **given: str) -> httpx.Response:
        """Come back from the service."""
        path = urlsplit(asked.redirect_uri).path
        return await http.get(f"{path}?{urlencode({'state': asked.state} | given)}")

    async def come(self, http: httpx.AsyncClient, subject: str, **claims: Any) -> httpx.Response:
        """Sign in, all the way."""
        asked = await self.begin(http)
        return await self.answer(http, asked, code=self.one.code(asked, subject, **claims))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A server of its own for each attack: what services say is remembered."""
    one, two = OddProvider(), OddProvider()
    await one.start()
    await two.start()
    file = providers_file(tmp_path, one, two, "match_email = true")
    settings = {"ECHOSPHERE_OPENID_PROVIDERS": str(file), "ECHOSPHERE_REGISTRATION": "open"}
    target = await asyncio.to_thread(start_target, tmp_path / "server", settings)
    yield Desk(target, one, two)
    await asyncio.to_thread(target.served.stop)
    await one.stop()
    await two.stop()
    assert target.faults() == []


async def signed_in(http: httpx.AsyncClient) -> bool:
    return (await http.get("/api/v1/me")).status_code == 200


async def test_odd_tokens_let_no_one_in(desk: Desk) -> None:
    now = int(time.time())
    odd: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "another issuer": ({"iss": "https://evil.example"}, {}),
        "the other service": ({"iss": desk.two.issuer}, {}),
        "for somebody else": ({"aud": "somebody-else"}, {}),
        "for many": ({"aud": ["echosphere", "somebody-else"]}, {}),
        "issued to somebody else": ({"azp": "somebody-else"}, {}),
        "another question": ({"nonce": "another"}, {}),
        "no question": ({"nonce": None}, {}),
        "expired": ({"exp": now - 600}, {}),
        "for ever": ({"exp": None}, {}),
        "to come": ({"iat": now + 6_000}, {}),
        "nobody": ({"sub": None}, {}),
        "a long name": ({"sub": "x" * 300}, {}),
        "NUL": ({"sub": "a\0da"}, {}),
        "unsigned": ({}, {"alg": "none"}),
        "signed with what everybody has": ({}, {"alg": "HS256"}),
        "an unknown key": ({}, {"kid": "unknown"}),
    }
    for name, (claims, header) in odd.items():
        desk.one.claims, desk.one.header = claims, header
        async with desk.target.browser() as http:
            assert (await desk.come(http, "ada", **ADA)).status_code == 403, name
            assert not await signed_in(http), name
    desk.one.claims, desk.one.header = {}, {}
    async with desk.target.browser() as http:
        assert (await desk.come(http, "ada", **ADA)).status_code == 303
        assert await signed_in(http)


async def test_a_key_under_a_known_name_is_another(desk: Desk) -> None:
    async with desk.target.browser() as http:
        await desk.come(http, "ada", **ADA)
    desk.one.signing_key = new_key("one")
    async with desk.target.browser() as http:
        assert (await desk.come(http, "ada", **ADA)).status_code == 403
        assert not await signed_in(http)


async def test_an_answer_is_of_one_browser(desk: Desk) -> None:
    """No one is signed in as the attacker by a link."""
    async with desk.target.browser() as eve, desk.target.browser() as ada:
        asked = await desk.begin(eve)
        code = desk.one.code(asked, "eve", **(ADA | {"email": "eve@example.org"}))
        assert (await desk.answer(ada, asked, code=code)).status_code == 403
        await desk.begin(ada)
        assert (await desk.answer(ada, asked, code=code)).status_code == 403
        assert not await signed_in(ada)


async def test_an_answer_is_of_one_service(desk: Desk) -> None:
    async with desk.target.browser() as http:
        asked = await desk.begin(http)
        code = desk.one.code(asked, "ada", **ADA)
        query = urlencode({"state": asked.state, "code": code})
        assert (await http.get(f"/login/openid/two/callback?{query}")).status_code == 403
        asked = await desk.begin(http)
        code = desk.one.code(asked, "ada", **ADA)
        mixed = await desk.answer(http, asked, code=code, iss=desk.two.issuer)
        assert mixed.status_code == 403
        assert not await signed_in(http)


async def test_an_answer_that_is_given_twenty_times_counts_once(desk: Desk) -> None:
    async with desk.target.browser() as http:
        asked = await desk.begin(http)
        code = desk.one.code(asked, "ada", **ADA)
        cookie = "; ".join(f"{name}={value}" for name, value in http.cookies.items())

    async def once() -> int:
        async with desk.target.browser(Cookie=cookie) as browser:
            return (await desk.answer(browser, asked, code=code)).status_code

    statuses = await asyncio.gather(*(once() for _ in range(20)))
    assert (statuses.count(303), statuses.count(403)) == (1, 19)


async def test_an_address_that_the_service_has_not_confirmed_opens_no_account(desk: Desk) -> None:
    ben = await register(desk.target.base, "Ben Example")
    for verified in (False, None, "true", 1, 0):
        async with desk.target.browser() as http:
            claims = {"email": ben.email, "email_verified": verified, "name": "Eve"}
            answer = await desk.come(http, f"eve-{verified}", **claims)
            assert answer.status_code == 403, verified
            assert not await signed_in(http)
    await ben.get("/me")
    await ben.close()


async def test_the_account_of_another_is_not_opened_by_an_address_once_it_has_more(
    desk: Desk,
) -> None:
    """Whoever gets someone's former address at the service is not them."""
    async with desk.target.browser() as http:
        assert (await desk.come(http, "ada", **ADA)).status_code == 303
    async with desk.target.browser() as http:
        assert (await desk.come(http, "another-subject", **ADA)).status_code in (403, 409)
        assert not await signed_in(http)


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example"])
async def test_the_service_leads_back_to_us(desk: Desk, wanted: str) -> None:
    async with desk.target.browser() as http:
        asked = await desk.begin(http, f"/login/openid/one?{urlencode({'next': wanted})}")
        answer = await desk.answer(http, asked, code=desk.one.code(asked, "ada", **ADA))
        assert str(httpx.URL(desk.target.base).join(answer.headers["location"])).startswith(
            f"{desk.target.base}/"
        )


async def test_what_a_service_says_in_an_error_is_no_markup(desk: Desk) -> None:
    async with desk.target.browser() as http:
        asked = await desk.begin(http)
        said = "<script>alert(1)</script>"
        answer = await desk.answer(http, asked, error=said, error_description=said)
        assert answer.status_code == 403
        assert said not in answer.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://evil.example"},
        {"aud": "somebody-else"},
        {"events": {}},
        {"nonce": "x"},
        {"iat": 1},
        {"jti": None},
        {"exp": 1},
    ],
    ids=str,
)
async def test_a_forged_logout_signs_no_one_out(desk: Desk, wrong: dict[str, Any]) -> None:
    async with desk.target.browser() as http:
        await desk.come(http, "ada", **ADA)
        path = "/login/openid/one/logout"
        token = desk.one.logout_token(sub="ada", **wrong)
        async with httpx.AsyncClient(base_url=desk.target.base) as service:
            refused = await service.post(path, data={"logout_token": token})
            assert refused.status_code == 400, refused.text
            assert await signed_in(http)
            right = desk.one.logout_token(sub="ada")
            await service.post(path, data={"logout_token": right})
        assert not await signed_in(http)


async def test_the_password_of_an_account_is_not_known_to_who_came_by_a_service(
    desk: Desk,
) -> None:
    async with desk.target.browser() as http:
        await desk.come(http, "ada", **ADA)
    for password in ("", PASSWORD, "None", "!"):
        async with desk.target.browser() as http:
            proof = {"email": "ada@example.org", "password": password}
            assert (await http.post("/api/v1/sessions", json=proof)).status_code in (400, 401)
