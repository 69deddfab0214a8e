"""The doors of accounts and contacts on a real database, without a network in between."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from quart import Quart, Response
from quart.typing import TestClientProtocol

from echosphere.accounts import (
    SESSIONS,
    AccountClosing,
    AccountsApi,
    AccountsOperations,
    AccountsPages,
    CallerCache,
    PasswordHasher,
    ProfileChanged,
    SessionEnded,
)
from echosphere.admission import ServerAdmission
from echosphere.api import Operations
from echosphere.contacts import ContactsOperations, announce_changed_profile, purge_contacts
from echosphere.contacts.block import ACQUAINTANCE_OF, AcquaintanceOf
from echosphere.contacts.send_request import SEND_REQUEST, SendRequest
from echosphere.conversations import start_direct
from echosphere.core.encryption import Sealer
from echosphere.core.rate_limits import RateLimiter
from echosphere.database import Database, Snapshot
from echosphere.profiles import acquaintance_of, no_directory, send_request_to_visible_user
from echosphere.second_factor import hold_sign_in
from echosphere.second_factor.encryption import PURPOSE
from echosphere.second_factor.finish_sign_in import SecondSteps
from echosphere.second_factor.operations import SecondFactorOperations
from echosphere.second_factor.passkey_checks import PasskeyChecks
from echosphere.second_factor.passkey_sign_in import PasskeySignIns
from echosphere.second_factor.relying_party import RelyingParty
from echosphere.second_factor.web import (
    EnrolmentPage,
    PasskeyDoors,
    SecondFactorApi,
    SecondFactorPages,
)
from echosphere.settings import LiveSettings, Settings, load_settings
from echosphere.web import (
    Api,
    Authenticate,
    Origins,
    SecurityHeaders,
    create_web,
    serve_messenger,
    session_cookie_name,
)
from echosphere.web.pages import ClientFiles, prepare_pages

ORIGIN = "http://127.0.0.1:5000"
PASSWORD = "kestrel-over-fjord"
OTHER_PASSWORD = "lantern-under-moss"
CHEAP = "scrypt:1024:8:1"

Answer = tuple[int, Any]


def _no_allowance(_snapshot: Snapshot, _secret: str) -> None:
    """There are no invites to groups."""


def settings_in(folder: Path, **given: str) -> Settings:
    """Settings with cheap hashes; rates are off unless a test is about them."""
    base = {
        "ECHOSPHERE_DATA": str(folder),
        "ECHOSPHERE_PASSWORD_METHOD": CHEAP,
        "ECHOSPHERE_RATE_LIMITS": "off",
    }
    return load_settings(base | {f"ECHOSPHERE_{name}": value for name, value in given.items()})


@dataclass
class House:
    """The doors, and what goes on behind them."""

    web: Quart
    api: Api
    settings: Settings
    database: Database
    password_hasher: PasswordHasher
    recognise: Authenticate
    accounts: AccountsApi
    events: list[Any]
    seconds: list[float]

    def browser(self, address: str = "192.0.2.1") -> "Browser":
        """A browser that no one is signed in with."""
        headers = {"origin": self.settings.base_url}
        return Browser(self, self.web.test_client(), address, headers)

    async def person(self, name: str, *, password: str = PASSWORD) -> "Browser":
        """A browser in which someone has just registered, as `name@example.org`."""
        browser = self.browser()
        email = f"{name.lower()}@example.org"
        status, body = await browser.post(
            "/accounts", {"email": email, "name": name, "password": password}
        )
        assert status == 201, body
        browser.id, browser.email = body["user"]["id"], email
        return browser

    async def contacts(self) -> tuple["Browser", "Browser"]:
        """Ana and Ben, who are contacts: Ana added Ben by his address."""
        ana, ben = await self.person("Ana"), await self.person("Ben")
        await ana.post("/contacts", {"email": ben.email})
        request = (await ben.get("/contacts/requests"))[1]["requests"][0]
        status, _ = await ben.post(f"/contacts/requests/{request['id']}", {"accept": True})
        assert status == 200
        self.events.clear()
        return ana, ben

    async def meet(self, one: "Browser", other: "Browser") -> None:
        """Two people have talked, and are no contacts any more: they may block each other."""
        await one.post("/contacts", {"email": other.email})
        request = (await other.get("/contacts/requests"))[1]["requests"][0]
        await other.post(f"/contacts/requests/{request['id']}", {"accept": True})
        await self.database.write(start_direct, one.id, other.id)
        await one.delete(f"/contacts/{other.id}")
        self.events.clear()

    def forget_what_was_recognised(self) -> None:
        """Let the time pass for which recognised sessions are trusted."""
        self.seconds[0] += 6


@dataclass
class Browser:
    """Someone's device."""

    house: House
    client: TestClientProtocol
    address: str
    headers: dict[str, str] = field(default_factory=lambda: {"origin": ORIGIN})
    id: str = ""
    email: str = ""

    async def open(self, method: str, path: str, **given: Any) -> Response:
        """Make a request; what comes back is the whole response."""
        headers = self.headers | given.pop("headers", {})
        return await self.client.open(
            path,
            method=method,
            headers=headers,
            scope_base={"client": (self.address, 50_000)},
            **given,
        )

    async def call(self, method: str, path: str, body: Any = None) -> Answer:
        """Call the REST interface; the status and the decoded body come back."""
        given = {} if body is None else {"json": body}
        response = await self.open(method, f"/api/v1{path}", **given)
        content = await response.get_data()
        return response.status_code, (await response.get_json() if content else None)

    async def get(self, path: str) -> Answer:
        """Call with GET."""
        return await self.call("GET", path)

    async def post(self, path: str, body: Any) -> Answer:
        """Call with POST."""
        return await self.call("POST", path, body)

    async def put(self, path: str, body: Any = None) -> Answer:
        """Call with PUT."""
        return await self.call("PUT", path, body)

    async def patch(self, path: str, body: Any) -> Answer:
        """Call with PATCH."""
        return await self.call("PATCH", path, body)

    async def delete(self, path: str, body: Any = None) -> Answer:
        """Call with DELETE."""
        return await self.call("DELETE", path, body)

    async def sign_in(self, email: str, password: str = PASSWORD) -> Answer:
        """Sign in with the cookie."""
        return await self.post("/sessions", {"email": email, "password": password})

    @property
    def token(self) -> str | None:
        """The token in this browser's session cookie."""
        name = session_cookie_name(secure=self.house.settings.secure)
        cookies = self.client.cookie_jar or ()
        return next((cookie.value for cookie in cookies if cookie.name == name), None)


@asynccontextmanager
async def open_house(
    database: Database, settings: Settings, files: ClientFiles | None = None
) -> AsyncIterator[House]:
    """Serve accounts, their pages, the messenger's page and contacts on a started database."""
    events: list[Any] = []
    seconds = [0.0]
    live = LiveSettings(settings)
    web = create_web(live)
    web.asgi_app = SecurityHeaders(web.asgi_app, secure=settings.secure)  # type: ignore[method-assign,assignment]
    password_hasher = PasswordHasher(settings.password_method)
    callers = CallerCache(database, live, lambda: seconds[0])
    recognise = callers.by(SESSIONS)
    rate_limiter = RateLimiter(enabled=settings.rate_limits)
    cookie = session_cookie_name(secure=settings.secure)
    api = Api(web, recognise, Origins.of(settings), rate_limiter, cookie)
    admitted = ServerAdmission(live, _no_allowance)
    accounts = AccountsApi(
        database, password_hasher, rate_limiter, live, admitted, hold=hold_sign_in
    )
    database.in_same_transaction(ProfileChanged, announce_changed_profile)
    database.in_same_transaction(AccountClosing, purge_contacts)
    accounts.serve(api)
    AccountsPages(api, accounts).serve(web)
    operations = Operations(rate_limiter, api)
    operations.add(AccountsOperations(database, accounts.authentication).all())
    sealer = Sealer(PURPOSE, settings.secret_key, settings.secret_key_previous)
    party = RelyingParty.of(settings.base_url)
    checks = PasskeyChecks(database, accounts.authentication, party, settings.secret_key)
    own = SecondFactorOperations(database, accounts.authentication, sealer, checks, live)
    operations.add(own.all())
    steps = SecondSteps(database, accounts.authentication, checks)
    finishing = SecondFactorApi(steps, accounts, rate_limiter)
    finishing.serve(api)
    SecondFactorPages(api, accounts, steps, finishing).serve(web)
    EnrolmentPage(api, database, accounts.authentication, sealer, checks).serve(web)
    sign_ins = PasskeySignIns(database, accounts.authentication, checks)
    PasskeyDoors(api, sign_ins, accounts, rate_limiter, party).serve(web)
    send: SendRequest = partial(send_request_to_visible_user, no_directory)
    known: AcquaintanceOf = partial(acquaintance_of, no_directory)
    database.provide(SEND_REQUEST, send)
    database.provide(ACQUAINTANCE_OF, known)
    operations.add(ContactsOperations(database).all())
    if files is not None:
        prepare_pages(web, live, files)
    serve_messenger(web, api, files)

    def publish(announced: Sequence[Any]) -> None:
        events.extend(announced)
        for event in announced:
            if isinstance(event, SessionEnded):
                callers.forget(event.session_ids)

    database.publish = publish
    yield House(web, api, settings, database, password_hasher, recognise, accounts, events, seconds)
    await password_hasher.stop()
