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
    page.goto("/second-factor")
    looks_well(page)
    page.get_by_role("button", name="Set up an app").press("Enter")
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    looks_well(page)
    secret = page.locator(".auth-key").inner_text().replace(" ", "")
    now = pyotp.TOTP(secret).generate_otp(int(time.time()) // 30)
    page.get_by_label("Code").fill(now)
    page.keyboard.press("Enter")
    codes = page.get_by_label("Recovery codes")
    expect(codes).to_have_text(re.compile(r"(\S{4}-\S{4}-\S{4}-\S{4}\s*){10}"))
    looks_well(page)
    kept = codes.inner_text().split()
    page.get_by_role("link", name="I have kept them").press("Enter")
    expect(page).to_have_url("/")
    page.goto("/second-factor")
    expect(page.get_by_role("main")).to_contain_text("Recovery codes left: 10.")
    looks_well(page)
    for code in (code_of(secret), kept[0]):
        other = newcomer("Ada again", viewport=viewport)
        sign_in(other.page, ada.email, code)
        expect(other.page).to_have_url("/")
