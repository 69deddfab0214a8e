"""A group says what it is for: in its details, and to whoever holds a link into it."""

import pytest
from playwright.sync_api import expect

from tests.browser.acts import details
from tests.browser.cast import gather
from tests.browser.people import NARROW, WIDE, Open
from tests.browser.proxy import Proxy

PLAN = "https://harbour.example/plan"


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_description_is_written_followed_live_and_shown_to_who_is_invited(
    newcomer: Open, proxy: Proxy, viewport: dict[str, int]
) -> None:
    cast = gather(newcomer, proxy, viewport=viewport)
    cast.at(cast.group, cast.ada, cast.ben)
    seen = details(cast.ben)
    expect(seen.get_by_role("button", name="Add people")).to_have_count(0)
    expect(seen.get_by_role("button", name="Add a description")).to_have_count(0)

    pane = details(cast.ada)
    pane.get_by_role("button", name="Add a description").click()
    dialog = cast.ada.page.get_by_role("dialog", name="Group settings")
    field = dialog.get_by_role("textbox", name="Description")
    expect(field).to_be_focused()
    field.fill(f"All about boats.\nThe plan: {PLAN}")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)

    for person in (cast.ada, cast.ben):
        link = details(person).get_by_role("link", name=PLAN)
        expect(link).to_have_attribute("href", PLAN)
        expect(link).to_have_attribute("target", "_blank")
        expect(details(person).get_by_text("All about boats.")).to_be_visible()
        person.no_sideways_scrolling()
    expect(seen.get_by_role("button", name="Edit the description")).to_have_count(0)

    # The dialog for all of the group has it, too, and what is not touched stays.
    pane.get_by_role("button", name="Edit group").click()
    expect(field).to_have_value(f"All about boats.\nThe plan: {PLAN}")
    dialog.get_by_label("Group name").fill("Old harbour")
    dialog.get_by_role("button", name="Save").click()
    expect(seen.get_by_text("Old harbour", exact=True)).to_be_visible()
    expect(seen.get_by_text("All about boats.")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()

    invite = cast.ada.call("POST", f"/conversations/{cast.group}/invites", {})["invite"]
    cast.olaf.page.goto(f"/join/{invite['token']}")
    expect(cast.olaf.page.get_by_text("All about boats.")).to_be_visible()
    cast.olaf.no_sideways_scrolling()

    pane.get_by_role("button", name="Edit the description").click()
    field.fill("")
    dialog.get_by_role("button", name="Save").click()
    expect(pane.get_by_role("button", name="Add a description")).to_be_visible()
    expect(seen.get_by_text("All about boats.")).to_have_count(0)
    cast.ben.page.reload()
    told_lines = cast.ben.page.get_by_role("log").get_by_text("Ada changed the description")
    expect(told_lines).to_have_count(2)
