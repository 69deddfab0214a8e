"""Presence and typing: shown live to the right people, and to no one else."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.acts import listed
from tests.browser.cast import Cast
from tests.browser.overhearing import Overhearing
from tests.browser.people import Someone

HIDE = """(state) => {
    Object.defineProperty(document, 'visibilityState', { get: () => state, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
}"""


def head(person: Someone) -> Locator:
    """The head of the open conversation, below the name."""
    return person.page.get_by_role("region").get_by_role("button", expanded=False).first


def typing_line(person: Someone) -> Locator:
    return person.page.get_by_role("region").get_by_role("status")


def test_people_are_seen_to_come_to_look_away_and_to_leave(cast: Cast) -> None:
    olaf = Overhearing(cast.olaf)
    ids = [cast.id_of(person) for person in (cast.ada, cast.ben, cast.cleo)]
    wish = {"kind": "direct", "user": ids[2]}
    with_cleo = cast.ben.call("POST", "/conversations", wish)["conversation"]["id"]
    cast.at(cast.direct, cast.ben)
    cast.at(cast.group, cast.cleo)
    expect(listed(cast.ben, "Online Cleo")).to_be_visible()
    cast.cleo.page.goto("about:blank")
    expect(head(cast.ben)).not_to_contain_text("online")
    cast.ada.page.clock.install()
    cast.at(cast.direct, cast.ada)
    expect(head(cast.ben)).to_have_accessible_name("Ada online")
    expect(listed(cast.ben, "Online Ada")).to_be_visible()
    expect(head(cast.ada)).to_have_accessible_name("Ben online")
    cast.ada.page.evaluate(HIDE, "hidden")
    cast.ada.page.clock.run_for(4_000)
    expect(head(cast.ben)).to_have_accessible_name("Ada away")
    cast.at(cast.direct, cast.phone)
    expect(head(cast.phone)).to_have_accessible_name("Ben online")
    expect(head(cast.ben)).to_have_accessible_name("Ada online")
    cast.at(with_cleo, cast.ben)
    expect(head(cast.ben)).to_contain_text("last seen at", timeout=30_000)
    olaf.heard_nothing_of(*ids)
    asked = cast.olaf.call("GET", f"/presence?users={','.join(ids)}")
    assert asked == {"presence": []}


def test_the_invisible_look_gone_and_still_see_the_others(cast: Cast) -> None:
    cast.at(cast.direct, cast.ada, cast.phone, cast.ben)
    expect(head(cast.ben)).to_have_accessible_name("Ada online")
    for device in (cast.ada, cast.phone):
        device.page.get_by_role("button", name="Your menu").click()
        device.page.get_by_role("menuitem", name="Settings").click()
        device.page.get_by_role("tab", name="Privacy").click()
    switch = "Show when I am online"
    cast.ada.page.get_by_role("switch", name=switch).uncheck()
    expect(cast.phone.page.get_by_role("switch", name=switch)).not_to_be_checked()
    expect(head(cast.ben)).not_to_contain_text("online")
    expect(listed(cast.ben, "Online Ada")).to_have_count(0)
    cast.ada.page.keyboard.press("Escape")
    expect(head(cast.ada)).to_have_accessible_name("Ben online")
    cast.phone.page.get_by_role("switch", name=switch).check()
    expect(head(cast.ben)).to_have_accessible_name("Ada online")


def test_typing_is_shown_in_both_kinds_of_conversations(cast: Cast) -> None:
    olaf = Overhearing(cast.olaf)
    cast.at(cast.direct, cast.phone)
    cast.at(cast.group, cast.ada, cast.cleo)
    cast.at(cast.direct, cast.ben)
    box = cast.ben.page.get_by_role("textbox", name="Message")
    cast.ben.types_on("Well")
    expect(typing_line(cast.phone)).to_have_text("Ben is typing…")
    expect(head(cast.phone)).to_contain_text("typing…")
    expect(listed(cast.ada, "Online Ben")).to_contain_text("typing…")
    box.fill("")
    expect(typing_line(cast.phone)).to_have_text("")
    for device in (cast.phone, cast.ben):
        listed(device, "Harbour").click()
        expect(head(device)).to_contain_text("3 members")
    cast.ben.types_on("Then")
    cast.cleo.types_on("But")
    for device in (cast.ada, cast.phone):
        line = device.page.get_by_role("region").get_by_text("are typing…").first
        # Over two processes neither is known to be first.
        expect(line).to_have_text(re.compile("^(Ben and Cleo|Cleo and Ben) are typing…$"))
    expect(typing_line(cast.cleo)).to_have_text("Ben is typing…")
    cast.ben.say("Then let us go")
    for device in (cast.ada, cast.phone):
        device.hears("Then let us go")
        expect(device.page.get_by_text("Cleo is typing…").first).to_be_attached()
    olaf.heard_nothing_of("typing", "Ben", "Cleo")


def test_someone_who_does_not_tell_is_not_seen_typing(cast: Cast) -> None:
    cast.at(cast.group, cast.ada, cast.ben, cast.cleo)
    cast.ben.call("PATCH", "/me", {"settings": {"typing": False}})
    page = cast.ben.page
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("menuitem", name="Settings").click()
    page.get_by_role("tab", name="Privacy").click()
    expect(page.get_by_role("switch", name="Show when I am typing")).not_to_be_checked()
    page.keyboard.press("Escape")
    for person in (cast.ben, cast.cleo):
        person.types_on("Psst")
    expect(typing_line(cast.ada)).to_have_text("Cleo is typing…")
    expect(typing_line(cast.cleo)).to_have_text("")
