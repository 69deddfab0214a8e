"""A conversation is cleared, or deleted, by one person for themselves, and that is taken back."""

import pytest
from playwright.sync_api import Locator, ViewportSize, expect

from tests.browser.acts import bubble, choose, details, finds_nothing, keeps_nothing_of, listed
from tests.browser.cast import Cast, gather
from tests.browser.people import NARROW, WIDE, Open, Someone
from tests.browser.proxy import Proxy

MARKER = "zxqvmarker"
MENU = "Clear or delete…"

narrow_and_wide = pytest.mark.parametrize("viewport", [NARROW, WIDE], ids=["narrow", "wide"])


def from_list(person: Someone, title: str, way: str) -> None:
    """Choose from the dialog that the conversation's menu in the list leads to."""
    listed(person, title).click(button="right")
    person.page.get_by_role("menuitem", name=MENU).click()
    dialog(person, title).get_by_role("button", name=way, exact=True).click()


def from_details(person: Someone, title: str, way: str) -> None:
    """Choose from the dialog that the details lead to."""
    details(person).get_by_role("button", name=MENU).click()
    dialog(person, title).get_by_role("button", name=way, exact=True).click()


def dialog(person: Someone, title: str) -> Locator:
    return person.page.get_by_role("dialog", name=f"Clear or delete {title}?")


def undo(person: Someone) -> None:
    person.page.get_by_role("button", name="Undo").click()


def is_empty(person: Someone) -> None:
    """See that the open conversation shows nothing, and says why."""
    log = person.page.get_by_role("log")
    expect(log.get_by_text("You cleared the earlier messages.")).to_be_visible()
    expect(log.get_by_role("article")).to_have_count(0)


def said_in_group(cast: Cast) -> None:
    for author, words in ((cast.ben, f"{MARKER} one"), (cast.ada, f"{MARKER} two")):
        cast.post(author, cast.group, words)


@narrow_and_wide
def test_cleared_history_is_gone_from_ones_own_devices_and_comes_back_by_undo(
    newcomer: Open, proxy: Proxy, viewport: ViewportSize
) -> None:
    cast = gather(newcomer, proxy, viewport=viewport)
    said_in_group(cast)
    cast.at(cast.group, cast.ada, cast.phone, cast.ben)
    cast.ada.hears(f"{MARKER} two")
    from_details(cast.ada, "Harbour", "Clear history")
    if viewport == NARROW:
        cast.ada.page.get_by_role("complementary").get_by_role("button", name="Close").click()
    for device in (cast.ada, cast.phone):
        is_empty(device)
        keeps_nothing_of(device, MARKER)
    cast.ben.hears(f"{MARKER} two")
    undo(cast.ada)
    for device in (cast.ada, cast.phone):
        device.hears(f"{MARKER} one")
        device.hears(f"{MARKER} two")
    cast.ada.page.reload()
    cast.ada.hears(f"{MARKER} one")


@narrow_and_wide
def test_a_deleted_conversation_leaves_the_list_and_comes_back_with_the_next_message(
    newcomer: Open, proxy: Proxy, viewport: ViewportSize
) -> None:
    cast = gather(newcomer, proxy, viewport=viewport)
    said_in_group(cast)
    for device in (cast.ada, cast.phone):
        device.page.goto("/")
        expect(listed(device, "Harbour")).to_be_visible()
    from_list(cast.ada, "Harbour", "Delete conversation")
    for device in (cast.ada, cast.phone):
        expect(listed(device, "Harbour")).to_have_count(0)
        keeps_nothing_of(device, MARKER)
    finds_nothing(cast.ada, MARKER)
    cast.post(cast.ben, cast.group, "Still there?")
    for device in (cast.ada, cast.phone):
        device.page.goto("/")
        expect(listed(device, "Harbour")).to_contain_text("Ben: Still there?")
        expect(listed(device, "Harbour")).to_contain_text("1 unread")
    listed(cast.ada, "Harbour").click()
    cast.ada.hears("Still there?")
    expect(cast.ada.page.get_by_role("log").get_by_role("article")).to_have_count(1)
    expect(cast.ada.page.get_by_text(MARKER)).to_have_count(0)


def test_undo_brings_a_deleted_conversation_back_with_what_one_began_to_write(cast: Cast) -> None:
    ada, page = cast.ada, cast.ada.page
    said_in_group(cast)
    cast.at(cast.group, ada)
    page.get_by_role("textbox", name="Message").fill("half a thought")
    from_list(ada, "Harbour", "Delete conversation")
    expect(listed(ada, "Harbour")).to_have_count(0)
    expect(page.get_by_role("log")).to_have_count(0)
    undo(ada)
    expect(listed(ada, "Harbour")).to_contain_text("half a thought")
    listed(ada, "Harbour").click()
    ada.hears(f"{MARKER} one")
    expect(page.get_by_role("textbox", name="Message")).to_have_value("half a thought")


def test_a_device_that_was_away_lets_go_of_what_was_cleared(cast: Cast) -> None:
    said_in_group(cast)
    cast.at(cast.group, cast.phone)
    cast.phone.hears(f"{MARKER} two")
    cast.phone.keeps("messages", "rows.length >= 2")
    cast.phone.page.goto("about:blank")
    cast.ada.page.goto("/")
    from_list(cast.ada, "Harbour", "Clear history")
    expect(listed(cast.ada, "Harbour")).to_contain_text("History cleared")
    cast.at(cast.group, cast.phone)
    is_empty(cast.phone)
    keeps_nothing_of(cast.phone, MARKER)


def test_an_answer_to_what_one_cleared_says_that_it_is_not_there(cast: Cast) -> None:
    said_in_group(cast)
    cast.at(cast.group, cast.ada, cast.ben)
    cast.ada.hears(f"{MARKER} two")
    choose(cast.ben, f"{MARKER} two", "Reply")
    from_list(cast.ada, "Harbour", "Clear history")
    is_empty(cast.ada)
    cast.ben.say("As you said")
    answer = bubble(cast.ada, "As you said")
    expect(answer.get_by_text("This message is not available.")).to_be_visible()
    expect(cast.ada.page.get_by_text(MARKER)).to_have_count(0)
    expect(bubble(cast.ben, "As you said").get_by_text(MARKER)).to_be_visible()


def test_leaving_and_deleting_keeps_nothing_and_shows_nothing_on_coming_back(cast: Cast) -> None:
    said_in_group(cast)
    cast.at(cast.group, cast.ben, cast.ada)
    cast.ben.hears(f"{MARKER} one")
    from_details(cast.ben, "Harbour", "Leave and delete")
    question = cast.ben.page.get_by_role("dialog", name="Leave Harbour?")
    question.get_by_role("button", name="Leave and delete").click()
    expect(listed(cast.ben, "Harbour")).to_have_count(0)
    keeps_nothing_of(cast.ben, MARKER)
    body = {"user": cast.id_of(cast.ben)}
    cast.ada.call("POST", f"/conversations/{cast.group}/members", body)
    listed(cast.ben, "Harbour").click()
    cast.ada.say("Welcome back")
    cast.ben.hears("Welcome back")
    expect(cast.ben.page.get_by_text(MARKER)).to_have_count(0)


def test_each_way_says_below_its_button_what_it_does(cast: Cast) -> None:
    said_in_group(cast)
    page = cast.ada.page
    page.goto("/")
    for title, ways in (
        ("Harbour", ("Clear history", "Delete conversation", "Leave and delete")),
        ("Ben", ("Delete conversation",)),
    ):
        listed(cast.ada, title).click(button="right")
        page.get_by_role("menuitem", name=MENU).click()
        shown = dialog(cast.ada, title)
        page.wait_for_timeout(300)  # it grows
        for way in ways:
            button = shown.get_by_role("button", name=way, exact=True)
            hint = shown.locator(f"p[id='{button.get_attribute('aria-describedby')}']")
            above, below = button.bounding_box(), hint.bounding_box()
            assert above is not None
            assert below is not None
            assert above["y"] + above["height"] <= below["y"]
        expect(shown.get_by_role("button", name="Clear history")).to_have_count(len(ways) // 3)
        shown.get_by_role("button", name="Cancel").click()
