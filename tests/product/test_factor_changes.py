"""Changing someone's second factor, or who must have one, ends sessions opened before."""

import asyncio
import re
import time
from contextlib import AsyncExitStack

import httpx
import pyotp
import pytest

from tests.mail_server import MailServer, text_of
from tests.product.conftest import Running
from tests.product.people import PASSWORD, Person, Socket, people_on
from tests.product.test_password_reset import letters
from tests.product.test_second_factor import assert_shut
from tests.product.test_security_notices import kinds_of
from tests.product.test_sessions_live import assert_signed_out
from tests.realtime.clients import RawPolling, open_polling

Cast = tuple[Person, Person, Person]
TRANSPORTS = ("websocket", "polling")


def code_of(secret: str) -> str:
    return pyotp.TOTP(secret).generate_otp(int(time.time()) // 30)


async def add_app(person: Person) -> list[str]:
    """Set up an app; return the recovery codes."""
    secret = (await person.post("/me/second-factor/app", {}, 200))["secret"]
    answer = await person.put("/me/second-factor/app", {"code": code_of(secret)}, 200)
    return list(answer["codes"])


async def sign_in(person: Person, code: str | None = None) -> Person:
    """Sign in as a program, which keeps no cookie; with a code if one is needed."""
    proof = {"email": person.email, "password": PASSWORD, "bearer": True}
    async with httpx.AsyncClient(base_url=f"{person.base}/api/v1") as http:
        answer = await http.post("/sessions", json=proof)
        if code is not None:
            step = {"pending": answer.json()["pending"], "code": code}
            answer = await http.post("/sessions/second-factor", json=step)
        assert answer.status_code == 201, answer.text
    opened = answer.json()
    return Person(person.base, opened["user"], opened["token"])


class Elsewhere:
    """Another device with a socket over each transport, and a long poll that waits for news."""

    def __init__(self, sockets: list[Socket], poll: asyncio.Task[list[str]]) -> None:
        self.sockets = sockets
        self.poll = poll

    @classmethod
    async def open(cls, stack: AsyncExitStack, device: Person) -> "Elsewhere":
        stack.push_async_callback(device.close)
        sockets = [await device.connect(transports=[one]) for one in TRANSPORTS]
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=30))
        raw = await open_polling(http, f"{device.base}/socket.io/")
        await raw.post(f'40{{"token":"{device.token}"}}')
        assert (await raw.expect())[0].startswith("40{")
        poll = asyncio.create_task(cls._all_news(raw))
        await asyncio.sleep(0)
        assert not poll.done()
        return cls(sockets, poll)

    @staticmethod
    async def _all_news(raw: RawPolling) -> list[str]:
        """Poll until the server has ended the connection; return what came."""
        news: list[str] = []
        while (answer := await raw.poll()).status_code == 200:
            packets = answer.text.split("\x1e")
            news += packets
            if "2" in packets:
                await raw.post("3")
        return news

    async def assert_ended(self) -> None:
        await assert_signed_out(*self.sockets, reason="factor")
        async with asyncio.timeout(30):
            news = await self.poll
        assert '42["signed_out",{"reason":"factor"}]' in news


async def test_each_change_ends_other_devices_and_is_told(cast: Cast) -> None:
    ada, _, _ = cast
    kept = await ada.connect()
    async with AsyncExitStack() as stack:
        elsewhere = await Elsewhere.open(stack, await sign_in(ada))
        codes = await add_app(ada)
        await elsewhere.assert_ended()
        elsewhere = await Elsewhere.open(stack, await sign_in(ada, codes[0]))
        codes = (await ada.post("/me/second-factor/recovery-codes", {}, 200))["codes"]
        await elsewhere.assert_ended()
        elsewhere = await Elsewhere.open(stack, await sign_in(ada, codes[0]))
        await ada.delete("/me/second-factor/app")
        await elsewhere.assert_ended()
    assert (await kept.call("sync", {"versions": {}}))["gone"] == []
    told = ["factor_removed", "recovery_codes", "factor_added", "new_device"]
    assert await kinds_of(ada) == told  # the same program again is no new device
    assert [one["event"]["kind"] for one in kept.of("security")] == told[::-1]


async def test_a_remembered_browser_is_asked_again_after_a_change(cast: Cast) -> None:
    ada, _, _ = cast
    codes = await add_app(ada)
    proof = {"email": ada.email, "password": PASSWORD}
    page = {"origin": ada.base}
    async with httpx.AsyncClient(base_url=f"{ada.base}/api/v1", headers=page) as browser:
        pending = (await browser.post("/sessions", json=proof)).json()["pending"]
        step = {"pending": pending, "code": codes[0], "remember": True}
        assert (await browser.post("/sessions/second-factor", json=step)).status_code == 201
        assert (await browser.post("/sessions", json=proof)).status_code == 201
        await ada.post("/me/second-factor/recovery-codes", {}, 200)
        assert (await browser.get("/me")).status_code == 401
        assert (await browser.post("/sessions", json=proof)).status_code == 202
    assert await kinds_of(ada) == ["recovery_codes", "new_device", "factor_added"]


class TestMails:
    """With a mail server, changes are mailed."""

    @pytest.fixture
    def more_settings(self, post: MailServer) -> dict[str, str]:
        return {"ECHOSPHERE_SMTP_URL": f"smtp://127.0.0.1:{post.port}"}

    async def test_a_new_factor_is_mailed(self, cast: Cast, post: MailServer) -> None:
        ada, _, _ = cast
        await add_app(ada)
        await letters(post, 1)
        assert "A second factor was added to your account." in text_of(post.letters[0])
        assert post.recipients == [ada.email]


async def enrol(person: Person) -> None:
    """Set up an app on the page that is all there is without one."""
    headers = {"origin": person.base, "authorization": f"Bearer {person.token}"}
    async with httpx.AsyncClient(base_url=person.base, headers=headers) as http:
        offer = await http.post("/second-factor", data={"action": "offer"})
        found = re.search(r"<code translate=\"no\">([A-Z2-7 ]+)</code>", offer.text)
        assert found is not None, offer.text
        form = {"action": "confirm", "code": code_of(found[1].replace(" ", ""))}
        assert (await http.post("/second-factor", data=form)).status_code == 200


async def assert_led_to_enrolment(person: Person) -> None:
    """Nothing is left but the page that sets a factor up: every page leads there."""
    refused = await person.get("/me", 403)
    assert refused["code"] == "factor_needed"
    headers = {"authorization": f"Bearer {person.token}"}
    async with httpx.AsyncClient(base_url=person.base, headers=headers) as http:
        answer = await http.get("/")
        assert (answer.status_code, answer.headers["location"]) == (302, "/second-factor")
    await assert_shut(person.base, person.token)


@pytest.mark.parametrize("more_settings", [{"ECHOSPHERE_REQUIRE_SECOND_FACTOR": "administrators"}])
async def test_who_must_have_a_factor_from_now_on_is_out_until_there_is_one(
    running: Running, more_settings: dict[str, str]
) -> None:
    assert more_settings
    base = await running.start()
    async with people_on(base, "Ada Example", "Ben Example") as (ada, ben), AsyncExitStack() as own:
        await enrol(ada)
        gone = [await ben.connect(transports=[one]) for one in TRANSPORTS]
        await ada.put(f"/administration/people/{ben.id}/role", {"role": "administrator"})
        await assert_signed_out(*gone, reason="role")
        again = await sign_in(ben)
        own.push_async_callback(again.close)
        await assert_led_to_enrolment(again)
        await enrol(again)
        events = (await again.get("/me/security-events"))["events"]
        assert ("role_changed", "Ada Example") in [(one["kind"], one["by"]) for one in events]
        await again.delete("/me/second-factor/app", 409)
        await again.get("/me")


@pytest.mark.own_product
async def test_an_administrator_lets_in_who_lost_every_factor(cast: Cast) -> None:
    ada, ben, carl = cast
    codes = await add_app(ben)
    await ada.delete(f"/administration/people/{ben.id}/second-factor")
    await ben.get("/me", 401)
    again = await sign_in(ben)
    try:
        state = await again.get("/me/second-factor")
        assert (state["app_since"], state["recovery_codes"], len(codes)) == (None, 0, 10)
        events = (await again.get("/me/security-events"))["events"]
        told = [(one["kind"], one["by"]) for one in events]
        assert ("ways_in_removed", ada.user["name"]) in told
        await carl.delete(f"/administration/people/{again.id}/second-factor", 404)
    finally:
        await again.close()
    log = (await ada.get("/administration/audit"))["entries"]
    assert log[0]["action"] == "user.second_factor_removed"
