"""People learn what happens to the security of their account; administrators let others back in."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import update

from echosphere.accounts.store import users
from echosphere.audit import entries_about
from echosphere.database import Transaction
from tests.mail_server import MailServer, text_of
from tests.product.conftest import Running
from tests.product.people import PASSWORD, TIMEOUT, Person
from tests.product.test_password_reset import NEW, PAGE, letters, sign_in, use
from tests.product.test_sessions_live import another_device

Cast = tuple[Person, Person, Person]


@pytest.fixture
def more_settings(post: MailServer) -> dict[str, str]:
    """For a server that sends mail."""
    return {"ECHOSPHERE_SMTP_URL": f"smtp://127.0.0.1:{post.port}"}


@pytest.fixture
async def stranger(server: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which nobody is signed in."""
    async with httpx.AsyncClient(base_url=server, headers=PAGE, timeout=TIMEOUT) as http:
        yield http


async def kinds_of(person: Person) -> list[str]:
    return [one["kind"] for one in (await person.get("/me/security-events"))["events"]]


async def test_a_new_device_and_a_new_password_are_told(cast: Cast, post: MailServer) -> None:
    ada, ben, _ = cast
    there = await ada.connect()
    phone = await another_device(ada)
    assert (await there.next("security"))["event"]["kind"] == "new_device"
    await letters(post, 1)
    text = text_of(post.letters[0])
    assert "on a new device." in text
    assert "127.0.0.1" in text
    await (await another_device(ada)).close()  # the same program: it is not new again
    await ada.put("/me/password", {"current": PASSWORD, "new": NEW})
    await letters(post, 2)
    assert "password of your account was changed" in text_of(post.letters[1])
    assert post.recipients == [ada.email, ada.email]
    assert await kinds_of(ada) == ["password_changed", "new_device"]
    assert await kinds_of(ben) == []
    await phone.close()


async def test_a_known_browser_is_no_new_device(server: str, cast: Cast, post: MailServer) -> None:
    ada, _, _ = cast
    proof = {"email": ada.email, "password": PASSWORD}
    async with httpx.AsyncClient(base_url=f"{server}/api/v1", headers=PAGE) as browser:
        for _ in range(3):
            assert (await browser.post("/sessions", json=proof)).status_code == 201
    assert await kinds_of(ada) == ["new_device"]


async def become(running: Running, person: Person, role: str) -> None:
    """Give a person a role, and let it act at once."""

    def change(transaction: Transaction) -> None:
        transaction.execute(update(users).where(users.c.id == person.id).values(role=role))

    await running.application.database.write(change)
    running.application.session_cache.clear()


async def test_an_administrator_lets_somebody_back_in(
    running: Running, cast: Cast, stranger: httpx.AsyncClient
) -> None:
    ada, ben, oscar = cast
    await become(running, ada, "administrator")
    await become(running, oscar, "owner")
    path = "/server/users/{}/reset-link"
    made = await ada.post(path.format(ben.id), {})
    assert made["link"].startswith(f"{running.application.settings.base_url}/reset-password/")
    assert [one["by"] for one in (await ben.get("/me/security-events"))["events"]] == [
        "Ada Example"
    ]
    entries = await running.application.database.read(entries_about, ben.id, 10)
    assert [(one.actor, one.action) for one in entries] == [(ada.id, "user.reset_link")]
    await ada.post(path.format(oscar.id), {}, 403)  # an owner is above administrators
    await ada.post(path.format("nobody"), {}, 404)
    for target in (ada.id, oscar.id, "nobody"):
        await ben.post(path.format(target), {}, 404)
    await oscar.post(path.format(ada.id), {})
    link = "/reset-password/" + made["link"].rpartition("/")[2]
    assert (await use(stranger, link)).status_code == 303
    await sign_in(ben, NEW)


async def test_password_managers_find_the_settings(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/.well-known/change-password")
    assert (answer.status_code, answer.headers["location"]) == (302, "/#account")
