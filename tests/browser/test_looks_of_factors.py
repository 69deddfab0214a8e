"""A required second factor, and the way from a sign-in service back, look well and go by keyboard."""

import time
from pathlib import Path

import pyotp
from playwright.sync_api import expect

from tests.browser.looks import looks_well_everywhere
from tests.browser.people import PASSWORD, Open
from tests.browser.separate_product import grown_old, heading, opens, press, product
from tests.browser.test_accessibility import CALM
from tests.browser.test_passkeys import Authenticator
from tests.house.serving import free_port
from tests.openid_connect.real_provider import LABEL, RealProvider


def test_a_required_factor_is_set_up_before_anything_else(newcomer: Open, tmp_path: Path) -> None:
    port = str(free_port())
    local = f"http://localhost:{port}"
    settings = {"PORT": port, "BASE_URL": local, "REQUIRE_SECOND_FACTOR": "everybody"}
    with product(tmp_path, **settings) as served:
        ada = newcomer("Ada", base_url=local, **CALM)
        ada.join()
        page = ada.page
        page.goto("/login")
        Authenticator(page)
        ada.sign_in()
        heading(page, "Two-step sign-in")
        expect(page.get_by_role("button", name="Create a passkey")).to_be_visible()
        looks_well_everywhere(page, "factor required")
        grown_old(served)
        page.goto("/")
        expect(page.get_by_label("Password", exact=True)).to_be_focused()
        looks_well_everywhere(page, "factor required prove")
        page.keyboard.type("not my password")
        page.keyboard.press("Enter")
        expect(page.locator(".invalid-feedback").first).to_be_visible()
        looks_well_everywhere(page, "factor required refused")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        press(page, "Set up an app")
        expect(page.get_by_label("Code")).to_be_focused()
        looks_well_everywhere(page, "factor required app")
        secret = page.locator("code").inner_text().replace(" ", "")
        page.keyboard.type(pyotp.TOTP(secret).generate_otp(int(time.time()) // 30))
        page.keyboard.press("Enter")
        expect(page.get_by_label("Recovery codes")).to_be_visible()
        looks_well_everywhere(page, "factor required codes")
        press(page, "I have saved them", "link")
        opens(page)


def test_who_turns_back_at_a_sign_in_service_is_told_how_to_go_on(
    newcomer: Open, tmp_path: Path
) -> None:
    port = free_port()
    provider = RealProvider(tmp_path, free_port(), port)
    provider.start()
    try:
        with product(tmp_path, PORT=str(port), OPENID_PROVIDERS=str(provider.file)) as served:
            page = newcomer("Nora", base_url=served.address, **CALM).page
            page.goto("/login")
            looks_well_everywhere(page, "sign in with services")
            press(page, f"Continue with {LABEL}", "link")
            page.get_by_role("link", name="Cancel").click()
            heading(page, "You are not signed in yet")
            looks_well_everywhere(page, "turned back at the service")
            press(page, "Sign in another way", "link")
            heading(page, "Sign in")
    finally:
        provider.stop()
