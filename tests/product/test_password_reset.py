"""Someone who lost a password gets back in, and no one else does."""

import asyncio
import re
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import update

from echosphere.accounts import OPERATOR, change_email
from echosphere.core.clock import HOUR
from echosphere.core.errors import TooMany
from echosphere.core.ids import token_hash
from echosphere.core.rate_limits import RateLimiter
from echosphere.database import Command, Transaction
from echosphere.recovery import make_reset_link
from echosphere.recovery.limits import MAILS_TO_ADDRESS
from echosphere.recovery.store import find_link, one_time_links
from tests.mail_server import MailServer, text_of
from tests.product.conftest import Running
from tests.product.once import on_one_database
from tests.product.people import PASSWORD, TIMEOUT, Person
from tests.product.test_sessions_live import another_device, assert_signed_out

Cast = tuple[Person, Person, Person]

NEW = "a quite different passphrase"
PAGE = {"accept": "text/html", "sec-fetch-site": "same-origin"}
BASE = "https://chat.club.example"


@pytest.fixture
def more_settings(post: MailServer) -> dict[str, str]:
    """For a server that sends mail."""
    return {
        "ECHOSPHERE_SMTP_URL": f"smtp://127.0.0.1:{post.port}",
        "ECHOSPHERE_BASE_URL": BASE,
    }


@pytest.fixture
async def stranger(server: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which no one is signed in."""
    async with httpx.AsyncClient(base_url=server, headers=PAGE, timeout=TIMEOUT) as http:
        yield http


async def ask(stranger: httpx.AsyncClient, email: str, **more: str) -> httpx.Response:
    return await stranger.post("/forgot-password", data={"email": email}, headers=more)


async def link_of(running: Running, person: Person) -> str:
    """Return the path of a link to hand over."""
    database = running.application.database
    token, _ = await database.write(make_reset_link, OPERATOR, person.id)
    return f"/reset-password/{token}"


async def use(stranger: httpx.AsyncClient, link: str, password: str = NEW) -> httpx.Response:
    return await stranger.post(link, data={"password": password})


async def sign_in(person: Person, password: str, status: int = 201) -> None:
    async with httpx.AsyncClient(base_url=f"{person.base}/api/v1") as http:
        proof = {"email": person.email, "password": password, "bearer": True}
        assert (await http.post("/sessions", json=proof)).status_code == status


async def letters(post: MailServer, count: int) -> None:
    """Wait until so many letters have come."""
    async with asyncio.timeout(TIMEOUT):
        while len(post.letters) < count:
            await asyncio.sleep(0.02)


async def test_a_mail_leads_to_a_new_password_and_ends_everything_else(
    cast: Cast, post: MailServer, stranger: httpx.AsyncClient
) -> None:
    ada, _, _ = cast
    phone = await another_device(ada)
    await letters(post, 1)  # of the new device
    gone = [await ada.connect(), await phone.connect(transports=["polling"])]
    asked = await ask(stranger, ada.email.upper(), host="evil.example")
    assert asked.status_code == 200
    await letters(post, 2)
    assert post.recipients == [ada.email, ada.email]
    text = text_of(post.letters[1])
    found = re.search(rf"{re.escape(BASE)}(/reset-password/[\w-]{{43}})\n", text)
    assert found is not None, text
    assert "evil.example" not in text + text_of(post.letters[1], "html")
    shown = await stranger.get(found[1])
    assert shown.status_code == 200
    assert ada.email in shown.text
    await ada.get("/me")  # looking changes nothing
    done = await use(stranger, found[1])
    assert (done.status_code, done.headers["location"]) == (303, "/login?next=%2Fother-ways-in")
    await assert_signed_out(*gone, reason="password")
    await phone.get("/me", 401)
    await sign_in(ada, PASSWORD, 401)
    await sign_in(ada, NEW)
    for again in (await stranger.get(found[1]), await use(stranger, found[1], PASSWORD)):
        assert again.status_code == 410
    await sign_in(ada, NEW)
    await phone.close()


async def test_a_link_raced_fifty_times_works_once(
    running: Running, cast: Cast, stranger: httpx.AsyncClient
) -> None:
    ada, _, _ = cast
    link = await link_of(running, ada)
    passwords = [f"{NEW} number {one}" for one in range(50)]
    answers = await asyncio.gather(*(use(stranger, link, one) for one in passwords))
    statuses = [answer.status_code for answer in answers]
    assert sorted(statuses) == [303, *[410] * 49]
    await sign_in(ada, passwords[statuses.index(303)])


async def test_a_link_ends_after_an_hour_and_with_the_next_one(
    running: Running, cast: Cast, stranger: httpx.AsyncClient
) -> None:
    ada, ben, _ = cast
    database = running.application.database

    def make_older(transaction: Transaction) -> None:
        earlier = one_time_links.c.expires_at - HOUR
        transaction.execute(update(one_time_links).values(expires_at=earlier))

    expired = await link_of(running, ada)
    stored = await database.read(find_link, token_hash(expired.rpartition("/")[2]))
    assert stored is not None
    assert stored.expires_at <= database.clock() + HOUR
    await database.write(make_older)
    replaced = await link_of(running, ben)
    valid = await link_of(running, ben)
    for link in (expired, replaced, "/reset-password/" + "x" * 43, "/reset-password/1"):
        answer = await use(stranger, link)
        assert (answer.status_code, "no longer valid" in answer.text) == (410, True)
        assert (await stranger.get(link)).status_code == 410
    assert (await use(stranger, valid)).status_code == 303


async def test_a_changed_password_or_address_voids_the_link(
    running: Running, cast: Cast, stranger: httpx.AsyncClient
) -> None:
    ada, ben, oscar = cast
    links = [await link_of(running, person) for person in cast]
    await ada.put("/me/password", {"current": PASSWORD, "new": NEW})
    await running.application.database.write(change_email, ben.id, "ben@elsewhere.example")
    closed = await oscar.http.request("DELETE", "/me", json={"password": PASSWORD})
    assert closed.status_code == 204
    for link in links:
        assert (await use(stranger, link, "yet another passphrase")).status_code == 410
    await sign_in(ada, NEW)


async def test_a_weak_password_is_refused_and_the_link_stays(
    running: Running, cast: Cast, stranger: httpx.AsyncClient
) -> None:
    ada, _, _ = cast
    link = await link_of(running, ada)
    for weak in ("short", "password1234", ada.email, "x" * 2_000, ""):
        refused = await use(stranger, link, weak)
        assert refused.status_code == 400
        assert 'aria-invalid="true"' in refused.text
    assert (await use(stranger, link)).status_code == 303


@on_one_database
async def test_a_known_and_an_unknown_address_are_answered_alike(
    running: Running, cast: Cast, stranger: httpx.AsyncClient
) -> None:
    ada, _, _ = cast
    application = running.application
    answers = []
    statements: list[list[str]] = []
    write, hasher = application.database.write, application.password_hasher

    async def noting(command: Command[object]) -> object:
        statements[-1].append(type(command).__name__)
        return await write(command)

    for email in (ada.email, "nobody.at.all@example.org"):
        statements.append([])
        hashes = hasher.computed
        application.database.write = noting  # type: ignore[assignment, method-assign]
        answers.append(await ask(stranger, email))
        application.database.write = write  # type: ignore[method-assign]
        assert hasher.computed == hashes
    known, unknown = answers
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    changing = {"date", "x-request-id"}
    headers = [{k: v for k, v in one.headers.items() if k not in changing} for one in answers]
    assert headers[0] == headers[1]
    assert [one.count("RequestReset") for one in statements] == [1, 1]


async def test_a_form_of_another_site_or_of_no_address_is_refused(
    cast: Cast, post: MailServer, stranger: httpx.AsyncClient, running: Running
) -> None:
    ada, _, _ = cast
    link = await link_of(running, ada)
    other = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    assert (await ask(stranger, ada.email, **other)).status_code == 403
    refused = await stranger.post(link, data={"password": NEW}, headers=other)
    assert refused.status_code == 403
    for email in ("", "ada", "@", "x" * 3_000):
        assert (await ask(stranger, email)).status_code == 400
    assert (await ask(stranger, "nobody@example.org")).status_code == 200
    assert (await ask(stranger, ada.email)).status_code == 200
    await letters(post, 1)
    assert post.recipients == [ada.email]


async def test_one_address_gets_two_mails_an_hour(
    running: Running, cast: Cast, stranger: httpx.AsyncClient
) -> None:
    ada, ben, _ = cast
    running.application.api.rate_limiter = RateLimiter()
    for _ in range(2):
        assert (await ask(stranger, ada.email)).status_code == 200
    for email in (ada.email, ben.email, "nobody@example.org"):
        refused = await ask(stranger, email)
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= 3_600
        assert "Try again in" in refused.text
    with pytest.raises(TooMany):
        running.application.api.rate_limiter.take(MAILS_TO_ADDRESS, ada.email)


async def test_a_mail_server_that_is_down_gets_a_later_mail(
    cast: Cast, post: MailServer, stranger: httpx.AsyncClient
) -> None:
    ada, _, _ = cast
    post.refusal = "550 no such mailbox"
    await ask(stranger, ada.email)
    assert (await stranger.get("/login")).status_code == 200
    post.refusal = None
    await ask(stranger, ada.email)
    await letters(post, 1)
    assert "Hello Ada Example," in text_of(post.letters[0])


class TestWithoutMail:
    """A server that sends no mail says so, and hands links over."""

    @pytest.fixture
    def more_settings(self) -> dict[str, str]:
        return {}

    async def test_the_sign_in_page_leads_there(self, stranger: httpx.AsyncClient) -> None:
        assert '<a href="/forgot-password">' in (await stranger.get("/login")).text

    async def test_the_page_says_whom_to_ask(
        self, running: Running, cast: Cast, stranger: httpx.AsyncClient
    ) -> None:
        ada, _, _ = cast
        for answer in (await stranger.get("/forgot-password"), await ask(stranger, ada.email)):
            assert answer.status_code == 200
            assert "Ask an administrator" in answer.text
            assert "<form" not in answer.text
        assert (await use(stranger, await link_of(running, ada))).status_code == 303
        await sign_in(ada, NEW)
