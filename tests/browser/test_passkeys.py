"""Passkeys in a browser, with Chromium's virtual authenticator, by keyboard."""

import re
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import NARROW, WIDE, Open, Someone
from tests.browser.test_accessibility import CALM
from tests.browser.test_recovery import looks_well
from tests.house.serving import free_port
from tests.served import Served

KIND = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
VIEWPORTS = pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["360", "1280"])


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The product as `localhost`: browsers make no passkeys for a number."""
    data, port = tmp_path_factory.mktemp("passkeys") / "data", str(free_port())
    base = f"http://localhost:{port}"
    served = Served(data, ECHOSPHERE_PORT=port, ECHOSPHERE_BASE_URL=base)
    served.start()
    yield served
    served.stop()
    assert "Traceback" not in served.log, served.log


class Authenticator:
    """Chromium's virtual authenticator, which knows its user; it answers while it is touched."""

    def __init__(self, page: Page, **options: Any) -> None:
        self._cdp = page.context.new_cdp_session(page)
        self._cdp.send("WebAuthn.enable")
        made = self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": KIND | options})
        self._id = made["authenticatorId"]

    def touch(self, *, on: bool) -> None:
        """Hold a finger on it, or take it off."""
        given = {"authenticatorId": self._id, "enabled": on}
        self._cdp.send("WebAuthn.setAutomaticPresenceSimulation", given)


def tab_to(page: Page, name: str) -> None:
    """Come to a button with the Tab key alone."""
    wanted = page.get_by_role("button", name=name)
    expect(wanted).to_be_visible()
    for _ in range(80):
        if wanted.evaluate("(one) => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {name}")


def open_security(page: Page) -> None:
    page.goto("/#security")
    expect(page.get_by_role("heading", name="Passkeys")).to_be_visible()


@pytest.fixture
def ada(newcomer: Open, viewport: dict[str, int]) -> Someone:
    """Someone with an account and an authenticator in their device."""
    ada = newcomer("Ada", viewport=viewport, **CALM)
    ada.join()
    ada.page.goto("/login")  # cookies for `localhost` are not carried over from the call before
    ada.sign_in()
    expect(ada.page.get_by_role("button", name="Your menu")).to_be_visible()
    return ada


@VIEWPORTS
def test_a_passkey_is_added_used_named_and_removed_by_keyboard(ada: Someone) -> None:
    page = ada.page
    device = Authenticator(page)
    open_security(page)
    looks_well(page)
    tab_to(page, "Add a passkey")
    page.keyboard.press("Enter")
    codes = page.get_by_role("group", name="Recovery codes")
    expect(codes).to_be_focused()
    expect(codes).to_have_text(re.compile(r"(\S{4}-\S{4}-\S{4}-\S{4}\s*){10}"))
    looks_well(page)
    tab_to(page, "I have saved them")
    page.keyboard.press("Enter")
    passkeys = page.get_by_role("list", name="Passkeys")
    expect(passkeys.get_by_role("listitem")).to_have_count(1)
    passkeys.get_by_role("button", name=re.compile("^Rename")).press("Enter")
    expect(page.get_by_label("Passkey name")).to_be_focused()
    page.keyboard.type("My laptop")
    looks_well(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Rename My laptop")).to_be_focused()
    expect(page.get_by_role("list", name="Security events")).to_be_visible()

    device.touch(on=False)  # else it answers at once to what the browser offers to fill in
    sign_out(ada)
    tab_to(page, "Sign in with a passkey")
    looks_well(page)
    device.touch(on=True)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Your menu")).to_be_visible()

    device.touch(on=False)
    sign_out(ada)
    ada.sign_in()
    expect(page.get_by_label("Code")).to_be_focused()
    tab_to(page, "Use a passkey")
    looks_well(page)
    device.touch(on=True)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Your menu")).to_be_visible()

    sign_out(ada)  # and what the browser fills in lets in without a press
    expect(page.get_by_role("button", name="Your menu")).to_be_visible()

    open_security(page)
    expect(passkeys).to_contain_text("last used")
    passkeys.get_by_role("button", name="Remove My laptop").press("Enter")
    page.get_by_role("dialog", name="Remove My laptop?").get_by_role(
        "button", name="Remove", exact=True
    ).press("Enter")
    expect(passkeys).to_be_hidden()
    expect(page.get_by_role("button", name="Add a passkey")).to_be_focused()


def sign_out(person: Someone) -> None:
    """Sign out, and come to the page for signing in."""
    person.page.goto("about:blank")  # the messenger would go there by itself
    assert person.request("POST", "/logout").status in (200, 303)
    person.page.goto("/login")


@pytest.mark.parametrize("viewport", [WIDE], ids=["1280"])
def test_a_passkey_is_the_fresh_proof_beside_the_password(ada: Someone, served: Served) -> None:
    page = ada.page
    Authenticator(page)
    open_security(page)
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("button", name="I have saved them").click()
    with sqlite3.connect(served.data / "app.db") as database:
        database.execute("UPDATE sessions SET proved_at = 0")
    page.get_by_role("button", name="Create new codes").click()
    page.get_by_role("dialog", name="Create new recovery codes?").get_by_role(
        "button", name="Create new codes"
    ).click()
    asked = page.get_by_role("dialog", name="Confirm that it is you")
    expect(asked.get_by_label("Current password")).to_be_visible()
    looks_well(page)
    asked.get_by_role("button", name="Use a passkey").press("Enter")
    expect(page.get_by_role("group", name="Recovery codes")).to_be_focused()
    expect(asked).to_be_hidden()
