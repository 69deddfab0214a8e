"""People change their address: by a link to the new one, or immediately if no e-mail is sent."""

import asyncio
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from echosphere.accounts import replace_password
from echosphere.database import Transaction
from echosphere.recovery.mail_jobs import request_address_link
from tests.mail_server import MailServer, text_of
from tests.product.conftest import Running
from tests.product.people import PASSWORD, TIMEOUT, Person
from tests.product.test_password_reset import PAGE, letters, link_of, sign_in, use
from tests.product.test_sessions_live import another_device, assert_signed_out

Cast = tuple[Person, Person, Person]

NEW = "ada@elsewhere.example"


@pytest.fixture
def more_settings(post: MailServer) -> dict[str, str]:
    """For a server that sends mail."""
    return {"ECHOSPHERE_SMTP_URL": f"smtp://127.0.0.1:{post.port}"}


@pytest.fixture
async def tab(server: str, cast: Cast) -> AsyncIterator[httpx.AsyncClient]:
    """Ada's browser; programs may send the token as the cookie."""
    headers = {**PAGE, "authorization": f"Bearer {cast[0].token}"}
    async with httpx.AsyncClient(base_url=server, headers=headers, timeout=TIMEOUT) as http:
        yield http


@pytest.fixture
async def stranger(server: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which no one is signed in."""
    async with httpx.AsyncClient(base_url=server, headers=PAGE, timeout=TIMEOUT) as http:
        yield http


async def change(person: Person, email: str, status: int = 200, password: str = PASSWORD) -> object:
    return await person.put("/me/email", {"email": email, "password": password}, status)


async def email_of(person: Person) -> str:
    return str((await person.get("/me"))["user"]["email"])


def path_in(post: MailServer, recipient: str) -> str:
    """Return the path of the link in the last letter to someone."""
    letter = [one for one in post.letters if one["To"] == recipient][-1]
    found = re.search(r"https?://[^/\s]+(/confirm-address/[\w-]{43})\n", text_of(letter))
    assert found is not None
    return found[1]


async def test_a_link_to_the_new_address_changes_it_and_the_old_one_is_told(
    cast: Cast,
    post: MailServer,
    stranger: httpx.AsyncClient,
    tab: httpx.AsyncClient,
    running: Running,
) -> None:
    ada, _, _ = cast
    phone = await another_device(ada)
    await letters(post, 1)  # of the new device
    gone = [await phone.connect(), await phone.connect(transports=["polling"])]
    reset = await link_of(running, ada)
    await letters(post, 2)  # of that link
    assert await change(ada, NEW.upper()) == {"changed": False}
    await letters(post, 3)
    link = path_in(post, NEW)
    assert NEW in (await tab.get(link)).text
    assert await email_of(ada) == ada.email  # looking changes nothing
    done = await asyncio.gather(*(tab.post(link) for _ in range(10)))
    assert sorted(answer.status_code for answer in done) == [303, *[410] * 9]
    await assert_signed_out(*gone, reason="email")
    await phone.get("/me", 401)
    await letters(post, 4)
    assert post.recipients[-1] == ada.email
    assert "Your e-mail address was changed" in text_of(post.letters[-1])
    assert (await use(stranger, reset)).status_code == 410
    await sign_in(ada, PASSWORD, 401)
    ada.user["email"] = NEW
    await sign_in(ada, PASSWORD)
    await phone.close()


async def test_the_browser_that_opens_the_link_stays_signed_in(
    cast: Cast, post: MailServer, tab: httpx.AsyncClient
) -> None:
    ada, _, _ = cast
    await change(ada, NEW)
    await letters(post, 1)
    done = await tab.post(path_in(post, NEW))
    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert await email_of(ada) == NEW


async def test_whoever_gets_the_mail_at_a_mistyped_address_takes_nothing_over(
    cast: Cast, post: MailServer, stranger: httpx.AsyncClient
) -> None:
    ada, ben, _ = cast
    await change(ada, NEW)
    await letters(post, 1)
    link = path_in(post, NEW)
    for method in ("GET", "POST"):
        led = await stranger.request(method, link)
        assert (led.status_code, led.headers["location"].startswith("/login?next=")) == (303, True)
    stranger.headers["authorization"] = f"Bearer {ben.token}"
    for method in ("GET", "POST"):
        refused = await stranger.request(method, link)
        assert (refused.status_code, "a…@example.org" in refused.text) == (403, True)
    assert await email_of(ada) == ada.email
    assert await email_of(ben) == ben.email


async def test_a_taken_address_gets_no_mail_and_looks_like_any_other(
    cast: Cast, post: MailServer, tab: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    ada, ben, oscar = cast
    stranger.headers["authorization"] = f"Bearer {oscar.token}"
    assert await change(ada, ben.email) == {"changed": False}
    assert await change(ada, NEW) == {"changed": False}
    assert await change(oscar, NEW) == {"changed": False}
    await letters(post, 2)
    assert post.recipients == [NEW, NEW]
    links = [re.search(r"/confirm-address/\S+", text_of(one)) for one in post.letters]
    found = [link[0] for link in links if link]
    statuses = [(await one.post(link)).status_code for link in found for one in (tab, stranger)]
    # Whoever was faster has it; the other is told so, and no one may follow the link of another.
    assert (statuses.count(303), statuses.count(409), len(statuses)) == (1, 1, 4)
    assert set(statuses) <= {303, 403, 409, 410}


async def test_an_address_is_changed_for_the_password_only(cast: Cast, post: MailServer) -> None:
    ada, _, _ = cast
    wrong = await change(ada, NEW, 400, "not my password")
    assert "password" in wrong["fields"]  # type: ignore[index]
    for email in (ada.email, "no address", ""):
        assert "email" in (await change(ada, email, 400))["fields"]  # type: ignore[index]
    await ada.put("/me/email", {"email": NEW}, 400)
    assert post.letters == []


async def test_a_changed_password_voids_the_link(
    cast: Cast, post: MailServer, stranger: httpx.AsyncClient
) -> None:
    ada, _, _ = cast
    await change(ada, NEW)
    await letters(post, 1)
    await ada.put("/me/password", {"current": PASSWORD, "new": "a quite different passphrase"})
    assert (await stranger.post(path_in(post, NEW))).status_code == 410
    assert await email_of(ada) == ada.email


class TestWithoutMail:
    """Without a mail server the password is enough."""

    @pytest.fixture
    def more_settings(self) -> dict[str, str]:
        return {}

    async def test_the_address_changes_at_once(self, cast: Cast) -> None:
        ada, ben, _ = cast
        phone = await another_device(ada)
        gone, kept = await phone.connect(), await ada.connect()
        await change(ada, ben.email, 409)
        assert await change(ada, NEW) == {"changed": True}
        await assert_signed_out(gone, reason="email")
        await kept.next("security")
        assert await email_of(ada) == NEW
        await phone.close()


async def test_a_new_password_ends_a_change_whose_mail_still_waits(
    cast: Cast, post: MailServer, running: Running
) -> None:
    ada, ben, _ = cast

    def ask_and_change(transaction: Transaction) -> None:
        request_address_link(transaction, ada.id, NEW)
        replace_password(transaction, ada.id, "another")
        request_address_link(transaction, ben.id, "ben@elsewhere.example")

    await running.application.database.write(ask_and_change)
    await letters(post, 2)  # Ada is told of the password
    assert NEW not in post.recipients
    assert "ben@elsewhere.example" in post.recipients
