"""Administration shows what happens while one looks, and its tabs are where one sees them."""

import pytest
from playwright.sync_api import Page, expect

from echosphere.administration.live import INTERVAL
from tests.browser.people import NARROW, WIDE, Open
from tests.browser.test_accessibility import CALM, Eye
from tests.browser.test_administration_room import own_server, page_of, report_message
from tests.browser.test_quiet import EVENT, REST, Traffic, settle
from tests.served import Served

__all__ = ["own_server"]


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(WIDE, "dark"), (NARROW, "light")], ids=["wide", "narrow"]
)
def test_what_happens_is_shown_without_loading_again(
    newcomer: Open, own_server: Served, viewport: dict[str, int], scheme: str
) -> None:
    given = {"base_url": own_server.address, "viewport": viewport, "color_scheme": scheme, **CALM}
    ada, ben = newcomer("Ada", **given), newcomer("Ben", **given)
    ada.join()
    ben.join()
    page, eye = ada.page, Eye(ada.page)
    page.goto("/admin/people")
    people = page.get_by_role("list", name="People").get_by_role("listitem")
    expect(people).to_have_count(2)
    expect(people.filter(has_text="Ada")).to_contain_text("online")
    expect(people.filter(has_text="Ben")).not_to_contain_text("online")
    cleo = newcomer("Cleo", **given)
    cleo.join()
    expect(people.filter(has_text="Cleo")).to_be_visible()
    ben.page.goto("/")
    expect(people.filter(has_text="Ben")).to_contain_text("online")
    eye.look("people", ".room")

    tab = page.get_by_role("navigation", name="Administration").get_by_role("link")
    report_message(ben, cleo)
    expect(tab.filter(has_text="Reports")).to_contain_text("1")
    page_of(page, "Reports")
    expect(page.get_by_role("button", name="Show the report: About Ben")).to_be_visible()
    report = ada.call("GET", "/administration/reports")["reports"][0]["id"]
    decision = {"decision": "dismiss", "reason": "Nothing."}
    ada.call("POST", f"/administration/reports/{report}/decision", decision)
    expect(page.get_by_text("No open reports")).to_be_visible()
    expect(tab.filter(has_text="Reports")).not_to_contain_text("1")

    page_of(page, "Audit log")
    log = page.get_by_role("list", name="Audit log").get_by_role("listitem")
    expect(log).to_have_count(2)
    ada.call("POST", "/server/invites", {})
    expect(log).to_have_count(3)
    expect(log.first).to_contain_text("created an invitation")
    expect(tab.filter(has_text="Audit log")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Verify").press("Enter")
    expect(page.get_by_text("The log is intact")).to_be_visible()
    with page.expect_download() as loading:
        page.get_by_role("link", name="Download").click()
    assert loading.value.path().read_text(encoding="utf-8").count("\n") == 3
    eye.look("audit log", ".room")

    page_of(page, "Health")
    findings = page.get_by_role("list", name="Server checks")
    expect(findings.get_by_role("listitem").filter(has_text="Database")).to_contain_text("answers")
    eye.look("health", ".room")
    ada.no_sideways_scrolling()
    eye.saw_nothing()


PAGES = (
    "people",
    "invitations",
    "approvals",
    "reports",
    "announcements",
    "storage",
    "health",
    "audit",
)


def test_each_page_is_quiet_at_rest_and_asks_once_after_an_event(
    newcomer: Open, own_server: Served
) -> None:
    ada, ben = (newcomer(name, base_url=own_server.address) for name in ("Ada", "Ben"))
    ada.join()
    ben.join()
    pages = {}
    for name in PAGES:
        page = ada.page.context.new_page()
        traffic = Traffic(page)
        page.goto(f"/admin/{name}")
        current = page.get_by_role("navigation", name="Administration").locator("[aria-current]")
        expect(current).to_have_attribute("href", f"/admin/{name}")
        pages[name] = traffic
    # Each page is one more connection, which the page of health hears of at the next look.
    settle(ada.page, list(pages.values()), quiet=1_000 * INTERVAL + 1_000)
    ada.page.wait_for_timeout(REST)
    assert {name: told.requests + told.calls for name, told in pages.items()} == {
        name: [] for name in PAGES
    }
    for traffic in pages.values():
        traffic.forget()
    ben.call("PATCH", "/me", {"name": "Benno"})
    ada.call("POST", "/server/invites", {})
    ada.page.wait_for_timeout(EVENT)
    asked = {name: len(told.requests) for name, told in pages.items()}
    assert asked == {name: int(name in ("people", "invitations", "audit")) for name in PAGES}


def test_the_address_leads_to_another_page_while_the_settings_are_open(
    newcomer: Open, own_server: Served
) -> None:
    ada = newcomer("Ada", base_url=own_server.address)
    ada.join()
    page: Page = ada.page
    page.goto("/#account")
    for name, title in (("security", "Security"), ("storage", "Storage"), ("account", "Account")):
        page.evaluate(f"location.hash = '{name}'")
        expect(page.get_by_role("tab", name=title)).to_have_attribute("aria-selected", "true")
        expect(page.get_by_role("tabpanel", name=title)).to_be_visible()
