"""People are told about changes to their account's security; administrators let others back in."""

import re
from collections.abc import AsyncIterator
from typing import get_args

import httpx
import pytest
from sqlalchemy import update

from echosphere.accounts import SecurityEvent, SecurityEventKind
from echosphere.accounts.store import users
from echosphere.audit import entries_about
from echosphere.database import Transaction
from echosphere.i18n import translate
from echosphere.security_notices.emails import HAPPENED
from tests.house.repository import PACKAGE, ROOT
from tests.mail_server import MailServer, text_of
from tests.product.conftest import Running
from tests.product.once import on_one_database
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
    """A browser in which no one is signed in."""
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
    assert "Your password was changed" in text_of(post.letters[1])
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
    running.forget_callers()


async def test_an_administrator_lets_someone_back_in(
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


KINDS: tuple[SecurityEventKind, ...] = get_args(SecurityEventKind)


def test_each_kind_of_notice_has_its_words_and_something_that_causes_it() -> None:
    assert set(HAPPENED) == set(KINDS)
    texts = ROOT / "client" / "src" / "texts"
    for language in ("en", "de"):
        section = (texts / f"{language}.ts").read_text("utf-8").split("      new_device:", 1)[1]
        shown = {"new_device", *re.findall(r"^      (\w+):", section.split("\n    }")[0], re.M)}
        assert shown >= set(KINDS), language
    told = {file for file in PACKAGE.rglob("*.py") if "SecurityEvent(" in file.read_text("utf-8")}
    code = "".join(file.read_text("utf-8") for file in told)
    assert {kind for kind in KINDS if f'"{kind}"' not in code} == set()


@on_one_database
@pytest.mark.parametrize("language", ["en", "de"])
async def test_each_kind_is_told_in_the_app_and_by_mail_in_the_language_of_its_owner(
    cast: Cast, running: Running, post: MailServer, language: str
) -> None:
    ada, ben, oscar = cast
    await ben.patch("/me", {"settings": {"language": language}})
    phone, desk, stranger = await ben.connect(), await ben.connect(), await oscar.connect()
    for kind in KINDS:
        event = SecurityEvent(ben.id, kind, "Firefox", "192.0.2.7", ada.id)
        await running.application.database.write(_tell, event)
    await letters(post, len(KINDS))
    for socket in (phone, desk):
        await socket.call("announcements", {})
        shown = [one["event"]["kind"] for one in socket.of("security")]
        assert shown == list(KINDS)
        assert {one["event"]["by"] for one in socket.of("security")} == {"Ada Example"}
    assert await kinds_of(ben) == list(reversed(KINDS))
    assert stranger.of("security") == []
    assert set(post.recipients) == {ben.email}
    mailed = [" ".join(text_of(letter).split()) for letter in post.letters]
    for kind in KINDS:
        sentence = translate(language, HAPPENED[kind])
        assert (sentence == HAPPENED[kind]) is (language == "en"), kind
        [letter] = [text for text in mailed if sentence in text]
        assert all(word in letter for word in ("Firefox", "192.0.2.7", "Ada Example")), kind


def _tell(transaction: Transaction, event: SecurityEvent) -> None:
    transaction.announce(event)
