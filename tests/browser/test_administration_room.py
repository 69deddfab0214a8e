"""Administration: an owner answers a report, looks after people, and reads the log."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.cast import become_contacts
from tests.browser.people import NARROW, WIDE, Open, Someone
from tests.browser.test_accessibility import CALM, Eye
from tests.served import Served


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Served]:
    """A product whose first account is its owner."""
    served = Served(tmp_path / "data")
    served.start()
    yield served
    served.stop()


def page_of(page: Page, name: str) -> Locator:
    """Open a page of the room by its link."""
    page.get_by_role("navigation", name="Administration").get_by_role("link", name=name).click()
    return page.get_by_role("region", name=name)


def report_message(ben: Someone, cleo: Someone) -> None:
    """Ben writes to Cleo, who reports it."""
    become_contacts(ben, cleo)
    body = {"kind": "direct", "user": cleo.call("GET", "/me")["user"]["id"]}
    conversation = ben.call("POST", "/conversations", body)["conversation"]["id"]
    path = f"/conversations/{conversation}/messages"
    said = ben.call("POST", path, {"key": "only-once", "body": "You are useless."})["message"]
    place = {"conversation": conversation, "seq": said["seq"]}
    about = ben.call("GET", "/me")["user"]["id"]
    cleo.call("POST", f"/users/{about}/reports", {"reason": "abuse", "text": "Again.", **place})


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide", "narrow"]
)
def test_an_owner_decides_a_report_and_looks_after_people(
    newcomer: Open, own_server: Served, viewport: dict[str, int], scheme: str
) -> None:
    given = {
        "base_url": own_server.address,
        "viewport": viewport,
        "color_scheme": scheme,
        **CALM,
    }
    ada, ben, cleo = (newcomer(name, **given) for name in ("Ada", "Ben", "Cleo"))
    for person in (ada, ben, cleo):
        person.join()
    report_message(ben, cleo)
    page, eye = ada.page, Eye(ada.page)

    page.goto("/")
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("menuitem", name="Administration").click()
    people = page.get_by_role("list", name="People")
    expect(people.get_by_role("listitem")).to_have_count(3)
    ada.no_sideways_scrolling()
    eye.look("people", ".room")

    page_of(page, "Reports").get_by_role("button", name="Show the report: About Ben").press("Enter")
    report = page.get_by_role("dialog", name="About Ben")
    expect(report.get_by_text("You are useless.")).to_be_visible()
    # The words that Cleo chose from when reporting.
    expect(report.get_by_text("Insults or threats")).to_be_visible()
    eye.look("report", "dialog[open]")
    report.get_by_role("radio", name="Remove the message").check()
    report.get_by_role("textbox", name="Reason").fill("Insulting.")
    report.get_by_role("button", name="Save decision").click()
    expect(page.get_by_text("No open reports")).to_be_visible()

    page_of(page, "People").get_by_role("button", name="Manage Cleo").click()
    cleo_card = page.get_by_role("dialog", name="Cleo")
    eye.look("person", "dialog[open]")
    cleo_card.get_by_role("button", name="Sign out everywhere").click()
    expect(cleo_card.get_by_text("not signed in")).to_be_visible()
    page.keyboard.press("Escape")
    people.get_by_role("button", name="Manage Ben").click()
    page.get_by_role("dialog", name="Ben").get_by_role("button", name="Deactivate").click()
    asking = page.get_by_role("dialog", name="Deactivate Ben?")
    asking.get_by_role("textbox", name="Reason").fill("Insults people.")
    asking.get_by_role("button", name="Deactivate").click()
    card = page.get_by_role("dialog", name="Ben")
    expect(card.get_by_text("Insults people.")).to_be_visible()
    expect(card.get_by_role("button", name="Reactivate")).to_be_visible()
    expect(card.get_by_text("sign out all their devices")).to_be_hidden()
    card.get_by_role("button", name="Show in the audit log").click()
    page.keyboard.press("Escape")
    log = page_of(page, "Audit log").get_by_role("list", name="Audit log")
    expect(log.get_by_role("listitem")).to_have_count(4)
    expect(log.get_by_role("listitem").first).to_contain_text("deactivated")
    eye.look("audit log", ".room")
    for name in ("Storage", "Health"):
        expect(page_of(page, name)).to_be_visible()
        eye.look(name, ".room")
    ada.no_sideways_scrolling()
    eye.saw_nothing()


def test_a_warned_person_reads_why_and_by_whom(newcomer: Open, own_server: Served) -> None:
    ada, ben, cleo = (
        newcomer(name, base_url=own_server.address) for name in ("Ada", "Ben", "Cleo")
    )
    for person in (ada, ben, cleo):
        person.join()
    ada.page.goto("/admin/people")
    row = ada.page.get_by_role("list", name="People").get_by_role("listitem").first
    expect(row).to_contain_text("online")
    report_message(ben, cleo)
    told = ada.page.get_by_role("status").filter(has_text="There is a new report")
    told.get_by_role("button", name="Show").press("Enter")
    expect(ada.page).to_have_url(re.compile("/admin/reports$"))
    report = ada.call("GET", "/administration/reports")["reports"][0]["id"]
    decision = {"decision": "warn", "reason": "Be kind to each other."}
    ben.page.goto("/")
    expect(ben.page.get_by_role("button", name="Your menu")).to_be_visible()
    ada.call("POST", f"/administration/reports/{report}/decision", decision)
    warned = ben.page.get_by_role("region", name="Announcements for you").get_by_role("listitem")
    expect(warned).to_contain_text("Warning: You were warned after a report.")
    ben.page.reload()
    warned.get_by_role("button", name="Dismiss this announcement").press("Enter")
    expect(warned).to_have_count(0)
    ben.page.goto("/#settings")
    ben.page.get_by_role("tab", name="Account").click()
    told = ben.page.get_by_role("listitem").filter(has_text="You were warned")
    expect(told).to_contain_text("Be kind to each other.")
    expect(told).to_contain_text("Ada")


def test_for_members_administration_does_not_exist(newcomer: Open, own_server: Served) -> None:
    ada, ben = (newcomer(name, base_url=own_server.address) for name in ("Ada", "Ben"))
    ada.join()
    ben.join()
    ben.page.goto("/admin")
    expect(ben.page.get_by_text("Conversation not found")).to_be_visible()
    expect(ben.page.get_by_role("navigation", name="Administration")).to_have_count(0)
    ben.page.get_by_role("button", name="Back to conversations").click()
    ben.page.get_by_role("button", name="Your menu").click()
    expect(ben.page.get_by_role("menuitem", name="Settings")).to_be_visible()
    expect(ben.page.get_by_role("menuitem", name="Administration")).to_have_count(0)
