"""A lost password: from the sign-in page by mail to the messenger."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import NARROW, PASSWORD, WIDE, Open
from tests.browser.test_accessibility import AXE, CALM, RULES, SETTLED, violations
from tests.conftest import missing
from tests.house.serving import free_port
from tests.mail_server import MailServer, text_of
from tests.served import Served

NEW = "a quite different passphrase"


@pytest.fixture
def served(post: MailServer, tmp_path: Path) -> Iterator[Served]:
    """The product, with a mail server."""
    mail, port = f"smtp://127.0.0.1:{post.port}", str(free_port())  # links name the port
    served = Served(tmp_path / "data", ECHOSPHERE_SMTP_URL=mail, ECHOSPHERE_PORT=port)
    served.start()
    yield served
    served.stop()
    assert "Traceback" not in served.log, served.log


def next_link(post: MailServer, count: int) -> str:
    """Wait for so many letters and return the link in the last one."""
    until = time.monotonic() + 30
    while len(post.letters) < count:
        assert time.monotonic() < until, "no mail came"
        time.sleep(0.05)
    found = re.search(r"http://\S+", text_of(post.letters[-1]))
    assert found is not None
    return found[0]


def looks_well(page: Page) -> None:
    """axe finds nothing, and nothing is wider than the page."""
    if not AXE.is_file():
        missing("axe-core in client/node_modules (bin/setup)")
    page.evaluate(AXE.read_text())
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours)
        page.evaluate(SETTLED)
        assert violations(page, RULES) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["360", "1280"])
def test_a_lost_password_is_set_again_by_mail_with_the_keyboard(
    newcomer: Open, post: MailServer, viewport: dict[str, int]
) -> None:
    ada = newcomer("Ada", viewport=viewport)
    ada.join()
    other = newcomer("Stranger", viewport=viewport)
    page = other.page
    page.goto("/login")
    page.get_by_role("link", name="Forgot your password?").press("Enter")
    expect(page.get_by_label("E-mail address")).to_be_focused()
    looks_well(page)
    page.keyboard.type(ada.email)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("an e-mail is on its way")
    looks_well(page)
    link = next_link(post, 1)
    page.goto(link)
    expect(page.get_by_label("New password", exact=True)).to_be_focused()
    page.keyboard.type("password1234")
    page.keyboard.press("Enter")
    expect(page.get_by_text("too easy to guess")).to_be_visible()
    looks_well(page)
    page.keyboard.type(NEW)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Your new password is set")
    sign_in(page, ada.email, PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("The address or password is wrong")
    sign_in(page, ada.email, NEW)
    expect(page.get_by_role("button", name="Your menu")).to_be_visible()
    page.goto(link)
    expect(page.get_by_text("This link is no longer valid")).to_be_visible()
    looks_well(page)


@pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["360", "1280"])
def test_an_address_is_changed_by_a_link_and_the_settings_tell_of_it(
    newcomer: Open, post: MailServer, viewport: dict[str, int]
) -> None:
    ada = newcomer("Ada", viewport=viewport, **CALM)
    ada.join()
    page = ada.page
    page.goto("/.well-known/change-password")
    form = page.get_by_role("dialog")
    form.get_by_role("button", name="Change address").press("Enter")
    looks_well(page)
    form.get_by_label("New e-mail address").fill("ada@elsewhere.example")
    password = form.get_by_label("Current password").nth(1)
    password.fill("not my password")
    password.press("Enter")
    expect(form.get_by_role("alert")).to_be_visible()
    expect(password).to_be_focused()
    looks_well(page)
    password.fill(PASSWORD)
    password.press("Enter")
    expect(form.get_by_text("on its way to ada@elsewhere.example")).to_be_visible()
    looks_well(page)
    page.goto(next_link(post, 1))
    expect(page.get_by_text("ada@elsewhere.example")).to_be_visible()
    looks_well(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Your menu")).to_be_visible()
    page.goto("/#account")
    expect(page.get_by_text("ada@elsewhere.example").first).to_be_visible()
    looks_well(page)
    page.goto("/#security")
    page.reload()
    events = page.get_by_role("list", name="Security events")
    expect(events.get_by_text("E-mail address changed")).to_be_visible()
    looks_well(page)


def sign_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
