"""The back button of a phone closes what is in front of the conversation before it leaves it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.acts import bubble, choose, details
from tests.browser.cast import Cast
from tests.browser.people import NARROW, WIDE, Pair, Someone

TEXT = "Here I am, and here I stay for longer than anybody thought"


def menu(person: Someone) -> Locator:
    bubble(person, TEXT).click(button="right")
    return person.page.get_by_role("menu", name="Message actions")


def question(person: Someone) -> Locator:
    choose(person, TEXT, "Delete")
    return person.page.get_by_role("dialog", name="Delete this message?")


def selection(person: Someone) -> Locator:
    choose(person, TEXT, "Select")
    return person.page.get_by_role("group", name="Selected messages")


def emoji(person: Someone) -> Locator:
    person.page.get_by_role("button", name="Emoji", exact=True).click()
    return person.page.get_by_role("dialog", name="Emoji")


def settings(person: Someone) -> Locator:
    person.page.keyboard.press("Control+,")
    return person.page.get_by_role("dialog", name="Settings")


@pytest.mark.parametrize("opened", [menu, question, selection, emoji, settings, details])
def test_going_back_closes_what_is_open_and_then_leaves(
    pair: Pair, opened: Callable[[Someone], Locator]
) -> None:
    ada, _ = pair(alone=True, viewport=NARROW)
    page = ada.page
    conversation = page.url
    path = f"/conversations/{conversation.rsplit('/', 1)[1]}/messages"
    ada.call("POST", path, {"key": "here-i-am-at-last", "body": TEXT})
    page.goto("/")
    page.locator("nav a").click()
    ada.hears(TEXT)
    shown = opened(ada)
    expect(shown).to_be_visible()
    page.go_back()
    expect(shown).to_be_hidden()
    expect(page).to_have_url(conversation)
    ada.hears(TEXT)
    page.go_back()
    expect(page).to_have_url("/")


def test_the_topmost_goes_first_by_escape_and_by_going_back(pair: Pair) -> None:
    ada, _ = pair(alone=True, viewport=NARROW)
    page = ada.page
    pane = details(ada)
    card = page.get_by_role("dialog", name="Profile")
    for close in (page.go_back, lambda: page.keyboard.press("Escape")):
        pane.get_by_role("button", name="Profile", exact=True).click()
        expect(card).to_be_visible()
        close()
        expect(card).to_have_count(0)
        expect(pane).to_be_visible()
    page.go_back()
    expect(pane).to_have_count(0)
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()


def test_a_dialog_that_was_closed_is_not_gone_back_to(pair: Pair) -> None:
    ada, _ = pair(alone=True, viewport=WIDE)
    page = ada.page
    conversation = page.url
    page.goto("/")
    page.locator("nav a").click()
    shown = settings(ada)
    shown.get_by_role("button", name="Close").click()
    expect(shown).to_have_count(0)
    expect(page).to_have_url(conversation)
    page.go_back()
    expect(page).to_have_url("/")
    expect(shown).to_have_count(0)


def test_what_was_typed_for_a_group_is_there_to_copy_after_one_was_removed(cast: Cast) -> None:
    cast.at(cast.group, cast.cleo)
    page = cast.cleo.page
    page.get_by_role("textbox", name="Message").fill("A thought that took an hour")
    cast.cleo.keeps("drafts", "rows.some(({ text }) => text.endsWith('hour'))")
    member = f"/conversations/{cast.group}/members/{cast.id_of(cast.cleo)}"
    cast.ada.call("DELETE", member)
    page.get_by_role("button", name="Show unsent messages").click()
    dialog = page.get_by_role("dialog", name="Not sent")
    expect(dialog.get_by_text("A thought that took an hour")).to_be_visible()
    page.goto("/")
    page.get_by_role("button", name="1 text was not sent").click()
    dialog.get_by_role("button", name="Discard").click()
    expect(dialog.get_by_text("Nothing left here")).to_be_visible()
    cast.cleo.keeps("drafts", "rows.length === 0")


def test_going_back_from_a_dialog_shows_the_search_that_it_was_opened_from(pair: Pair) -> None:
    ada, _ = pair(alone=True, viewport=NARROW)
    page = ada.page
    page.goto("/#search")
    field = page.get_by_role("searchbox", name="Search")
    expect(field).to_be_visible()
    shown = settings(ada)
    expect(shown).to_be_visible()
    page.go_back()
    expect(shown).to_have_count(0)
    expect(field).to_be_visible()
