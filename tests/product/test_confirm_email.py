"""If addresses must be confirmed by e-mail, a new account can do that and nothing else."""

import asyncio
import re
from collections.abc import AsyncIterator
from urllib.parse import quote

import httpx
import pytest

from echosphere.commands.answering import answer
from echosphere.control import Call
from echosphere.settings import SettingsError, load_settings
from tests.mail_server import MailServer, text_of
from tests.product.conftest import Running
from tests.product.people import PASSWORD, TIMEOUT, Person, client_of, people_on, session_of
from tests.product.test_password_reset import PAGE, use

LINK = re.compile(r"https://chat\.club\.example(/[a-z-]+/[\w-]{43})")


@pytest.fixture
def more_settings(post: MailServer) -> dict[str, str]:
    return {
        "ECHOSPHERE_SMTP_URL": f"smtp://127.0.0.1:{post.port}",
        "ECHOSPHERE_BASE_URL": "https://chat.club.example",
        "ECHOSPHERE_CONFIRM_EMAIL": "on",
    }


@pytest.fixture
async def olga(server: str, another_owner: str) -> AsyncIterator[Person]:
    """Someone who registered, but has not opened the mail."""
    async with people_on(server, "Olga New") as [olga]:
        yield olga


@pytest.fixture
async def stranger(server: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which no one is signed in."""
    async with httpx.AsyncClient(base_url=server, headers=PAGE, timeout=TIMEOUT) as http:
        yield http


@pytest.fixture
async def tab(server: str, olga: Person) -> AsyncIterator[httpx.AsyncClient]:
    """The browser in which Olga registered; programs may send the token as the cookie."""
    headers = {**PAGE, "authorization": f"Bearer {olga.token}"}
    async with httpx.AsyncClient(base_url=server, headers=headers, timeout=TIMEOUT) as http:
        yield http


async def mailed_link(post: MailServer, to: str) -> str:
    """Return the path of the link in the last mail to an address, waiting for it if need be."""
    async with asyncio.timeout(TIMEOUT):
        while to not in post.recipients:
            await asyncio.sleep(0.02)
    at = len(post.recipients) - 1 - post.recipients[::-1].index(to)
    found = LINK.search(text_of(post.letters[at]))
    assert found is not None
    return found[1]


async def test_nothing_works_until_the_link_is_used(
    olga: Person, post: MailServer, stranger: httpx.AsyncClient, tab: httpx.AsyncClient
) -> None:
    for method, path in (("GET", "/me"), ("PATCH", "/me"), ("POST", "/contacts")):
        refused = await olga.http.request(method, path, json={} if method != "GET" else None)
        assert (refused.status_code, refused.json()["code"]) == (403, "confirmation_needed")
    for transport in ("websocket", "polling"):
        with pytest.raises(Exception, match="failed to connect"):
            await olga.connect(transports=[transport])
    for path in ("/", "/login", "/second-factor"):
        assert (await tab.get(path)).headers["location"] == "/confirm-email"
    assert olga.email in (await tab.get("/confirm-email")).text
    link = await mailed_link(post, olga.email)
    text = text_of(post.letters[-1])
    assert ("Confirm that it is yours" in text, "Bestätige hier" in text) == (True, True)
    for _ in range(2):  # looking changes nothing
        assert olga.email in (await tab.get(link)).text
    assert (await olga.http.get("/me")).status_code == 403
    assert (await tab.post(link)).status_code == 303
    for browser in (tab, stranger):
        assert (await browser.post(link)).status_code == 410
    assert (await olga.get("/me"))["user"]["email"] == olga.email
    await olga.connect()
    assert (await tab.get("/confirm-email")).headers["location"] == "/"


async def test_whoever_got_the_mail_confirms_nothing_for_an_account_that_is_not_theirs(
    olga: Person, post: MailServer, stranger: httpx.AsyncClient, server: str
) -> None:
    link = await mailed_link(post, olga.email)
    for method in ("GET", "POST"):
        led = await stranger.request(method, link)
        assert (led.status_code, led.headers["location"]) == (303, f"/login?next={quote(link, '')}")
        assert olga.email not in led.text
    async with people_on(server, "Ben Other") as [ben]:
        stranger.headers["authorization"] = f"Bearer {ben.token}"
        for method in ("GET", "POST"):
            refused = await stranger.request(method, link)
            assert refused.status_code == 403
            assert "o…@example.org" in refused.text
            assert olga.email not in refused.text
    del stranger.headers["authorization"]
    form = {"email": olga.email, "password": PASSWORD, "next": link}
    signed_in = await stranger.post("/login", data=form)
    assert signed_in.headers["location"] == link
    stranger.headers["authorization"] = f"Bearer {session_of(signed_in)}"
    assert olga.email in (await stranger.get(link)).text
    assert (await stranger.post(link)).status_code == 303
    assert (await olga.get("/me"))["user"]["email"] == olga.email


async def test_a_wrong_address_is_replaced_by_one_that_confirms_itself(
    olga: Person, post: MailServer, stranger: httpx.AsyncClient, tab: httpx.AsyncClient
) -> None:
    change = {"action": "change", "email": "olga@right.example", "password": "wrong"}
    assert (await tab.post("/confirm-email", data=change)).status_code == 400
    change["password"] = PASSWORD
    known = {**change, "email": "owner@example.org"}
    answers = [await tab.post("/confirm-email", data=one) for one in (change, known)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    link = await mailed_link(post, "olga@right.example")
    assert (await stranger.post(link)).headers["location"].startswith("/login?next=%2Fconfirm-")
    assert (await tab.post(link)).status_code == 303
    given = {"email": "olga@right.example", "password": PASSWORD, "bearer": True}
    token = (await olga.http.post("/sessions", json=given)).json()["token"]
    me = await olga.http.get("/me", headers={"authorization": f"Bearer {token}"})
    assert me.json()["user"]["email"] == "olga@right.example"
    assert post.recipients.count("owner@example.org") == 1  # when that account was made


async def test_the_mail_is_sent_again_and_the_link_before_is_worth_nothing(
    olga: Person, post: MailServer, stranger: httpx.AsyncClient, tab: httpx.AsyncClient
) -> None:
    first = await mailed_link(post, olga.email)
    assert "on its way" in (await tab.post("/confirm-email", data={"action": "again"})).text
    async with asyncio.timeout(TIMEOUT):
        while (second := await mailed_link(post, olga.email)) == first:
            await asyncio.sleep(0.02)
    assert (await stranger.post(first)).status_code == 410
    assert (await tab.post(second)).status_code == 303


async def test_a_mailed_reset_link_and_an_invitation_by_mail_confirm_as_well(
    olga: Person, post: MailServer, stranger: httpx.AsyncClient, running: Running, server: str
) -> None:
    await mailed_link(post, olga.email)
    await stranger.post("/forgot-password", data={"email": olga.email})
    async with asyncio.timeout(TIMEOUT):
        while "/reset-password/" not in (link := await mailed_link(post, olga.email)):
            await asyncio.sleep(0.02)
    assert (await use(stranger, link)).status_code == 303
    given = {"email": olga.email, "password": "a quite different passphrase", "bearer": True}
    token = (await olga.http.post("/sessions", json=given)).json()["token"]
    me = await olga.http.get("/me", headers={"authorization": f"Bearer {token}"})
    assert me.status_code == 200
    command = Call("user invite", {"emails": ["eva@right.example"]}, "root")
    [_] = [part async for part in answer(running.application, command)]
    invited = (await mailed_link(post, "eva@right.example")).rpartition("/")[2]
    eva = {"email": "eva@right.example", "name": "Eva", "password": PASSWORD, "invite": invited}
    async with client_of(server) as program:
        made = await program.post("/accounts", json=eva)
        assert made.status_code == 201, made.text
        own = {"authorization": f"Bearer {session_of(made)}"}
        assert (await program.get("/me", headers=own)).status_code == 200


def test_without_a_mail_server_the_start_is_refused() -> None:
    with pytest.raises(SettingsError, match="SMTP_URL must name the mail server"):
        load_settings({"ECHOSPHERE_CONFIRM_EMAIL": "on"})
