"""Whatever ends someone's access ends all of it: each cause, and each kind of access.

What a cause answers says that it is done, so each kind has ended by then or is ending; nothing waits for
the five seconds after which another process would have noticed.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx
import pytest
from sqlalchemy import func, select

from echosphere.accounts import OPERATOR
from echosphere.database import Snapshot
from echosphere.notifications.store import push_subscriptions
from echosphere.recovery import make_reset_link
from tests.owners import add_owner
from tests.product.conftest import Running
from tests.product.people import PASSWORD, Person, client_of, people_on
from tests.product.push_service import subscribed
from tests.product.test_factor_changes import Elsewhere, add_app
from tests.product.test_password_reset import PAGE
from tests.product.test_sessions_live import another_device, until_closed
from tests.second_factor.authenticator import Authenticator

NEW = "a quite different passphrase"


@dataclass
class Scene:
    """Ada, whose access ends, with an owner of the server who may end it."""

    running: Running
    owner: Person
    ada: Person


Cause = Callable[[Scene], Awaitable[object]]


async def by_link(scene: Scene) -> None:
    database = scene.running.application.database
    token, _ = await database.write(make_reset_link, OPERATOR, scene.ada.id)
    async with httpx.AsyncClient(base_url=scene.ada.base, headers=PAGE, timeout=30) as http:
        answer = await http.post(f"/reset-password/{token}", data={"password": NEW})
        assert answer.status_code == 303


async def by_passkey(scene: Scene) -> None:
    # An address of numbers has none, so the page is told another one.
    options = await scene.ada.get("/me/passkey-options")
    origin = scene.running.application.settings.base_url
    await scene.ada.post("/me/passkeys", Authenticator(origin=origin).make(options))


async def by_closing(scene: Scene) -> None:
    answer = await scene.ada.http.request("DELETE", "/me", json={"password": PASSWORD})
    assert answer.status_code == 204


def administer(method: str, path: str, body: object = None) -> Cause:
    async def act(scene: Scene) -> None:
        where = f"/administration/people/{scene.ada.id}{path}"
        answer = await scene.owner.http.request(method, where, json=body)
        assert answer.status_code == 204, answer.text

    return act


def do_oneself(method: str, path: str, body: object = None, status: int = 204) -> Cause:
    async def act(scene: Scene) -> None:
        answer = await scene.ada.http.request(method, path, json=body)
        assert answer.status_code == status, answer.text

    return act


OTHERS: dict[str, Cause] = {
    "the password changed": do_oneself("PUT", "/me/password", {"current": PASSWORD, "new": NEW}),
    "the address changed": do_oneself(
        "PUT", "/me/email", {"email": "ada.elsewhere@example.org", "password": PASSWORD}, 200
    ),
    "a factor added": lambda scene: add_app(scene.ada),
    "a passkey added": by_passkey,
    "the other devices signed out": do_oneself("DELETE", "/sessions"),
}
"""What ends all but the device on which it is done."""

ALL: dict[str, Cause] = {
    "the password reset by a link": by_link,
    "the role taken": administer("PUT", "/role", {"role": "guest"}),
    "the account suspended": administer(
        "PUT", "/suspension", {"reason": "Calm down.", "until": 4_102_444_800_000}
    ),
    "the account deactivated": administer("PUT", "/suspension", {"reason": "Spam."}),
    "signed out by an administrator": administer("DELETE", "/sessions"),
    "the factors reset by an administrator": administer("DELETE", "/second-factor"),
    "the account closed": by_closing,
}
"""What ends everything."""


@pytest.fixture
def more_settings() -> dict[str, str]:
    """A host that has a name: only such a server has passkeys."""
    return {"ECHOSPHERE_BASE_URL": "http://localhost:5000"}


async def cookie_of(person: Person) -> httpx.AsyncClient:
    """A browser in which someone is signed in."""
    http = client_of(person.base)
    http.headers["Origin"] = "http://localhost:5000"
    answer = await http.post("/sessions", json={"email": person.email, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    return http


async def subscriptions(scene: Scene) -> int:
    """Return how many devices are told of messages by push."""

    def count(snapshot: Snapshot) -> int:
        statement = select(func.count()).select_from(push_subscriptions)
        found: int = snapshot.execute(statement).scalar_one()
        return found

    return await scene.running.application.database.read(count)


@pytest.mark.parametrize("cause", [*OTHERS, *ALL])
async def test_all_access_ends(running: Running, cause: str) -> None:
    base = await running.start()
    await add_owner(running.application.database)
    async with people_on(base, "Olga Owner", "Ada Example") as (olga, ada), AsyncExitStack() as end:
        await make_owner(running, olga)
        scene = Scene(running, await another_device(olga), ada)
        end.push_async_callback(scene.owner.close)
        device = await another_device(ada)
        elsewhere = await Elsewhere.open(end, device)
        browser = await cookie_of(ada)
        end.push_async_callback(browser.aclose)
        await subscribed(device)
        assert await subscriptions(scene) == 1
        await (OTHERS | ALL)[cause](scene)
        # Programs, browsers, push: what was answered is over.
        await device.get("/me", 401)
        assert (await browser.get("/me")).status_code == 401
        assert await subscriptions(scene) == 0
        # Sockets on both transports, and the poll that was under way.
        for socket in elsewhere.sockets:
            # Told of it, and not found out by looking every five seconds.
            assert (await socket.next("signed_out"))["reason"] != "expired"
            await until_closed(socket)
        async with asyncio.timeout(30):
            news = await elsewhere.poll
        assert any(re.match(r'42\["signed_out"', one) for one in news)
        await ada.get("/me", 401 if cause in ALL else 200)


async def make_owner(running: Running, person: Person) -> None:
    from echosphere.accounts import (  # noqa: PLC0415 - here alone
        AccountRole,
        set_account_role,
    )

    await running.application.database.write(set_account_role, person.id, AccountRole.OWNER)
