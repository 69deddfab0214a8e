"""Whatever works once works only once, even with fifty concurrent attempts; on both databases."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import msgspec
import pyotp
import pytest

from echosphere.accounts import OPERATOR, AccountRole, NewAccount, create_user
from echosphere.admission import owner_link
from echosphere.commands.answering import answer
from echosphere.control import Call
from echosphere.core.clock import system_clock
from echosphere.openid_connect import store as identities
from echosphere.openid_connect.claims import Identity
from echosphere.recovery import make_reset_link
from echosphere.recovery.issue import issue_link
from tests.openid_connect.conftest import providers_file
from tests.openid_connect.odd_provider import OddProvider
from tests.product.conftest import Running, settings_for
from tests.product.people import PASSWORD, TIMEOUT, TRUST, Person, client_of
from tests.product.test_password_reset import PAGE
from tests.second_factor.authenticator import ORIGIN as LOCALHOST
from tests.second_factor.authenticator import Authenticator

RACERS = 50
REFUSALS = {400, 401, 403, 404, 410}
EMAIL = "ana@example.org"

Attempt = Callable[[int], Awaitable[int]]
"""Tries it, and returns the status of the answer."""


@dataclass
class Desk:
    """A server on which Ana has an account, and a sign-in service that knows her."""

    running: Running
    base: str
    provider: OddProvider
    ana: Person

    @property
    def database(self) -> Any:
        return self.running.application.database

    async def call(self, method: str, path: str, **given: Any) -> httpx.Response:
        """Make a request in a browser of its own, which keeps nothing and follows nothing."""
        headers = PAGE | given.pop("headers", {})
        async with httpx.AsyncClient(base_url=self.base, verify=TRUST, timeout=TIMEOUT) as http:
            return await http.request(method, path, headers=headers, **given)

    async def status(self, method: str, path: str, **given: Any) -> int:
        return (await self.call(method, path, **given)).status_code

    async def pending(self) -> str:
        """Sign in up to the second factor; return the token."""
        given = {"email": EMAIL, "password": PASSWORD, "bearer": True}
        begun = await self.call("POST", "/api/v1/sessions", json=given)
        assert begun.status_code == 202, begun.text
        return str(begun.json()["pending"])

    async def set_up_app(self) -> tuple[pyotp.TOTP, list[str]]:
        """Give Ana an app; return it and the recovery codes."""
        offer = await self.ana.post("/me/second-factor/app", {}, 200)
        app = pyotp.TOTP(offer["secret"])
        now = system_clock() // 30_000
        given = {"code": app.generate_otp(now - 1)}
        return app, (await self.ana.put("/me/second-factor/app", given, 200))["codes"]


@pytest.fixture
async def desk(tmp_path: Path, database_url: str) -> AsyncIterator[Desk]:
    one, two = OddProvider(), OddProvider()
    await one.start()
    await two.start()
    given = {
        "ECHOSPHERE_BASE_URL": LOCALHOST,
        "ECHOSPHERE_REGISTRATION": "invitation",
        "ECHOSPHERE_OPENID_PROVIDERS": str(providers_file(tmp_path, one, two, "")),
    }
    running = Running(settings_for(tmp_path / "data", database_url, **given))
    base = await running.start()
    application = running.application
    hashed = await application.password_hasher.hash(PASSWORD)
    made = await application.database.write(
        create_user, NewAccount(EMAIL, "Ana", ""), hashed, AccountRole.MEMBER, confirmed=True
    )
    user = {"id": made.id, "email": EMAIL, "name": "Ana"}
    async with client_of(base) as http:
        proof = {"email": EMAIL, "password": PASSWORD, "bearer": True}
        token = (await http.post("/sessions", json=proof)).json()["token"]
    ana = Person(base, user, token)
    yield Desk(running, base, one, ana)
    await ana.close()
    await running.stop()
    for provider in (one, two):
        await provider.stop()


async def reset_link(desk: Desk) -> Attempt:
    token, _ = await desk.database.write(make_reset_link, OPERATOR, desk.ana.id)
    return lambda number: desk.status(
        "POST", f"/reset-password/{token}", data={"password": f"otters knit at night {number}"}
    )


def link_to_address(purpose: str, page: str, email: str) -> Callable[[Desk], Awaitable[Attempt]]:
    async def prepare(desk: Desk) -> Attempt:
        token = await desk.database.write(issue_link, purpose, desk.ana.id, email)
        own = {"authorization": f"Bearer {desk.ana.token}"}
        return lambda _: desk.status("POST", f"/{page}/{token}", headers=own)

    return prepare


async def invite(desk: Desk) -> Attempt:
    call = Call("invite create", {"uses": 1}, "root")
    [part] = [msgspec.to_builtins(part) async for part in answer(desk.running.application, call)]
    return registration_by(desk, part["invites"][0]["url"])


async def link_for_the_owner(desk: Desk) -> Attempt:
    application = desk.running.application
    link = await owner_link(application.database, application.settings)
    assert link is not None
    return registration_by(desk, link)


def registration_by(desk: Desk, link: str) -> Attempt:
    def attempt(number: int) -> Awaitable[int]:
        email = f"racer{number}@example.org"
        given = {"email": email, "name": f"Racer {number}", "password": "seven quiet otters knit"}
        given["invite"] = link.rpartition("/")[2]
        return desk.status("POST", "/api/v1/accounts", json=given)

    return attempt


def second_step(desk: Desk, tokens: list[str], codes: list[str]) -> Attempt:
    def attempt(number: int) -> Awaitable[int]:
        token, code = tokens[number % len(tokens)], codes[number % len(codes)]
        given = {"pending": token, "code": code}
        return desk.status("POST", "/api/v1/sessions/second-factor", json=given)

    return attempt


async def recovery_code(desk: Desk) -> Attempt:
    _, codes = await desk.set_up_app()
    return second_step(desk, [await desk.pending() for _ in range(RACERS)], codes[:1])


async def code_of_the_app(desk: Desk) -> Attempt:
    app, _ = await desk.set_up_app()
    tokens = [await desk.pending() for _ in range(RACERS)]
    return second_step(desk, tokens, [app.generate_otp(system_clock() // 30_000)])


async def pending_sign_in(desk: Desk) -> Attempt:
    _, codes = await desk.set_up_app()
    return second_step(desk, [await desk.pending()], codes)


async def challenge_of_a_passkey(desk: Desk) -> Attempt:
    key = Authenticator()
    await desk.ana.post("/me/passkeys", key.make(await desk.ana.get("/me/passkey-options")))
    asked = await desk.call("GET", "/api/v1/sessions/passkey")
    cookie = asked.headers["set-cookie"].partition(";")[0]
    given = {"assertion": key.sign(asked.json()), "bearer": True}
    return lambda _: desk.status(
        "POST", "/api/v1/sessions/passkey", json=given, headers={"cookie": cookie}
    )


async def state_of_a_sign_in_service(desk: Desk) -> Attempt:
    identity = Identity("one", desk.provider.issuer, "ana", None, EMAIL, verified=True, name="Ana")
    assert await desk.database.write(identities.insert_identity, identity, desk.ana.id)
    begun = await desk.call("GET", "/login/openid/one")
    cookie = begun.headers["set-cookie"].partition(";")[0]
    asked = desk.provider.asked(begun.headers["location"])
    query = urlencode({"state": asked.state, "code": desk.provider.code(asked, "ana")})
    path = f"{urlsplit(asked.redirect_uri).path}?{query}"
    return lambda _: desk.status("GET", path, headers={"cookie": cookie})


ONCE: dict[str, tuple[Callable[[Desk], Awaitable[Attempt]], int]] = {
    "a reset link": (reset_link, 303),
    "a link that confirms an address": (link_to_address("confirm", "confirm-email", EMAIL), 303),
    "a link to a new address": (
        link_to_address("address", "confirm-address", "ana@elsewhere.example"),
        303,
    ),
    "an invite with one use": (invite, 201),
    "the link for the owner": (link_for_the_owner, 201),
    "a recovery code": (recovery_code, 201),
    "a code of the app": (code_of_the_app, 201),
    "a sign-in that waits for its second factor": (pending_sign_in, 201),
    "the challenge of a passkey": (challenge_of_a_passkey, 201),
    "the state of a sign-in service": (state_of_a_sign_in_service, 303),
}


@pytest.mark.parametrize("what", ONCE)
async def test_of_fifty_tries_at_once_one_succeeds(desk: Desk, what: str) -> None:
    prepare, success = ONCE[what]
    attempt = await prepare(desk)
    statuses = Counter(await asyncio.gather(*(attempt(number) for number in range(RACERS))))
    assert statuses.pop(success) == 1
    assert statuses.keys() <= REFUSALS
    assert statuses.total() == RACERS - 1
    assert await attempt(RACERS) in REFUSALS
