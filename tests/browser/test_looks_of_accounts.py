"""The pages on the way into an account look well at both widths in both colours, and go by keyboard."""

import re
import time
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import expect

from tests.browser.acts import arrives
from tests.browser.looks import looks_well_everywhere
from tests.browser.people import PASSWORD, Open, Someone
from tests.browser.separate_product import grown_old, heading, opens, press, product
from tests.browser.test_accessibility import CALM
from tests.browser.test_openid_connect import enter
from tests.browser.test_recovery import NEW, next_link, sign_in
from tests.browser.test_second_factor import code_of
from tests.house.serving import free_port
from tests.mail_server import MailServer
from tests.openid_connect.real_provider import LABEL, RealProvider
from tests.served import Served


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_an_address_is_confirmed_by_its_owner_only(
    newcomer: Open, post: MailServer, tmp_path: Path, locale: str
) -> None:
    mail = f"smtp://127.0.0.1:{post.port}"
    with product(tmp_path, SMTP_URL=mail, CONFIRM_EMAIL="on") as served:
        ada, ben, stranger = (
            newcomer(name, base_url=served.address, locale=locale, **CALM)
            for name in ("Ada", "Ben", "Stranger")
        )
        newcomer("Olga", base_url=served.address).join()  # owners need not confirm theirs
        for number, person in enumerate((ada, ben), 1):
            person.call("POST", "/accounts", account(person))
            next_link(post, number)
        theirs = next_link(post, 2)
        page = ada.page
        page.goto("/confirm-email")
        page.locator("summary").press("Enter")
        looks_well_everywhere(page, f"confirm address {locale}")
        page.get_by_label(re.compile("E-mail address|E-Mail-Adresse")).fill(ada.email)
        page.locator("input[type=password]").fill("not my password")
        page.keyboard.press("Enter")
        expect(page.locator(".invalid-feedback")).to_be_visible()
        looks_well_everywhere(page, f"confirm address refused {locale}")
        page.goto(theirs)
        expect(page.get_by_role("alert")).to_contain_text("b…@example.org")
        expect(page.get_by_text(ben.email)).to_have_count(0)
        looks_well_everywhere(page, f"link of another {locale}")
        stranger.page.goto(theirs)
        expect(stranger.page).to_have_url(re.compile("/login"))
        looks_well_everywhere(stranger.page, f"link without a session {locale}")
        ben.page.goto(theirs)
        looks_well_everywhere(ben.page, f"own link {locale}")
        ben.page.keyboard.press("Enter")
        arrives(ben.page, "/$")
        ben.page.goto(theirs)
        expect(ben.page.get_by_role("alert")).to_be_visible()
        looks_well_everywhere(ben.page, f"link used {locale}")


def account(person: Someone) -> dict[str, str]:
    return {"email": person.email, "name": person.name, "password": PASSWORD}


def test_a_new_address_is_taken_by_its_owner_only(
    newcomer: Open, post: MailServer, tmp_path: Path
) -> None:
    with product(tmp_path, SMTP_URL=f"smtp://127.0.0.1:{post.port}") as served:
        ada, ben, stranger = (
            newcomer(name, base_url=served.address, **CALM) for name in ("Ada", "Ben", "Stranger")
        )
        for person in (ada, ben):
            person.join()
        wish = {"email": "ada@elsewhere.example", "password": PASSWORD}
        ada.call("PUT", "/me/email", wish)
        link = next_link(post, 1)
        ben.page.goto(link)
        expect(ben.page.get_by_role("alert")).to_contain_text("a…@example.org")
        expect(ben.page.get_by_text(wish["email"])).to_have_count(0)
        looks_well_everywhere(ben.page, "new address of another")
        stranger.page.goto(link)
        heading(stranger.page, "Sign in")
        sign_in(stranger.page, ada.email, PASSWORD)
        expect(stranger.page.get_by_text(wish["email"])).to_be_visible()
        looks_well_everywhere(stranger.page, "new address")
        stranger.page.keyboard.press("Enter")
        opens(stranger.page)


def test_other_ways_in_are_removed_after_a_reset(newcomer: Open, tmp_path: Path) -> None:
    port = free_port()
    provider = RealProvider(tmp_path, free_port(), port)
    provider.start()
    try:
        with product(tmp_path, PORT=str(port), OPENID_PROVIDERS=str(provider.file)) as served:
            come_back_after_a_reset(newcomer, served)
    finally:
        provider.stop()


def come_back_after_a_reset(newcomer: Open, served: Served) -> None:
    owner, ben = (newcomer(name, base_url=served.address, **CALM) for name in ("Olga", "Ben"))
    owner.join()
    ben.join()
    user = ben.call("GET", "/me")["user"]["id"]
    page = ben.page
    page.goto("/#account")
    press(page, f"Link {LABEL}")
    enter(page, "a-stranger")
    expect(page.get_by_role("button", name=f"Unlink {LABEL}")).to_be_visible()
    secret = ben.call("POST", "/me/second-factor/app", {})["secret"]
    code = pyotp.TOTP(secret).generate_otp(int(time.time()) // 30)
    ben.call("PUT", "/me/second-factor/app", {"code": code})
    link = owner.call("POST", f"/server/users/{user}/reset-link", {})["link"]
    page.goto(link)
    expect(page.get_by_label("New password", exact=True)).to_be_focused()
    looks_well_everywhere(page, "reset")
    page.keyboard.type(NEW)
    page.keyboard.press("Enter")
    heading(page, "Sign in")
    sign_in(page, ben.email, NEW)
    expect(page.get_by_label("Code")).to_be_focused()
    page.keyboard.type(code_of(secret))
    page.keyboard.press("Enter")
    heading(page, "Other sign-in methods")
    looks_well_everywhere(page, "other ways in")
    press(page, f"Remove Sign-in service: {LABEL}")
    expect(page.get_by_text("Sign-in method removed.")).to_be_visible()
    looks_well_everywhere(page, "other ways in after one")
    grown_old(served)
    press(page, "Remove Authenticator app")
    expect(page.get_by_text("Confirm that it is you.")).to_be_visible()
    looks_well_everywhere(page, "other ways in without a proof")
    page.get_by_label("Password", exact=True).fill("not my password")
    page.keyboard.press("Enter")
    expect(page.locator(".invalid-feedback")).to_be_visible()
    page.get_by_label("Password", exact=True).fill(NEW)
    page.keyboard.press("Enter")
    press(page, "Remove Authenticator app")
    opens(page)


def test_who_waits_for_approval_is_told_so(newcomer: Open, tmp_path: Path) -> None:
    with product(tmp_path, REGISTRATION="approval") as served:
        newcomer("Olga", base_url=served.address).join()
        ben = newcomer("Ben", base_url=served.address, **CALM)
        page = ben.page
        page.goto("/register")
        looks_well_everywhere(page, "register for approval")
        page.get_by_label("Name").fill(ben.name)
        page.get_by_label("E-mail address").fill(ben.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.keyboard.press("Enter")
        heading(page, "Almost there")
        looks_well_everywhere(page, "waits for approval")


def test_without_an_invitation_one_is_told_how_people_come_in(
    newcomer: Open, tmp_path: Path
) -> None:
    with product(tmp_path, REGISTRATION="invitation") as served:
        olga = newcomer("Olga", base_url=served.address)
        olga.join()
        url = olga.call("POST", "/server/invites", {})["invite"]["url"]
        page = newcomer("Ben", base_url=served.address, **CALM).page
        page.goto("/register")
        looks_well_everywhere(page, "register by invitation")
        page.goto(url)
        looks_well_everywhere(page, "invitation to the server")
        page.goto(f"{url}-not")
        looks_well_everywhere(page, "invitation that is gone")
