"""Writing a message: completion, Markdown by keys, emoji, answering and editing, calling everyone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.acts import bubble
from tests.browser.people import NARROW, WIDE, Open, Pair, Someone


def box_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message")


def group_of(ada: Someone, title: str, others: list[Someone]) -> str:
    """Make all of them contacts of Ada and members of a group; return its id."""
    members = []
    for other in others:
        ada.call("POST", "/contacts", {"email": other.email})
        [request] = other.call("GET", "/contacts/requests")["requests"]
        other.call("POST", f"/contacts/requests/{request['id']}", {"accept": True})
        members.append(other.call("GET", "/me")["user"]["id"])
    wish = {"kind": "group", "title": title, "members": members}
    group: str = ada.call("POST", "/conversations", wish)["conversation"]["id"]
    return group


def test_emoji_are_completed_by_their_names_and_replaced_when_sent(pair: Pair) -> None:
    ada, ben = pair()
    box = box_of(ada.page)
    box.press_sequentially("look :tad")
    emoji = ada.page.get_by_role("listbox", name="Matching emoji").get_by_role("option")
    expect(emoji.first).to_contain_text(":tada:")
    expect(emoji.first).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(box).to_have_value("look 🎉 ")
    box.press_sequentially("at 10:30:00 :fire: `:fire:`")
    box.press("Escape")
    box.press("Enter")
    said = ben.page.get_by_role("log").get_by_role("article").last
    expect(said).to_contain_text("look 🎉 at 10:30:00 🔥 :fire:")


def test_escape_closes_the_completion_and_nothing_else(pair: Pair) -> None:
    ada, _ = pair(alone=True)
    box = box_of(ada.page)
    box.press_sequentially(":smil")
    options = ada.page.get_by_role("option")
    expect(options.first).to_be_visible()
    first = options.first.text_content()
    box.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    box.press("ArrowUp")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert first is not None
    box.press("Escape")
    expect(options).to_have_count(0)
    expect(box).to_have_value(":smil")
    box.press("e")
    expect(options).to_have_count(0)


def test_emoji_are_picked_from_a_window_by_keyboard_and_by_mouse(pair: Pair) -> None:
    ada, ben = pair()
    page = ada.page
    box = box_of(page)
    box.fill("ship ")
    page.get_by_role("button", name="Emoji", exact=True).click()
    picker = page.get_by_role("dialog", name="Emoji")
    expect(picker.get_by_role("gridcell").first).to_be_visible()
    page.keyboard.type("schildkröte")
    expect(picker.get_by_role("gridcell")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(picker).to_have_count(0)
    expect(box).to_have_value("ship 🐢")
    expect(box).to_be_focused()
    page.get_by_role("button", name="Emoji", exact=True).click()
    recent = picker.get_by_role("rowgroup", name="Recently used").get_by_role("button")
    expect(recent.first).to_have_accessible_name("turtle")
    picker.get_by_role("searchbox").fill("rocket")
    picker.get_by_role("button", name="rocket").click()
    page.keyboard.press("Escape")
    expect(box).to_have_value("ship 🐢🚀")
    box.press("Enter")
    ben.hears("ship 🐢🚀")


def test_markdown_has_keys_and_undo_takes_them_back(pair: Pair) -> None:
    ada, ben = pair()
    box = box_of(ada.page)
    box.fill("bold")
    for key, marked in (
        ("Control+a", "bold"),
        ("Control+b", "**bold**"),
        ("Control+b", "bold"),
        ("Control+i", "_bold_"),
        ("Control+z", "bold"),
        ("Control+a", "bold"),
        ("Control+Shift+X", "~~bold~~"),
        ("Control+Shift+X", "bold"),
        ("Control+e", "`bold`"),
        ("Control+e", "bold"),
        ("Control+Shift+K", "[bold]()"),
    ):
        box.press(key)
        expect(box).to_have_value(marked)
    box.press_sequentially("https://example.org/")
    box.press("Enter")
    link = ben.page.get_by_role("log").get_by_role("link", name="bold")
    expect(link).to_have_attribute("href", "https://example.org/")


def test_an_edit_leaves_the_draft_alone_and_reaches_the_other(pair: Pair) -> None:
    ada, ben = pair()
    page, box = ada.page, box_of(ada.page)
    ada.say("Hello Bern")
    bubble(ada, "Hello Bern")
    expect(box).to_have_value("")
    box.press("ArrowUp")
    expect(box).to_have_value("Hello Bern")
    expect(page.get_by_role("button", name="Save changes")).to_be_visible()
    box.press("Escape")
    expect(box).to_have_value("")
    box.press("ArrowUp")
    expect(box).to_have_value("Hello Bern")
    box.fill("Hello Ben")
    box.press("Enter")
    ben.hears("Hello Ben")
    expect(ben.page.get_by_role("log").get_by_text("Hello Bern")).to_have_count(0)
    expect(page.get_by_role("button", name="Save changes")).to_have_count(0)


def test_an_answer_survives_a_reload_and_is_left_with_escape(pair: Pair) -> None:
    ada, ben = pair()
    ben.say("Shall we meet?")
    ada.hears("Shall we meet?")
    page, box = ada.page, box_of(ada.page)
    page.get_by_role("log").get_by_role("article").last.hover()
    page.get_by_role("button", name="Reply").first.click()
    expect(page.get_by_role("button", name="Cancel reply")).to_be_visible()
    expect(box).to_be_focused()
    box.press_sequentially("Yes, at noon")
    ada.keeps("drafts", "rows[0]?.mode?.kind === 'reply' && rows[0].text === 'Yes, at noon'")
    page.reload()
    expect(box).to_have_value("Yes, at noon")
    expect(page.get_by_role("button", name="Cancel reply")).to_be_visible()
    box.press("Escape")
    expect(page.get_by_role("button", name="Cancel reply")).to_have_count(0)
    expect(box).to_have_value("Yes, at noon")
    page.get_by_role("log").get_by_role("article").last.hover()
    page.get_by_role("button", name="Reply").first.click()
    expect(page.get_by_role("button", name="Cancel reply")).to_be_visible()
    expect(box).to_be_focused()
    box.press("Enter")
    ben.hears("Yes, at noon")
    expect(page.get_by_role("button", name="Cancel reply")).to_have_count(0)
    [*_, answered, answer] = ada.call("GET", f"/conversations/{here(page)}/messages")["messages"]
    assert answer["body"] == "Yes, at noon"
    assert answer["reply_to"] == answered["seq"]


def here(page: Page) -> str:
    found = re.search(r"/c/([^/?#]+)", page.url)
    assert found is not None
    return found[1]


def test_people_are_mentioned_by_the_beginning_of_a_name(newcomer: Open) -> None:
    ada, ben, cleo = newcomer("Ada"), newcomer("Ben"), newcomer("Cleo")
    for person in (ada, ben, cleo):
        person.join()
    group = group_of(ada, "Choir", [ben, cleo])
    ada.page.goto(f"/c/{group}")
    box = box_of(ada.page)
    box.press_sequentially("@")
    people = ada.page.get_by_role("listbox", name="People to mention").get_by_role("option")
    expect(people).to_have_text([re.compile("Ben"), re.compile("Cleo"), re.compile("2 people")])
    box.press_sequentially("cl")
    expect(people).to_have_count(1)
    box.press("Tab")
    expect(box).to_have_value("@Cleo ")
    box.press_sequentially("sings")
    box.press("Enter")
    expect(ada.page.get_by_role("log").get_by_text("@Cleo")).to_be_visible()


def test_calling_many_people_at_once_is_asked_about_first(newcomer: Open) -> None:
    ada = newcomer("Ada")
    ada.join()
    others = [newcomer(f"Person{number}") for number in range(21)]
    for other in others:
        other.join()
    group = group_of(ada, "Everybody", others)
    ada.page.goto(f"/c/{group}")
    box = box_of(ada.page)
    box.fill("Dear @all, welcome")
    ada.page.get_by_role("button", name="Send").click()
    question = ada.page.get_by_role("dialog", name="Notify all 21 people?")
    question.get_by_role("button", name="Cancel").click()
    expect(question).to_have_count(0)
    expect(box).to_have_value("Dear @all, welcome")
    assert "Dear" not in ada.page.get_by_role("log").inner_text()
    box.press("Enter")
    question.get_by_role("button", name="Send").click()
    ada.hears("@all")
    expect(box).to_have_value("")


def test_enter_breaks_lines_on_touch_keyboards_and_the_window_of_emoji_fits(pair: Pair) -> None:
    ada, ben = pair(viewport=NARROW, has_touch=True, is_mobile=True)
    box = box_of(ada.page)
    box.press_sequentially("one")
    box.press("Enter")
    box.press_sequentially("two")
    expect(box).to_have_value("one\ntwo")
    ada.page.get_by_role("button", name="Emoji", exact=True).tap()
    picker = ada.page.get_by_role("dialog", name="Emoji")
    picker.get_by_role("button", name="thumbs up").first.tap()
    ada.no_sideways_scrolling()
    frame = picker.bounding_box()
    assert frame is not None
    assert frame["x"] >= 0
    assert frame["x"] + frame["width"] <= NARROW["width"]
    ada.page.keyboard.press("Escape")
    ada.page.get_by_role("button", name="Send").tap()
    expect(ben.page.get_by_role("log").get_by_text("two👍")).to_be_visible()


def test_a_draft_that_one_tab_has_sent_is_gone_from_the_other(pair: Pair) -> None:
    ada, ben = pair()
    box = ada.page.get_by_role("textbox", name="Message")
    box.fill("See you at ten")
    ada.keeps("drafts", "rows.some(({ text }) => text === 'See you at ten')")
    other = ada.page.context.new_page()
    other.goto(ada.page.url)
    second = other.get_by_role("textbox", name="Message")
    expect(second).to_have_value("See you at ten")
    box.press("Enter")
    expect(second).to_have_value("")
    second.press("Enter")
    ben.hears("See you at ten")
    ben.say("Fine")
    ada.hears("Fine")
    ben.hears("See you at ten")


def test_a_draft_that_is_too_long_for_other_devices_says_so(pair: Pair) -> None:
    ada, _ = pair(alone=True)
    box = ada.page.get_by_role("textbox", name="Message")
    box.fill("x" * 20_001)
    told = "Longer than 20,000 characters: this draft stays on this device only."
    expect(ada.page.get_by_text(told)).to_be_visible()
    ada.keeps("drafts", "rows.some(({ text }) => text.length === 20001)")
    ada.page.reload()
    expect(box).to_have_value("x" * 20_001)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_other_devices_say_that_a_longer_draft_is_elsewhere(
    pair: Pair, newcomer: Open, viewport: dict[str, int]
) -> None:
    ada, ben = pair(alone=True)
    other = newcomer("Ada", viewport=viewport)
    other.page.goto("/login")
    other.sign_in()
    expect(other.page.get_by_role("button", name="Your menu")).to_be_visible()
    other.page.goto(ada.page.url)
    ben.page.goto(ada.page.url)
    box = ada.page.get_by_role("textbox", name="Message")
    told = "A longer draft is on another device."
    box.fill("x" * 20_001)
    expect(other.page.get_by_text(told)).to_be_visible()
    other.no_sideways_scrolling()
    expect(ada.page.get_by_text(told)).to_have_count(0)
    # What is short again follows the person as ever; the device that had it never speaks of another.
    ada.page.evaluate(NOTE_WHAT_IS_SHOWN, told)
    box.fill("short again")
    expect(other.page.get_by_text(told)).to_have_count(0)
    expect(other.page.get_by_role("textbox", name="Message")).to_have_value("short again")
    assert ada.page.evaluate("() => window.shownMeanwhile") is False
    box.fill("y" * 20_001)
    close = other.page.get_by_role("button", name="Dismiss", exact=True)
    close.click()
    expect(other.page.get_by_text(told)).to_have_count(0)
    expect(box).to_have_value("y" * 20_001)
    expect(ben.page.get_by_text(told)).to_have_count(0)


NOTE_WHAT_IS_SHOWN = """(told) => {
  window.shownMeanwhile = false;
  new MutationObserver(() => {
    if (document.body.innerText.includes(told)) window.shownMeanwhile = true;
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
"""Has the page note whether a sentence is shown at any time from now on."""
