"""Two-step sign-in: set up, signed in with a code and with a recovery code, by keyboard."""

import re
import time

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import NARROW, PASSWORD, WIDE, Open
from tests.browser.test_recovery import looks_well


def code_of(secret: str) -> str:
    """Return the next code of an app: servers take it half a minute early."""
    return pyotp.TOTP(secret).generate_otp(int(time.time()) // 30 + 1)


def sign_in(page: Page, email: str, code: str) -> None:
    """Sign in with password and code."""
    page.goto("/login")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Code")).to_be_focused()
    looks_well(page)
    page.keyboard.type(code)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["360", "1280"])
def test_an_app_is_set_up_and_asked_for(newcomer: Open, viewport: dict[str, int]) -> None:
    ada = newcomer("Ada", viewport=viewport)
    ada.join()
    page = ada.page
    page.goto("/#security")
    page.get_by_role("button", name="Set up an app").press("Enter")
    expect(page.get_by_label("Code")).to_be_focused()
    # It is for a camera: the field below it takes the focus and must not scroll it away.
    expect(page.get_by_role("img", name="QR code")).to_be_in_viewport(ratio=1)
    looks_well(page)
    secret = page.locator("code").inner_text().replace(" ", "")
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This code is wrong")
    page.get_by_label("Code").fill(pyotp.TOTP(secret).generate_otp(int(time.time()) // 30))
    page.keyboard.press("Enter")
    codes = page.get_by_role("group", name="Recovery codes")
    expect(codes).to_be_focused()
    expect(codes).to_have_text(re.compile(r"(\S{4}-\S{4}-\S{4}-\S{4}\s*){10}"))
    looks_well(page)
    for _ in range(2):  # browsers close a dialog by themselves when asked twice
        page.keyboard.press("Escape")
        expect(page.get_by_role("alert")).to_contain_text("They are not shown again")
        expect(codes).to_be_focused()
    kept = codes.inner_text().split()
    page.get_by_role("button", name="I have saved them").press("Enter")
    expect(page.get_by_text("10 codes are left.")).to_be_visible()
    expect(page.get_by_text("this server is reached by an IP address")).to_be_visible()
    looks_well(page)
    for code in (code_of(secret), kept[0]):
        other = newcomer("Ada again", viewport=viewport)
        sign_in(other.page, ada.email, code)
        expect(other.page).to_have_url("/")


@pytest.mark.parametrize("viewport", [NARROW], ids=["360"])
def test_an_app_is_switched_off_and_a_remembered_device_asked_again(
    newcomer: Open, viewport: dict[str, int]
) -> None:
    ada = newcomer("Ada", viewport=viewport)
    ada.join()
    secret = ada.call("POST", "/me/second-factor/app", {})["secret"]
    now = pyotp.TOTP(secret).generate_otp(int(time.time()) // 30)
    ada.call("PUT", "/me/second-factor/app", {"code": now})
    page = newcomer("Ada again", viewport=viewport).page
    page.goto("/login")
    page.get_by_label("E-mail address").fill(ada.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Do not ask again on this device").check()
    page.get_by_label("Code").fill(code_of(secret))
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Your menu")).to_be_visible()
    page.goto("/#security")
    devices = page.get_by_role("list", name="Remembered devices")
    looks_well(page)
    devices.get_by_role("button", name=re.compile("^Ask again")).press("Enter")
    expect(devices).to_be_hidden()
    page.get_by_role("button", name="Turn off").press("Enter")
    asked = page.get_by_role("dialog", name="Turn the app off?")
    asked.get_by_role("button", name="Turn off").press("Enter")
    expect(page.get_by_role("button", name="Set up an app")).to_be_focused()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_hidden()
