"""Calls that take an e-mail address answer the same whether or not it has an account."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import insert, select

from echosphere.accounts import FOREVER, confirm_email, retire_password, suspend
from echosphere.admission.store import insert_waiting
from echosphere.contacts.store.contacts import blocks
from echosphere.database import Snapshot, Transaction, jobs
from tests.mail_server import MailServer
from tests.owners import add_owner
from tests.product.conftest import Running
from tests.product.people import PASSWORD, TIMEOUT, Person, new_key, people_on
from tests.product.push_service import subscribed
from tests.product.samples import calls_of, routes_with, shape_of
from tests.product.statements import Statements, noted_statements

PAGE = {"accept": "text/html", "sec-fetch-site": "same-origin"}
CHANGING_HEADERS = {"date", "x-request-id"}
SECRET = re.compile(r"\b\d{13}\b|[\w-]{20,}")
WRONG = "not the password of anybody"


@dataclass
class World:
    """A caller, and accounts in every state in which someone may ask for their address.

    Attributes:
        accounts: The address of an account, by its state.
        stranger: A browser in which no one is signed in.
        caller: Who asks where one must be signed in.
    """

    running: Running
    accounts: dict[str, str]
    stranger: httpx.AsyncClient
    statements: Statements
    caller: Person | None = None

    @property
    def base(self) -> str:
        """The address of the server."""
        return str(self.stranger.base_url).rstrip("/")

    @property
    def signed_in(self) -> httpx.AsyncClient:
        """The client of the caller."""
        assert self.caller is not None
        return self.caller.http


Door = Callable[[World, str], Awaitable[httpx.Response]]


@dataclass(frozen=True)
class Outcome:
    """What someone who asked can see or measure."""

    status: int
    headers: list[tuple[str, str]]
    body: str
    hashes: int
    statements: Counter[str]
    jobs: Counter[str]


async def sign_in(world: World, email: str) -> httpx.Response:
    given = {"email": email, "password": WRONG, "bearer": True}
    return await world.stranger.post("/api/v1/sessions", json=given)


async def sign_in_page(world: World, email: str) -> httpx.Response:
    given = {"email": email, "password": WRONG, "key": "a-key-of-the-form"}
    return await world.stranger.post("/login", data=given, headers=PAGE)


async def forgot_password(world: World, email: str) -> httpx.Response:
    return await world.stranger.post("/forgot-password", data={"email": email}, headers=PAGE)


async def contact(world: World, email: str) -> httpx.Response:
    return await world.signed_in.post("/contacts", json={"email": email})


async def contact_again(world: World, email: str) -> httpx.Response:
    await contact(world, email)
    await world.statements.settled()
    world.statements.clear()
    return await contact(world, email)


async def contact_with_key(world: World, email: str) -> httpx.Response:
    return await world.signed_in.post("/contacts", json={"email": email, "key": new_key()})


async def change_of_address(world: World, email: str) -> httpx.Response:
    given = {"email": email, "password": PASSWORD}
    return await world.signed_in.put("/me/email", json=given)


async def invitations(world: World, email: str) -> httpx.Response:
    return await world.signed_in.post("/server/invites/people", json={"emails": [email]})


async def registration(world: World, email: str) -> httpx.Response:
    given = {"email": email, "name": "Somebody Else", "password": PASSWORD}
    return await world.stranger.post("/api/v1/accounts", json=given)


async def other_address_to_confirm(world: World, email: str) -> httpx.Response:
    given = {"action": "change", "email": email, "password": PASSWORD}
    return await world.signed_in.post(f"{world.base}/confirm-email", data=given, headers=PAGE)


async def registration_page(world: World, email: str) -> httpx.Response:
    given = {"email": email, "name": "Somebody Else", "password": PASSWORD, "key": "a-key-of-it"}
    return await world.stranger.post("/register", data=given, headers=PAGE)


@pytest.fixture
def more_settings(post: MailServer, request: pytest.FixtureRequest) -> dict[str, str]:
    """For a server that sends mail, with what a test wishes besides."""
    wished = getattr(request, "param", {})
    return {
        "ECHOSPHERE_SMTP_URL": f"smtp://127.0.0.1:{post.port}",
        "ECHOSPHERE_SERVER_INVITES": "everybody",
        **{f"ECHOSPHERE_{name}": value for name, value in wished.items()},
    }


def with_setting(**wished: str) -> pytest.MarkDecorator:
    """Return a mark for a test on a server with settings of its own."""
    named = " ".join(f"{name}={value}" for name, value in wished.items())
    return pytest.mark.parametrize("more_settings", [wished], ids=[named], indirect=True)


@pytest.fixture
def statements() -> Any:
    """Every statement of the server."""
    with noted_statements() as statements:
        yield statements


@pytest.fixture
async def world(statements: Statements, running: Running, server: str) -> AsyncIterator[World]:
    """A world whose jobs wait for ever, so that they can be counted."""
    names = ("Ada", "Ben", "Carl", "Dora", "Eve", "Fay", "Gus", "Hal", "Ida")
    database = running.application.database
    async with people_on(server, *names) as people:
        _, ben, carl, dora, eve, fay, gus, hal, ida = people
        for person in people[:-1]:  # where addresses are confirmed, the caller's still is not
            await database.write(confirm_email, person.id)
        await database.write(block, carl.id, ida.id)
        await database.write(suspend, dora.id, FOREVER, "Enough.")
        await subscribed(eve)
        await database.write(retire_password, fay.id)
        assert (await gus.http.request("DELETE", "/me", json={"password": PASSWORD})).is_success
        await hal.patch("/me", {"settings": {"requests_from": "groups"}})
        await database.write(wait_for_approval, "waits@example.org")
        accounts = {
            "open": ben, "blocks the caller": carl, "suspended": dora, "subscribed": eve,
            "without a password": fay, "closed": gus, "wants no requests": hal,
        }  # fmt: skip
        addresses = {state: person.email for state, person in accounts.items()}
        await stop_work_behind(running)
        async with httpx.AsyncClient(base_url=server, timeout=TIMEOUT) as stranger:
            waits = {"waits for approval": "waits@example.org"}
            yield World(running, addresses | waits, stranger, statements, ida)


def block(transaction: Transaction, user: str, blocked: str) -> None:
    transaction.execute(insert(blocks).values(user_id=user, blocked_id=blocked, created_at=1))


def wait_for_approval(transaction: Transaction, email: str) -> None:
    insert_waiting(transaction, email=email, name="Wanda", password="scrypt:1024:8:1$salt$00")


async def stop_work_behind(running: Running) -> None:
    """Stop what runs after the answers, so that only what a request causes itself is counted."""
    application = running.application
    for runner in (application.platform.jobs, application.push_jobs, application.preview_jobs):
        await runner.stop()
    await application.indexer.stop()


def waiting_jobs(snapshot: Snapshot) -> list[str]:
    return list(snapshot.execute(select(jobs.c.kind)).scalars())


async def outcome(world: World, door: Door, email: str) -> Outcome:
    """Knock, and return all that can be seen or counted."""
    world.stranger.cookies.clear()
    database, hasher = world.running.application.database, world.running.application.password_hasher
    before = Counter(await database.read(waiting_jobs))
    hashes = hasher.computed
    await world.statements.settled()
    world.statements.clear()
    answer = await door(world, email)
    statements = await world.statements.settled()
    left = Counter(await database.read(waiting_jobs)) - before
    return Outcome(
        answer.status_code,
        [(name, value) for name, value in answer.headers.items() if name not in CHANGING_HEADERS],
        normal(answer.text, email),
        hasher.computed - hashes,
        statements,
        left,
    )


def normal(body: str, email: str) -> str:
    """Return a body without the address that was asked for, dates, ids and secrets."""
    return SECRET.sub("…", body.replace(email, "ADDRESS"))


async def assert_equal_for_all(world: World, door: Door, status: int) -> None:
    """Knock with an address of each state, and each time with an unknown one of its length."""
    first = await outcome(world, door, "first@example.org")  # also for what is looked up once
    assert first.status == status
    for letter, state in zip("qrstuvwxyz", world.accounts, strict=False):
        local, _, domain = world.accounts[state].partition("@")
        unknown = await outcome(world, door, f"{letter * len(local)}@{domain}")
        known = await outcome(world, door, f"{local}@{domain}")
        assert differences(known, unknown) == {}, state


def differences(one: Outcome, other: Outcome) -> dict[str, object]:
    """Return what is not equal; of counts, what is more on each side."""
    found: dict[str, object] = {}
    for field in fields(Outcome):
        first, second = getattr(one, field.name), getattr(other, field.name)
        if first != second:
            counted = isinstance(first, Counter)
            found[field.name] = (first - second, second - first) if counted else (first, second)
    return found


@with_setting(RATE_LIMITS="on")
@pytest.mark.parametrize("door", [sign_in, sign_in_page])
async def test_a_wrong_password_tells_nothing_of_an_address(world: World, door: Door) -> None:
    await assert_equal_for_all(world, door, 401)


async def test_a_request_for_a_new_password_tells_nothing_of_an_address(world: World) -> None:
    await assert_equal_for_all(world, forgot_password, 200)


@pytest.mark.parametrize("door", [contact, contact_again, contact_with_key])
async def test_a_contact_request_tells_nothing_of_an_address(world: World, door: Door) -> None:
    await assert_equal_for_all(world, door, 202)


@pytest.mark.parametrize(("door", "status"), [(change_of_address, 200), (invitations, 201)])
async def test_an_address_that_is_to_be_written_to_tells_nothing(
    world: World, door: Door, status: int
) -> None:
    await assert_equal_for_all(world, door, status)


@with_setting(CONFIRM_EMAIL="on")
async def test_an_address_to_confirm_instead_tells_nothing(world: World) -> None:
    await assert_equal_for_all(world, other_address_to_confirm, 200)


@pytest.mark.parametrize("door", [registration, registration_page])
@with_setting(REGISTRATION="invitation", RATE_LIMITS="on")
async def test_registering_without_an_invite_tells_nothing_of_an_address(
    statements: Statements, running: Running, server: str, door: Door
) -> None:
    await add_owner(running.application.database)
    await stop_work_behind(running)
    async with httpx.AsyncClient(base_url=server, timeout=TIMEOUT) as stranger:
        world = World(running, {"open": "owner@example.org"}, stranger, statements)
        await assert_equal_for_all(world, door, 403)


BY_ADMINISTRATORS = "administrators see every address"

CALLS = {
    "POST /accounts": "registration; where anybody may register, it tells",
    "POST /sessions": "sign_in",
    "POST /contacts": "contact",
    "PUT /me/email": "change_of_address; without a mail server it tells, as registration does",
    "POST /server/invites/people": "invitations",
    "POST /administration/people": BY_ADMINISTRATORS,
}
FORMS = {
    "login.html": "sign_in_page",
    "register.html": "registration_page",
    "forgot.html": "forgot_password",
    "confirm-email.html": "other_address_to_confirm",
}


async def test_every_door_that_takes_an_address_is_tried(running: Running) -> None:
    routes = routes_with(running.application.api, "body")
    taking = {f"{one.method} {one.path}" for one in routes if takes_address(one.body)}
    calls = calls_of(running.application)
    assert taking == CALLS.keys()
    assert [name for name, shape in calls.items() if takes_address(shape)] == []
    pages = Path("src/echosphere/web/templates").glob("*.html")
    assert {page.name for page in pages if FIELD.search(page.read_text())} == FORMS.keys()
    tried = {one.partition(";")[0] for one in [*CALLS.values(), *FORMS.values()]}
    assert tried - {BY_ADMINISTRATORS} <= globals().keys()


FIELD = re.compile(r"""line\("email"|name="email"(?!.*readonly)""")


def takes_address(shape: type | None) -> bool:
    return any(
        field.name in ("email", "emails") for field in msgspec.structs.fields(shape_of(shape))
    )
