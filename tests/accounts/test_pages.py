"""The pages to register, sign in and sign out, as browsers without a script use them."""

import re
from html import unescape
from pathlib import Path

import pytest
from quart import Response

from echosphere.database import Database
from tests.doors import ORIGIN, PASSWORD, Browser, House, open_house, settings_in

HTML = {"accept": "text/html,application/xhtml+xml", "sec-fetch-site": "same-origin"}
ANA = {"name": "Ana", "email": "ana@example.org", "password": PASSWORD}
NEW = {"name": "Ben", "email": "ben@example.org", "password": PASSWORD}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Pages are the same on every database: one kind is enough."""
    return sqlite_url


async def test_registering_leads_to_the_messenger_signed_in(house: House) -> None:
    browser = house.browser()
    response = await _send(browser, "/register", ANA)
    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert (await browser.get("/me"))[1]["user"]["name"] == "Ana"


async def test_signing_in_leads_to_where_one_wanted_to_go(house: House) -> None:
    await house.person("Ana")
    browser = house.browser()
    page = await _page(browser, "/login?next=/c/abc%3Fx%3D1")
    assert 'name="next" value="/c/abc?x=1"' in page
    response = await _send(browser, "/login", {**ANA, "next": "/c/abc?x=1"})
    assert (response.status_code, response.headers["location"]) == (303, "/c/abc?x=1")
    assert (await browser.get("/me"))[0] == 200


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "x", ""],
)
async def test_no_one_is_led_away_from_this_server(house: House, wanted: str) -> None:
    await house.person("Ana")
    browser = house.browser()
    response = await _send(browser, "/login", {**ANA, "next": wanted})
    assert response.headers["location"] == "/"
    response = await browser.open("GET", "/login", query_string={"next": wanted})
    assert response.headers["location"] == "/"


async def test_a_wrong_password_keeps_what_was_typed_but_the_password(house: House) -> None:
    await house.person("Ana")
    browser = house.browser()
    response = await _send(browser, "/login", {**ANA, "password": "heron-under-bridge"})
    page = unescape(await response.get_data(as_text=True))
    assert response.status_code == 401
    assert "The address or password is wrong." in _notices(page, "alert-danger")
    assert 'value="ana@example.org"' in page
    assert "heron-under-bridge" not in page
    assert browser.token is None


async def test_errors_stand_beside_their_fields_and_as_a_notice(house: House) -> None:
    given = {"name": '"><b>admin', "email": "ana", "password": "short"}
    response = await _send(house.browser(), "/register", given)
    page = await response.get_data(as_text=True)
    assert response.status_code == 400
    assert _notices(page, "alert-danger")
    for field in ("email", "password"):
        (tag,) = re.findall(rf'<input[^>]* id="{field}"[^>]*>', page)
        assert 'aria-invalid="true"' in tag
        assert f"{field}-problem" in (re.search(r'aria-describedby="([^"]*)"', tag) or [""])[1]
        assert f'id="{field}-problem"' in page
    assert "<b>" not in page
    assert "short" not in page.replace("shortcut", "")


async def test_a_taken_address_is_said_beside_the_address(house: House) -> None:
    await house.person("Ana")
    response = await _send(house.browser(), "/register", ANA)
    page = await response.get_data(as_text=True)
    assert response.status_code == 409
    assert 'id="email-problem"' in page
    assert 'value="Ana"' in page


WRONG = {
    "name": ("/register", {**NEW, "name": ""}, "name"),
    "address": ("/register", {**NEW, "email": "nowhere"}, "email"),
    "taken": ("/register", {**NEW, "email": "ana@example.org"}, "email"),
    "password": ("/register", {**NEW, "password": "short"}, "password"),
    "two": ("/register", {**NEW, "email": "nowhere", "password": "short"}, "email"),
    "sign-in": ("/login", {"email": "ana@example.org", "password": ""}, "password"),
    "nobody": (
        "/login",
        {"email": "ana@example.org", "password": "heron-under-bridge"},
        "password",
    ),
}


@pytest.mark.parametrize(("path", "given", "focused"), WRONG.values(), ids=WRONG)
async def test_a_wrong_field_has_the_focus_and_is_told_once(
    house: House, path: str, given: dict[str, str], focused: str
) -> None:
    await house.person("Ana")
    response = await _send(house.browser(), path, given)
    page = await response.get_data(as_text=True)
    assert response.status_code >= 400
    assert re.findall(r"<input[^>]* id=\"(\w+)\"[^>]* autofocus", page) == [focused]
    problems = re.findall(r'class="invalid-feedback" id="\w+-problem">(.*?)</div>', page, re.S)
    for problem in problems:
        assert page.count(problem) == 1
    assert _notices(page, "alert-danger")


async def test_too_many_attempts_say_how_long_to_wait(strict_house: House) -> None:
    browser = strict_house.browser()
    for _ in range(5):
        await _send(browser, "/login", {**ANA, "password": "heron-under-bridge"})
    response = await _send(browser, "/login", ANA)
    page = await response.get_data(as_text=True)
    assert (response.status_code, response.headers["retry-after"]) == (429, "30")
    assert "30 seconds" in page


async def test_signing_out_ends_the_session_and_says_so_once(house: House) -> None:
    ana = await house.person("Ana")
    token = ana.token
    response = await _send(ana, "/logout", {})
    assert (response.status_code, response.headers["location"]) == (303, "/signed-out")
    assert token
    assert await house.recognise(token) is None
    assert "You are signed out." in _notices(await _page(ana, "/login"), "alert-success")
    assert not _notices(await _page(ana, "/login"), "alert-success")


async def test_signing_out_twice_does_no_harm(house: House) -> None:
    assert (await _send(house.browser(), "/logout", {})).status_code == 303


async def test_who_is_signed_in_is_led_past_these_pages(house: House) -> None:
    ana = await house.person("Ana")
    for path in ("/login", "/register", "/login?next=/"):
        response = await ana.open("GET", path, headers=HTML)
        assert (response.status_code, response.headers["location"]) == (302, "/")
    response = await ana.open("GET", "/login?next=/c/abc", headers=HTML)
    assert response.headers["location"] == "/c/abc"


@pytest.mark.parametrize("path", ["/register", "/login", "/logout"])
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "", "sec-fetch-site": "cross-site"},
        {"origin": ""},
    ],
)
async def test_forms_of_other_sites_are_refused(
    house: House, path: str, headers: dict[str, str]
) -> None:
    browser = house.browser()
    response = await browser.open(
        "POST", path, form=ANA, headers={"accept": "text/html", **headers}
    )
    assert response.status_code == 403
    assert "<h1" in await response.get_data(as_text=True)
    assert browser.token is None


async def test_a_browser_on_the_local_network_without_fetch_metadata_can_sign_in(
    house: House,
) -> None:
    await house.person("Ana")
    browser = house.browser()
    response = await browser.open("POST", "/login", form=ANA, headers={"origin": ORIGIN})
    assert response.status_code == 303
    page = await _page(house.browser(), "/login")
    assert '<meta name="referrer" content="same-origin">' in page


async def test_closed_registration_shows_no_form(database: Database, tmp_path: Path) -> None:
    async with open_house(database, settings_in(tmp_path, REGISTRATION="off")) as house:
        page = await _page(house.browser(), "/register")
        login = await _page(house.browser(), "/login")
        response = await _send(house.browser(), "/register", ANA)
    assert "Registration is closed" in page
    assert "<form" not in page
    assert "/register" not in login
    assert response.status_code == 403


async def test_fields_tell_password_managers_what_they_are(house: House) -> None:
    register = await _page(house.browser(), "/register")
    login = await _page(house.browser(), "/login")
    assert _autocomplete(register) == {
        "name": "name",
        "email": "username",
        "password": "new-password",
    }
    assert _autocomplete(login) == {"email": "username", "password": "current-password"}


async def test_every_field_has_a_label_and_nothing_is_inline(house: House) -> None:
    for path in ("/register", "/login"):
        page = await _page(house.browser(), path)
        fields = re.findall(r'<input(?![^>]*type="hidden")[^>]* id="([^"]+)"', page)
        assert fields
        assert set(fields) == set(re.findall(r'<label[^>]* for="([^"]+)"', page))
        assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)", page)


async def test_pages_and_what_they_refuse_are_in_the_readers_language(house: House) -> None:
    browser = house.browser()
    browser.headers["accept-language"] = "fr, de-AT;q=0.8, en;q=0.5"
    page = await _page(browser, "/register")
    assert '<html lang="de"' in page
    assert ">Konto anlegen</button>" in page
    given = {"name": "admin", "email": "ana", "password": "kurz"}
    page = await (await _send(browser, "/register", given)).get_data(as_text=True)
    assert "Sieh dir einige Felder noch einmal an." in _notices(page, "alert-danger")
    assert "Nimm mindestens 10 Zeichen." in page
    assert "Dieser Name ist vergeben." in page
    response = await _send(browser, "/login", ANA)
    assert "Passwort ist falsch." in await response.get_data(as_text=True)


async def test_the_language_chosen_in_the_messenger_goes_before_the_browsers(house: House) -> None:
    browser = house.browser()
    browser.headers["accept-language"] = "de"
    for chosen, shown in (("en", "en"), ("auto", "de"), ("tlh", "de")):
        browser.headers["cookie"] = f"echosphere_language={chosen}"
        assert f'<html lang="{shown}"' in await _page(browser, "/login")
    del browser.headers["accept-language"]
    assert '<html lang="en"' in await _page(browser, "/login")


async def test_programs_are_refused_in_the_language_they_ask_for(house: House) -> None:
    browser = house.browser()
    browser.headers["accept-language"] = "de"
    account = {"email": "ana", "name": "Ana", "password": "kurz"}
    status, problem = await browser.post("/accounts", account)
    assert (status, problem["title"]) == (400, "Ungültige Anfrage")
    assert problem["fields"]["password"] == "Nimm mindestens 10 Zeichen."
    assert problem["detail"] == " ".join(problem["fields"].values())
    status, problem = await browser.get("/nothing")
    assert (status, problem["title"]) == (404, "Nicht gefunden")


async def test_wrong_forms_are_refused_and_never_a_fault(house: House) -> None:
    for given in ({}, {"email": "a\0@b.cc"}, {"password": "x" * 5_000}, {"name": "\0"}):
        for path in ("/register", "/login"):
            response = await _send(house.browser(), path, {**ANA, "name": "Ana", **given})
            assert response.status_code in (303, 400, 401, 409), (path, given)
    flood = await _send(house.browser(), "/login", {**ANA, "next": "x" * 300_000})
    assert flood.status_code == 413


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(house: House) -> None:
    response = await _send(house.browser(), "/register", ANA)
    (cookie,) = [
        one for one in response.headers.getlist("set-cookie") if "echosphere_session" in one
    ]
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/", "max-age=2592000"} <= attributes
    assert "secure" not in attributes


async def test_on_https_the_cookie_is_bound_to_the_host(database: Database, tmp_path: Path) -> None:
    settings = settings_in(tmp_path, BASE_URL="https://chat.example.org", REGISTRATION="open")
    async with open_house(database, settings) as house:
        browser = house.browser()
        browser.headers["origin"] = "https://chat.example.org"
        response = await browser.open("POST", "/api/v1/accounts", json=ANA)
    assert response.status_code == 201
    cookies = response.headers.getlist("set-cookie")
    names = {cookie.partition("=")[0] for cookie in cookies}
    assert names == {"__Host-echosphere_session", "__Host-echosphere_device"}
    assert all("; secure" in cookie.lower() for cookie in cookies)


async def _send(browser: Browser, path: str, form: dict[str, str]) -> Response:
    return await browser.open("POST", path, form=form, headers=HTML)


async def _page(browser: Browser, path: str) -> str:
    response = await browser.open("GET", path, headers=HTML)
    assert response.status_code == 200
    return str(await response.get_data(as_text=True))


def _notices(page: str, category: str) -> str:
    found = re.findall(rf'class="alert {category}"[^>]*>\s*<span>(.*?)</span>', page, re.S)
    return " ".join(found)


def _autocomplete(page: str) -> dict[str, str]:
    tags = re.findall(r"<input[^>]* autocomplete=[^>]*>", page)
    return {
        (re.search(r'id="([^"]+)"', tag) or [""])[1]: (
            re.search(r'autocomplete="([^"]+)"', tag) or [""]
        )[1]
        for tag in tags
    }


@pytest.mark.parametrize(
    ("ended", "told"),
    [
        ("elsewhere", "another device"),
        ("password", "password was changed"),
        ("suspended", "Sign in to see why"),
        ("administrator", "signed you out"),
        ("expired", "session has ended"),
    ],
)
async def test_who_was_signed_out_is_told_why(house: House, ended: str, told: str) -> None:
    page = await _page(house.browser(), f"/login?next=/c/1&ended={ended}")
    assert told in _notices(page, "alert-info")
    assert 'value="/c/1"' in page
    assert not _notices(await _page(house.browser(), "/login?ended=<b>"), "alert-info")
