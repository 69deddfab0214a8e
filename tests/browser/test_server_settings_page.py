"""Settings in Administration: changed by keyboard, refused beside the field, live for others."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import NARROW, WIDE, Open
from tests.browser.test_accessibility import CALM, Eye
from tests.browser.test_administration_room import page_of
from tests.served import Served


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Served]:
    """A product with a setting that its environment fixes."""
    served = Served(tmp_path / "data", ECHOSPHERE_DIGEST_HOURS="6")
    served.start()
    yield served
    served.stop()


def row(page: Page, label: str) -> Locator:
    """Return a setting with what stands below it."""
    return page.locator(".setting").filter(has_text=label)


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide", "narrow"]
)
def test_settings_are_changed_by_keyboard_and_seen_by_other_administrators(
    newcomer: Open, own_server: Served, viewport: dict[str, int], scheme: str
) -> None:
    given = {"base_url": own_server.address, "viewport": viewport, "color_scheme": scheme, **CALM}
    ada, ben = newcomer("Ada", **given), newcomer("Ben", **given)
    ada.join()
    ben.join()
    ben_id = ben.call("GET", "/me")["user"]["id"]
    ada.call("PUT", f"/administration/people/{ben_id}/role", {"role": "administrator"})
    ben.page.goto("/login")
    ben.sign_in()
    expect(ben.page.get_by_role("button", name="Your menu")).to_be_visible()
    eye = Eye(ada.page)
    for person in (ada, ben):
        person.page.goto("/admin/people")
        page_of(person.page, "Settings")
    page = ada.page

    registration = page.get_by_label("Registration", exact=True)
    expect(registration).to_have_value("auto")
    ada.no_sideways_scrolling()
    eye.look("settings", ".room")
    registration.focus()
    page.keyboard.press("End")
    expect(registration).to_have_value("closed")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Save: Registration")).to_be_focused()
    page.keyboard.press("Enter")
    expect(row(page, "Invitations work in every mode")).to_contain_text("Default: Automatic")
    # The other administrator sees it without having asked.
    expect(ben.page.get_by_label("Registration", exact=True)).to_have_value("closed")

    largest = page.get_by_label("Largest file", exact=True)
    largest.fill("0")
    largest.press("Enter")
    refused = row(page, "Largest file").get_by_role("alert")
    expect(refused).to_have_text("Enter a whole number from 1 to 1024.")
    expect(largest).to_be_focused()
    eye.look("a refusal", ".room")
    largest.fill("7")
    largest.press("Enter")
    expect(refused).to_have_count(0)
    expect(page.locator("#messenger")).to_have_attribute("data-largest", str(7 * 2**20))

    previews = page.get_by_role("switch", name="Link previews")
    previews.press("Space")
    expect(ben.page.get_by_role("switch", name="Link previews")).not_to_be_checked()
    confirm = page.get_by_role("switch", name="Confirm e-mail addresses")
    confirm.press("Space")
    expect(row(page, "Confirm e-mail addresses").get_by_role("alert")).to_contain_text(
        "mail server"
    )
    expect(confirm).not_to_be_checked()

    fixed = page.get_by_label("E-mail about unread messages after", exact=True)
    expect(fixed).to_be_disabled()
    expect(fixed).to_have_value("6")
    expect(row(page, "E-mail about unread messages after")).to_contain_text(
        "Set in the server environment: ECHOSPHERE_DIGEST_HOURS"
    )
    page.get_by_role("button", name="Back to the default: Largest file").press("Enter")
    expect(largest).to_have_value("25")
    log = page_of(page, "Audit log").get_by_role("list", name="Audit log")
    expect(log.get_by_role("listitem").first).to_contain_text("reset a setting to its default")
    expect(log.get_by_role("listitem").first).to_contain_text("Largest file")
    with sqlite3.connect(own_server.data / "app.db") as database:
        database.execute("INSERT INTO server_settings VALUES ('colour_of_the_door', 'green', 1)")
    page_of(page, "Settings")
    other = page.get_by_role("list", name="From a different version")
    expect(other).to_contain_text("colour_of_the_door")
    eye.look("settings of another version", ".room")
    other.get_by_role("button", name="Remove: colour_of_the_door").press("Enter")
    expect(other).to_have_count(0)
    eye.saw_nothing()
