"""Going back to the messenger shows it from the browser's cache, up to date."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser.acts import arrives
from tests.browser.contexts import Contexts
from tests.browser.people import Pair, Someone

ELSEWHERE = "/static/client/icon.svg"
MARK = "window.markOfThisPage = 'left here'"
KEPT = "window.markOfThisPage === 'left here'"
# Not at once: the page of the call is gone then, and the call with it.
GO_BACK = "setTimeout(() => history.back(), 50)"


@pytest.fixture(scope="module")
def browser(driver: Playwright, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    """A browser that keeps pages for the way back, which Playwright switches off."""
    browser = driver.chromium.launch(
        **browser_type_launch_args, ignore_default_args=["--disable-back-forward-cache"]
    )
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def contexts(browser: Browser, lasting: set[str]) -> Iterator[Contexts]:
    """Its contexts."""
    with Contexts(browser, lasting).watched() as contexts:
        yield contexts


def leave(person: Someone) -> Page:
    """Go to another page, as by following a link; the page that is left is marked."""
    page = person.page
    page.evaluate(MARK)
    page.goto(ELSEWHERE)
    return page


def go_back(page: Page) -> None:
    page.evaluate(GO_BACK)
    arrives(page, "/c/")


def test_the_page_comes_back_as_it_was_and_catches_up(pair: Pair) -> None:
    ada, ben = pair()
    ada.say("before")
    ben.hears("before")
    page = leave(ada)
    ben.say("said while Ada was elsewhere")
    go_back(page)
    assert page.evaluate(KEPT)
    ada.hears("said while Ada was elsewhere")
    ada.say("and Ada answers")
    ben.hears("and Ada answers")
    # Once more, as what was opened again has to close again.
    leave(ada)
    go_back(page)
    assert page.evaluate(KEPT)
    ben.say("the second time, too")
    ada.hears("the second time, too")


def test_what_was_kept_is_not_shown_after_signing_out_in_another_tab(pair: Pair) -> None:
    ada, _ = pair(alone=True)
    ada.say("only for Ada and Ben")
    page = leave(ada)
    other = page.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Your menu").click()
    other.get_by_role("menuitem", name="Sign out").click()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    page.evaluate(GO_BACK)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_text("only for Ada and Ben")).to_have_count(0)


def test_a_session_that_ended_meanwhile_leads_to_sign_in(pair: Pair) -> None:
    ada, _ = pair(alone=True)
    page = leave(ada)
    ada.call("DELETE", "/sessions/current")
    page.evaluate(GO_BACK)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
