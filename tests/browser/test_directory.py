"""The people of a server: found by name, written to and added, and hidden by their own wish."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.cast import become_contacts
from tests.browser.people import NARROW, WIDE, Open, Someone
from tests.browser.test_accessibility import CALM, Eye
from tests.browser.test_quiet import EVENT, REST, Traffic, settle
from tests.served import Served

TITLE = "People on this server"


@pytest.fixture
def open_house(tmp_path: Path) -> Iterator[Served]:
    """A product with a directory."""
    served = Served(tmp_path / "data", ECHOSPHERE_DIRECTORY="on")
    served.start()
    yield served
    served.stop()


def directory(person: Someone) -> Locator:
    """Open the directory from the contacts."""
    person.page.goto("/#contacts")
    contacts = person.page.get_by_role("tabpanel", name="Contacts")
    contacts.get_by_role("button", name=TITLE).click()
    dialog = person.page.get_by_role("dialog", name=TITLE)
    expect(dialog).to_be_visible()
    return dialog


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_people_find_each_other_by_name_and_get_in_touch(
    newcomer: Open, open_house: Served, viewport: dict[str, int]
) -> None:
    given = {"base_url": open_house.address, "viewport": viewport, **CALM}
    ada, bea, cleo, dora = (newcomer(name, **given) for name in ("Ada", "Béa", "Cleo", "Dora"))
    for person in (ada, bea, cleo, dora):
        person.email = person.email.replace("é", "e")
        person.join()
    become_contacts(ada, dora)
    ada.page.goto("/")
    if viewport == WIDE:
        expect(ada.page.get_by_role("button", name=TITLE)).to_contain_text("Find people by name")
    dialog = directory(ada)
    people = dialog.get_by_role("list", name=TITLE).get_by_role("listitem")
    expect(people).to_have_count(3)
    expect(people.filter(has_text="Dora")).to_contain_text("Already connected")
    ada.no_sideways_scrolling()
    eye = Eye(ada.page)
    eye.look("directory", "dialog[open]")
    eye.saw_nothing()

    dialog.get_by_role("searchbox", name="Find someone by name").fill("bea")
    expect(people).to_have_count(1)
    people.get_by_role("button", name="Message Béa").click()
    asking = ada.page.get_by_role("dialog", name="Write to Béa")
    asking.get_by_role("textbox", name="First message").fill("Lunch tomorrow?")
    asking.get_by_role("button", name="Send request").click()
    expect(people).to_contain_text("Request sent")
    expect(asking).not_to_be_visible()
    dialog.get_by_role("searchbox").fill("nobody of this name")
    expect(dialog.get_by_text("No contact with that name.")).to_be_visible()
    dialog.get_by_role("searchbox").fill("")
    people.get_by_role("button", name="Add Cleo").click()
    expect(people.filter(has_text="Request sent")).to_have_count(2)

    bea.page.goto("/#contacts")
    bea.page.get_by_role("button", name="Accept Ada").click()
    bea.hears("Lunch tomorrow?")
    people.get_by_role("button", name="Message Béa").click()
    ada.hears("Lunch tomorrow?")
    cleo.page.goto("/#contacts")
    cleo.page.get_by_role("button", name="Accept Ada").click()


def test_people_who_opt_out_are_not_found_and_choose_who_can_ask(
    newcomer: Open, open_house: Served
) -> None:
    ada, ben = (newcomer(name, base_url=open_house.address) for name in ("Ada", "Ben"))
    for person in (ada, ben):
        person.join()
    expect(directory(ada).get_by_role("button", name="Profile of Ben")).to_be_visible()

    page = ben.page
    page.goto("/#settings")
    page.get_by_role("tab", name="Privacy").click()
    page.get_by_role("radio", name="People in my groups").check(force=True)
    ada.call("POST", "/contacts", {"user": ben.call("GET", "/me")["user"]["id"]})
    listing = page.get_by_role("switch", name="List me in the directory of this server")
    expect(listing).to_be_checked()
    listing.click()
    expect(listing).not_to_be_checked()
    ada.page.reload()
    expect(directory(ada).get_by_text("No one else is listed here yet.")).to_be_visible()
    page.goto("/#contacts")
    expect(page.get_by_text("Requests", exact=True)).to_have_count(0)
    expect(directory(ben).get_by_role("button", name="Profile of Ada")).to_be_visible()


def test_the_directory_is_quiet_at_rest_and_after_one_event(
    newcomer: Open, open_house: Served
) -> None:
    ada, ben = (newcomer(name, base_url=open_house.address) for name in ("Ada", "Ben"))
    for person in (ada, ben):
        person.join()
    dialog = directory(ada)
    expect(dialog.get_by_role("button", name="Profile of Ben")).to_be_visible()
    traffic = Traffic(ada.page)
    settle(ada.page, [traffic])
    ada.page.wait_for_timeout(REST)
    assert traffic.requests + traffic.calls == []
    become_contacts(ben, ada)
    expect(dialog.get_by_role("listitem").filter(has_text="Ben")).to_contain_text(
        "Already connected"
    )
    ada.page.wait_for_timeout(EVENT)
    assert traffic.calls == []
    assert len([one for one in traffic.requests if "/directory" in one]) == 0


def test_without_a_directory_nothing_speaks_of_one(newcomer: Open) -> None:
    ada = newcomer("Ada")
    ada.join()
    ada.page.goto("/#contacts")
    expect(ada.page.get_by_role("button", name="Add contact").first).to_be_visible()
    expect(ada.page.get_by_role("button", name=TITLE)).to_have_count(0)
    ada.page.goto("/#directory")
    expect(ada.page.get_by_role("button", name="Your menu")).to_be_visible()
    expect(ada.page.get_by_role("dialog")).to_have_count(0)
    ada.page.goto("/#settings")
    ada.page.get_by_role("tab", name="Privacy").click()
    expect(ada.page.get_by_role("switch", name="Requests from people in my groups")).to_be_checked()
    expect(ada.page.get_by_role("switch", name="List me")).to_have_count(0)
