"""Signing in with a real OpenID Connect provider: in, linked, proved again, and signed out there."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import NARROW, PASSWORD, WIDE, Open
from tests.browser.test_recovery import looks_well
from tests.house.serving import free_port
from tests.openid_connect.real_provider import LABEL, RealProvider
from tests.served import Served

SIGNED_OUT = "Your sign-in service signed you out."


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealProvider]:
    """The provider, which knows where the product will be."""
    provider = RealProvider(tmp_path_factory.mktemp("provider"), free_port(), free_port())
    provider.start()
    yield provider
    provider.stop()


@pytest.fixture(scope="module")
def served(provider: RealProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The product, where people sign in with passwords and at the provider."""
    data = tmp_path_factory.mktemp("openid") / "data"
    settings = {"PORT": str(provider.server_port), "OPENID_PROVIDERS": str(provider.file)}
    served = Served(data, **{f"ECHOSPHERE_{name}": value for name, value in settings.items()})
    served.start()
    yield served
    served.stop()
    assert "Traceback" not in served.log, served.log


def enter(page: Page, name: str, *, consents: bool = True) -> None:
    """Fill in the provider's pages."""
    page.get_by_placeholder("Enter any login").fill(name)
    page.get_by_placeholder("and password").fill("any")
    page.get_by_role("button", name="Sign-in").click()
    if consents:
        page.get_by_role("button", name="Continue").click()


@pytest.mark.parametrize(("viewport", "name"), [(NARROW, "nora"), (WIDE, "wanda")])
def test_someone_comes_in_proves_it_and_is_signed_out_by_the_provider(
    newcomer: Open, provider: RealProvider, viewport: dict[str, int], name: str
) -> None:
    page = newcomer(name, viewport=viewport).page
    page.goto("/login?next=/%23account")
    button = page.get_by_role("link", name=f"Continue with {LABEL}")
    expect(button).to_be_visible()
    looks_well(page)
    button.press("Enter")
    enter(page, name)
    expect(page.get_by_role("dialog").get_by_text("Last used:")).to_be_visible()
    unlink = page.get_by_role("button", name=f"Unlink {LABEL}")
    unlink.click()
    again = page.get_by_role("link", name=f"Confirm with {LABEL}")
    expect(again).to_be_visible()
    again.press("Enter")
    enter(page, name, consents=False)
    expect(unlink).to_be_visible()
    unlink.click()
    expect(page.get_by_text("This is your only way to sign in.")).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{provider.issuer}/session/end")
    other.get_by_role("button", name="Yes, sign me out").click()
    expect(page).to_have_url(re.compile("ended=provider"))
    expect(page.get_by_text(SIGNED_OUT)).to_be_visible()


def test_an_account_is_linked_and_signing_out_leads_to_the_provider(
    newcomer: Open, provider: RealProvider
) -> None:
    ada = newcomer("Ada")
    ada.join()
    page = ada.page
    page.goto("/#account")
    page.get_by_role("button", name=f"Link {LABEL}").click()
    enter(page, "linus")
    # For a moment it is told twice: in the dialog that opens, and in the page that it leaves.
    told = page.locator("#messenger").get_by_text("You can now sign in with this").first
    expect(told).to_be_visible()
    expect(page.get_by_role("button", name=f"Unlink {LABEL}")).to_be_visible()
    ada.call("DELETE", "/sessions/current")
    expect(page).to_have_url(re.compile("ended=here"))
    page.get_by_role("link", name=f"Continue with {LABEL}").click()  # signed in there still
    expect(page.get_by_role("button", name=f"Unlink {LABEL}")).to_be_visible()
    page.goto("/")
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.get_by_role("button", name="Yes, sign me out").click()  # led on there
    expect(page).to_have_url("/login")
    page.get_by_label("E-mail address").fill(ada.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/")
    page.goto("/#account")
    page.get_by_role("button", name=f"Unlink {LABEL}").click()
    expect(page.get_by_text(f"{LABEL} unlinked")).to_be_visible()
    expect(page.get_by_role("button", name=f"Link {LABEL}")).to_be_visible()
