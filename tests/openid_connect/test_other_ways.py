"""Whom a link lets back in sees what else opens the account, and removes it at once."""

import pytest
from quart import Response

from echosphere.accounts import OPERATOR
from echosphere.core.clock import MINUTE
from echosphere.recovery import make_reset_link
from echosphere.recovery.reset import PasswordReset
from echosphere.recovery.sign_in_once import SignInOnce
from echosphere.recovery.web import RecoveryPages, SignInMethodsPage
from echosphere.settings import LiveSettings
from tests.conftest import SetClock
from tests.doors import OTHER_PASSWORD, PASSWORD, Browser
from tests.openid_connect.conftest import ADA, Desk
from tests.openid_connect.test_linking import link
from tests.second_factor.authenticator import ORIGIN as LOCALHOST
from tests.second_factor.factors import App, finish, pending, set_up
from tests.second_factor.test_passkeys import add as add_passkey

PAGE = "/other-ways-in"


@pytest.fixture
def given() -> dict[str, str]:
    return {"BASE_URL": LOCALHOST}


@pytest.fixture
def pages(desk: Desk) -> Desk:
    """A server with the pages of the way back in."""
    house = desk.house
    reset = PasswordReset(house.database, house.password_hasher, house.settings)
    once = SignInOnce(house.database, house.accounts.authentication)
    RecoveryPages(house.api, house.accounts, reset, once, mails=True).serve(house.web)
    live, authentication = LiveSettings(house.settings), house.accounts.authentication
    SignInMethodsPage(house.api, house.database, live, authentication).serve(house.web)
    return desk


async def taken_over(pages: Desk, clock: SetClock) -> tuple[Browser, App]:
    """Return an account to which someone has added every other way in."""
    ana = await pages.house.person("Ana")
    assert await link(pages, ana) == 303
    await add_passkey(ana)
    app, _ = await set_up(ana, clock)
    return ana, app


async def reset(pages: Desk, user: str) -> Response:
    token, _ = await pages.house.database.write(make_reset_link, OPERATOR, user)
    form = {"password": OTHER_PASSWORD}
    return await pages.browser().open("POST", f"/reset-password/{token}", form=form)


async def come_back(pages: Desk, ana: Browser, app: App) -> Browser:
    """Sign in with the new password and a code, the way to which the reset leads."""
    browser = pages.browser()
    form = {"email": ana.email, "password": OTHER_PASSWORD, "next": PAGE}
    assert (await browser.open("POST", "/login", form=form)).status_code == 303
    form = {"code": app.next_code(), "next": PAGE}
    entered = await browser.open("POST", "/login/code", form=form)
    assert entered.headers["location"] == PAGE
    return browser


async def shown(browser: Browser) -> str:
    return str(await (await browser.open("GET", PAGE)).get_data(as_text=True))


async def test_a_reset_forgets_sessions_and_devices_and_leads_to_the_other_ways(
    pages: Desk, clock: SetClock
) -> None:
    ana, app = await taken_over(pages, clock)
    phone = pages.browser()
    token = await pending(phone, ana.email)
    assert (await finish(phone, token, app.next_code(), remember=True))[0] == 201
    under_way = pages.browser()
    assert (await pages.come(under_way, **ADA)).headers["location"].startswith("/login/code")
    done = await reset(pages, ana.id)
    assert done.headers["location"] == "/login?next=%2Fother-ways-in"
    assert [(await one.get("/me"))[0] for one in (ana, phone)] == [401, 401]
    assert (await phone.sign_in(ana.email, OTHER_PASSWORD))[0] == 202
    form = {"code": app.next_code(), "next": "/"}
    late = await under_way.open("POST", "/login/code", form=form)
    assert late.headers["location"] == "/login"
    browser = await come_back(pages, ana, app)
    assert (await browser.get("/me/second-factor"))[1]["devices"] == []


async def test_each_other_way_is_named_and_removed_at_once(pages: Desk, clock: SetClock) -> None:
    ana, app = await taken_over(pages, clock)
    await reset(pages, ana.id)
    browser = await come_back(pages, ana, app)
    page = await shown(browser)
    for name in ("Authenticator app", "Passkey “My key”", "Sign-in service: Service one"):
        assert name in page
    assert page.count("Added: 2") == 3
    [passkey] = (await browser.get("/me/second-factor"))[1]["passkeys"]
    for kind, which in (("service", "one"), ("passkey", passkey["id"]), ("app", "")):
        form = {"kind": kind, "which": which}
        assert (await browser.open("POST", PAGE, form=form)).headers["location"] == PAGE
        again = await browser.open("POST", PAGE, form=form)
        assert again.status_code == 404
    assert (await browser.open("GET", PAGE)).headers["location"] == "/"
    assert (await pages.come(pages.browser(), **(ADA | {"email": ana.email}))).status_code == 409
    assert (await pages.browser().sign_in(ana.email, OTHER_PASSWORD))[0] == 201


async def test_nothing_is_removed_by_others_or_without_a_fresh_proof(
    pages: Desk, clock: SetClock
) -> None:
    ana, app = await taken_over(pages, clock)
    form = {"kind": "app", "which": ""}
    foreign = {"origin": "https://evil.example"}
    refused = await ana.open("POST", PAGE, form=form, headers=foreign)
    assert refused.status_code == 403
    assert (await ana.open("POST", PAGE, form={"kind": "password"})).status_code == 404
    ben = await pages.house.person("Ben")
    assert (await ben.open("POST", PAGE, form=form)).status_code == 404
    stranger = pages.browser()
    for method, given in (("GET", {}), ("POST", {"form": form})):
        answer = await stranger.open(method, PAGE, **given)
        assert answer.headers["location"] == "/login?next=%2Fother-ways-in"
    clock.advance(11 * MINUTE)
    for method, given in (("GET", {}), ("POST", {"form": form})):
        late = await ana.open(method, PAGE, **given)
        assert late.status_code == 403
        assert "Confirm that it is you" in await late.get_data(as_text=True)
    for password, status in (("not hers", 400), (PASSWORD, 303)):
        form = {"action": "prove", "password": password}
        assert (await ana.open("POST", PAGE, form=form)).status_code == status
    assert "Authenticator app" in await shown(ana)
    token = await pending(stranger, ana.email, PASSWORD)
    assert (await finish(stranger, token, app.next_code()))[0] == 201
