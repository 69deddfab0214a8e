"""If the operator requires a second factor, users without one can only set one up."""

import html
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from echosphere.core.clock import MINUTE
from echosphere.database import Database
from tests.conftest import SetClock
from tests.doors import PASSWORD, Browser, House, open_house, settings_in
from tests.second_factor.authenticator import ORIGIN, Authenticator
from tests.second_factor.factors import App

PAGE = "/second-factor"


@pytest.fixture
async def asking(database: Database, tmp_path: Path) -> AsyncIterator[House]:
    """A server that asks everyone for a second factor."""
    async with open_house(database, settings_in(tmp_path, REQUIRE_SECOND_FACTOR="everybody")) as it:
        yield it


async def submit(browser: Browser, action: str, **fields: str) -> tuple[int, str]:
    """Send the form of the page; return the status and the page."""
    answer = await browser.open("POST", PAGE, form={"action": action, **fields})
    return answer.status_code, await answer.get_data(as_text=True)


async def enrol(browser: Browser, clock: SetClock) -> tuple[App, list[str]]:
    """Set up an app on the page."""
    status, page = await submit(browser, "offer")
    assert status == 200
    found = re.search(r"<code translate=\"no\">([A-Z2-7 ]+)</code>", page)
    assert found is not None
    app = App(found[1].replace(" ", ""), clock)
    status, page = await submit(browser, "confirm", code="000000")
    assert (status, 'aria-invalid="true"' in page) == (400, True)
    status, page = await submit(browser, "confirm", code=app.code())
    codes = re.findall(r"\b(?:[2-9a-z]{4}-){3}[2-9a-z]{4}\b", page.partition("</pre>")[0])
    assert (status, len(codes)) == (200, 10)
    return app, codes


async def test_nothing_works_until_it_is_set_up(asking: House, clock: SetClock) -> None:
    ana = await asking.person("Ana")
    for method, path, body in (
        ("GET", "/me", None),
        ("GET", "/sessions", None),
        ("POST", "/contacts", {"email": "ben@example.org"}),
        ("POST", "/me/second-factor/app", {}),
    ):
        status, refusal = await ana.call(method, path, body)
        assert (status, refusal["code"]) == (403, "factor_needed")
    for page in ("/", "/login", "/c/abc"):
        answer = await ana.open("GET", page)
        assert (answer.status_code, answer.headers["location"]) == (302, PAGE)
    await enrol(ana, clock)
    assert (await ana.get("/me"))[0] == 200


async def test_a_bearer_token_does_nothing_either(asking: House, clock: SetClock) -> None:
    ana = await asking.person("Ana")
    program = asking.browser()
    program.headers = {}
    body = {"email": ana.email, "password": PASSWORD, "bearer": True}
    token = (await program.post("/sessions", body))[1]["token"]
    program.headers = {"authorization": f"Bearer {token}"}
    assert (await program.get("/me"))[1]["code"] == "factor_needed"


async def test_an_old_session_gives_the_password_first(asking: House, clock: SetClock) -> None:
    ana = await asking.person("Ana")
    clock.advance(11 * MINUTE)
    assert (await submit(ana, "offer"))[0] == 303
    assert (await submit(ana, "prove", password="heron-under-bridge"))[0] == 400
    assert (await submit(ana, "prove", password=PASSWORD))[0] == 303
    await enrol(ana, clock)


async def test_who_must_set_it_up_can_sign_out(asking: House) -> None:
    ana = await asking.person("Ana")
    token = ana.token or ""
    assert (await ana.open("POST", "/logout")).status_code == 303
    assert await asking.recognise(token) is None


async def test_administrators_alone_may_be_asked(
    database: Database, tmp_path: Path, clock: SetClock
) -> None:
    own = settings_in(tmp_path, REQUIRE_SECOND_FACTOR="administrators")
    async with open_house(database, own) as house:
        first, second = await house.person("Ana"), await house.person("Ben")
        assert [(await one.get("/me"))[0] for one in (first, second)] == [403, 200]


async def test_who_is_not_asked_or_has_one_is_led_to_the_settings(
    asking: House, house: House, clock: SetClock
) -> None:
    assert (await house.browser().open("GET", PAGE)).headers[
        "location"
    ] == "/login?next=%2Fsecond-factor"
    ana = await asking.person("Ana")
    foreign = {"origin": "https://elsewhere.example"}
    refused = await ana.open("POST", PAGE, form={"action": "offer"}, headers=foreign)
    assert refused.status_code == 403
    await enrol(ana, clock)
    for method in ("GET", "POST"):
        answer = await ana.open(method, PAGE)
        assert (answer.status_code, answer.headers["location"]) == (303, "/#security")
    assert (await ana.get("/me/second-factor"))[1]["app_since"] is not None


async def test_a_passkey_will_do(database: Database, tmp_path: Path) -> None:
    own = settings_in(tmp_path, REQUIRE_SECOND_FACTOR="everybody", BASE_URL=ORIGIN)
    async with open_house(database, own) as house:
        ana = await house.person("Ana")
        shown = await (await ana.open("GET", PAGE)).get_data(as_text=True)
        found = re.search(r'data-options="([^"]+)"', shown)
        assert found is not None
        options = json.loads(html.unescape(found[1]))
        key = Authenticator()
        wrong = key.but(origin="http://evil.example").make(options)
        assert (await submit(ana, "passkey", passkey=json.dumps(wrong)))[0] == 400
        status, page = await submit(ana, "passkey", passkey=json.dumps(key.make(options)))
        assert (status, "<pre" in page) == (200, True)
        assert (await ana.get("/me"))[0] == 200
