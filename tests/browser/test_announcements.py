"""An owner announces something: everyone sees it, closes it for themselves, and it can be withdrawn."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.looks import looks_well_everywhere
from tests.browser.people import NARROW, WIDE, Open
from tests.browser.test_accessibility import CALM
from tests.browser.test_administration_room import own_server
from tests.served import Served

__all__ = ["own_server"]

SAID = "Maintenance on Sunday from 8 to 9. Details: https://status.example.org/sunday"
LONG = " ".join(["Please read all of this before you go on."] * 30)


def banner(page: Page, text: str) -> Locator:
    region = page.get_by_role("region", name="Announcements for you")
    return region.get_by_role("listitem").filter(has_text=text)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_an_owner_announces_and_everyone_closes_it_for_themselves(
    newcomer: Open, own_server: Served, viewport: dict[str, int]
) -> None:
    given = {"base_url": own_server.address, "viewport": viewport}
    ada, ben = newcomer("Ada", **given), newcomer("Ben", **given)
    ada.join()
    ben.join()
    page = ada.page
    ben.page.goto("/")
    expect(ben.page.get_by_role("button", name="Your menu")).to_be_visible()
    page.goto("/admin/announcements")
    expect(page.get_by_text("No announcements")).to_be_visible()
    page.get_by_role("button", name="New announcement").press("Enter")
    form = page.get_by_role("dialog", name="New announcement")
    form.get_by_role("button", name="Publish").click()
    expect(form.get_by_role("alert")).to_contain_text("Write what you want to announce.")
    form.get_by_label("What do you want to say?").fill(SAID)
    form.get_by_label("How it is shown").select_option("warning")
    form.get_by_role("button", name="Publish").press("Enter")
    expect(page.get_by_role("list", name="Shown now").get_by_text(SAID)).to_be_visible()

    seen = banner(ben.page, SAID)
    expect(seen.get_by_role("link")).to_have_attribute("href", "https://status.example.org/sunday")
    ben.no_sideways_scrolling()
    second = ben.page.context.new_page()
    second.goto("/")
    expect(banner(second, SAID)).to_be_visible()
    seen.get_by_role("button", name="Dismiss this announcement").press("Enter")
    expect(seen).to_have_count(0)
    expect(banner(second, SAID)).to_have_count(0)
    expect(banner(page, SAID)).to_be_visible()

    ada.call("POST", "/administration/announcements", {"text": LONG, "severity": "urgent"})
    cut = banner(ben.page, "Please read")
    expect(banner(ben.page, SAID)).to_have_count(0)
    cut.get_by_role("button", name="Show all").press("Enter")
    expect(cut.get_by_role("button", name="Show less")).to_have_attribute("aria-expanded", "true")
    ben.no_sideways_scrolling()
    ada.no_sideways_scrolling()
    page.reload()
    page.get_by_role("button", name=f"Withdraw: {SAID}").click()
    asking = page.get_by_role("dialog", name="Withdraw this announcement?")
    asking.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_role("list", name="Past").get_by_text(SAID)).to_be_visible()
    expect(banner(page, SAID)).to_have_count(0)


def test_what_is_announced_looks_well_and_goes_by_keyboard(
    newcomer: Open, own_server: Served
) -> None:
    given = {"base_url": own_server.address, **CALM}
    ada, ben = newcomer("Ada", **given), newcomer("Ben", **given)
    ada.join()
    ben.join()
    page = ada.page
    page.goto("/admin/announcements")
    page.get_by_role("button", name="New announcement").press("Enter")
    form = page.get_by_role("dialog", name="New announcement")
    form.get_by_label("What do you want to say?").fill(SAID)
    looks_well_everywhere(page, "announcement form")
    form.get_by_role("button", name="Publish").press("Enter")
    expect(page.get_by_role("list", name="Shown now").get_by_text(SAID)).to_be_visible()
    ada.call("POST", "/administration/announcements", {"text": LONG, "severity": "urgent"})
    expect(page.get_by_role("list", name="Shown now").get_by_text(LONG)).to_be_visible()
    looks_well_everywhere(page, "announcements")
    page.get_by_role("button", name=f"Withdraw: {SAID}").press("Enter")
    looks_well_everywhere(page, "announcement withdrawn")
    ben.page.goto("/")
    cut = banner(ben.page, "Please read")
    cut.get_by_role("button", name="Show all").press("Enter")
    looks_well_everywhere(ben.page, "announcement banner")


def test_who_comes_later_sees_what_is_current_in_their_language(
    newcomer: Open, own_server: Served
) -> None:
    ada = newcomer("Ada", base_url=own_server.address)
    ada.join()
    ada.call("POST", "/administration/announcements", {"text": SAID, "severity": "urgent"})
    cleo = newcomer("Cleo", base_url=own_server.address, locale="de-DE")
    cleo.join()
    cleo.page.goto("/")
    region = cleo.page.get_by_role("region", name="Ankündigungen für dich")
    expect(region.get_by_text("Dringend:")).to_be_visible()
    region.get_by_role("button", name="Diese Ankündigung schließen").click()
    expect(region).to_have_count(0)
    cleo.page.reload()
    expect(cleo.page.get_by_role("button", name="Dein Menü")).to_be_visible()
    expect(region).to_have_count(0)
