"""Several people are added to a group at once, and removed from it."""

from playwright.sync_api import expect

from tests.browser.acts import details, pick, told
from tests.browser.cast import Cast, become_contacts
from tests.browser.people import NARROW, Open


def test_several_people_are_added_and_removed_at_once(cast: Cast, newcomer: Open) -> None:
    for name in ("Dora", "Emil", "Finn", "Gül"):
        one = newcomer(name)
        one.join()
        become_contacts(one, cast.ada)
    cast.at(cast.group, cast.ada, cast.ben)
    page = cast.ada.page
    page.set_viewport_size({"width": 320, "height": NARROW["height"]})
    pane = details(cast.ada)
    pane.get_by_role("button", name="Add people").click()
    cast.ada.no_sideways_scrolling()
    dialog = page.get_by_role("dialog", name="Add people")
    dialog.get_by_role("searchbox", name="Find a contact").fill("gul")
    expect(dialog.get_by_role("checkbox")).to_have_count(1)
    dialog.get_by_role("checkbox", name="Gül").check()
    dialog.get_by_role("searchbox", name="Find a contact").fill("")
    expect(dialog.get_by_role("checkbox", name="Gül")).to_be_checked()
    pick(cast.ada, "Add people", "Add", "Dora", "Emil")
    for name in ("Dora", "Emil", "Gül"):
        told(cast.ben, f"Ada added {name}")

    pane.get_by_role("button", name="Remove people").click()
    expect(page.get_by_role("dialog").get_by_role("checkbox", name="Ada")).to_have_count(0)
    pick(cast.ada, "Remove people", "Remove", "Dora", "Gül")
    for name in ("Dora", "Gül"):
        told(cast.ben, f"Ada removed {name}")
    expect(pane.get_by_role("heading", name="4 members")).to_be_visible()
