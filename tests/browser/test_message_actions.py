"""Message actions: by keyboard, mouse and long press, seen live by the other person."""

import json
import re

from playwright.sync_api import Page, expect

from tests.browser.acts import bubble
from tests.browser.people import NARROW, Pair


def choose(page: Page, action: str) -> None:
    page.get_by_role("menu").get_by_role("menuitem", name=action, exact=True).click()


def test_reacting_replying_and_leaving_by_keyboard_alone(pair: Pair) -> None:
    ada, ben = pair()
    ben.say("Shall we go?")
    ada.hears("Shall we go?")
    keys = ada.page.keyboard
    bubble(ada, "Shall we go?").focus()
    keys.press("Enter")
    expect(ada.page.get_by_role("menuitemcheckbox", name="React with 👍")).to_be_focused()
    keys.press("Enter")
    mine = ada.page.get_by_role("log").get_by_role("button", pressed=True)
    expect(mine).to_have_accessible_name("👍 by You")
    theirs = ben.page.get_by_role("log").get_by_role("button", name="👍 by Ada")
    expect(theirs).to_have_attribute("aria-pressed", "false")
    expect(bubble(ada, "Shall we go?")).to_be_focused()
    keys.press("Enter")
    expect(ada.page.get_by_role("menuitemcheckbox", name="React with 👍")).to_be_focused()
    for _ in range(2):
        keys.press("ArrowDown")
    keys.press("ArrowUp")
    expect(ada.page.get_by_role("menuitem", name="Reply")).to_be_focused()
    keys.press("Enter")
    expect(ada.page.get_by_role("textbox", name="Message")).to_be_focused()
    keys.type("Yes, at once")
    keys.press("Enter")
    quote = bubble(ben, "Yes, at once").get_by_role("button", name="In reply to")
    expect(quote).to_contain_text("Shall we go?")


def test_the_arrow_keys_go_from_message_to_message(pair: Pair) -> None:
    ada, _ = pair(alone=True)
    for text in ("first", "second", "third"):
        ada.say(text)
        ada.hears(text)
    bubble(ada, "third").focus()
    ada.page.keyboard.press("ArrowUp")
    expect(bubble(ada, "second")).to_be_focused()
    ada.page.keyboard.press("Home")
    expect(bubble(ada, "first")).to_be_focused()
    ada.page.keyboard.press("Escape")
    ada.page.get_by_role("textbox", name="Message").focus()
    ada.page.keyboard.press("Shift+Tab")
    for _ in range(3):
        if bubble(ada, "first").evaluate("(one) => one === document.activeElement"):
            break
        ada.page.keyboard.press("Shift+Tab")
    expect(bubble(ada, "first")).to_be_focused()


def test_an_edited_message_shows_its_earlier_versions_to_the_other(pair: Pair) -> None:
    ada, ben = pair()
    ada.say("I bring coffe")
    ben.hears("I bring coffe")
    bubble(ada, "I bring coffe").click(button="right")
    choose(ada.page, "Edit")
    box = ada.page.get_by_role("textbox", name="Message")
    expect(box).to_have_value("I bring coffe")
    box.fill("I bring **coffee**")
    box.press("Enter")
    expect(bubble(ben, "I bring coffee").locator("strong")).to_have_text("coffee")
    ben.page.get_by_role("button", name="Show earlier versions").click()
    dialog = ben.page.get_by_role("dialog", name="Earlier versions")
    expect(dialog.get_by_text("I bring coffe", exact=True)).to_be_visible()


def test_what_is_deleted_for_everyone_is_gone_from_bubbles_and_quotes(pair: Pair) -> None:
    ada, ben = pair()
    ada.say("a secret")
    ben.hears("a secret")
    bubble(ben, "a secret").click(button="right")
    choose(ben.page, "Reply")
    ben.say("I saw that")
    ada.hears("I saw that")
    said = ada.page.get_by_role("log").get_by_role("article").filter(has_text="a secret")
    said.first.click(button="right")
    choose(ada.page, "Delete")
    ada.page.get_by_role("button", name="Delete for everyone").click()
    for person in (ada, ben):
        log = person.page.get_by_role("log")
        expect(log.get_by_text("a secret")).to_have_count(0)
        expect(log.get_by_text("This message was deleted.")).to_have_count(2)


def test_deleting_for_oneself_leaves_it_to_the_other(pair: Pair) -> None:
    ada, ben = pair()
    ben.say("embarrassing")
    ada.hears("embarrassing")
    bubble(ada, "embarrassing").click(button="right")
    choose(ada.page, "Delete for me")
    ada.page.get_by_role("dialog").get_by_role("button", name="Delete for me").click()
    expect(ada.page.get_by_role("log").get_by_text("embarrassing")).to_have_count(0)
    ben.hears("embarrassing")
    ada.page.reload()
    expect(ada.page.get_by_role("textbox", name="Message")).to_be_visible()
    expect(ada.page.get_by_role("log").get_by_text("embarrassing")).to_have_count(0)


def test_a_long_press_opens_the_actions_and_presses_none_of_them(pair: Pair) -> None:
    ada, ben = pair(viewport=NARROW, has_touch=True, is_mobile=True)
    ben.say("Press me")
    ada.hears("Press me")
    box = bubble(ada, "Press me").bounding_box()
    assert box is not None
    finger = ada.page.context.new_cdp_session(ada.page)
    point = {"x": box["x"] + 20, "y": box["y"] + 12}
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    expect(ada.page.get_by_role("menu", name="Message actions")).to_be_visible()
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(ada.page.get_by_role("menuitemcheckbox").first).to_be_focused()
    choose(ada.page, "Forward")
    expect(ada.page.get_by_role("dialog", name="Forward to")).to_be_visible()
    ada.no_sideways_scrolling()


def test_a_pinned_message_stands_above_and_leads_back(pair: Pair) -> None:
    ada, ben = pair()
    ada.say("The door code is 4711")
    ada.hears("The door code is 4711")
    bubble(ada, "The door code").click(button="right")
    choose(ada.page, "Pin")
    bar = ben.page.get_by_role("group", name="Pinned message")
    expect(bar).to_contain_text("The door code is 4711")
    bar.get_by_role("button", name="Show pinned message").click()
    expect(bubble(ben, "The door code")).to_be_focused()
    bubble(ben, "The door code").click(button="right")
    choose(ben.page, "Unpin")
    expect(bar).to_have_count(0)
    expect(ada.page.get_by_role("group", name="Pinned message")).to_have_count(0)


def test_a_message_on_its_way_has_a_menu_which_grows_once_it_is_sent(pair: Pair) -> None:
    ada, ben = pair()
    menu = ada.page.get_by_role("menu", name="Message actions")
    said = ada.page.get_by_role("log").get_by_role("article")
    ada.page.context.set_offline(True)
    expect(ada.page.get_by_role("status").get_by_text("No connection")).to_be_visible()
    for text in ("Never mind", "Wait for me"):
        ada.say(text)
        said.filter(has_text=text).click(button="right")
        expect(menu.get_by_role("menuitem")).to_have_text(["Copy text", "Discard"])
        expect(menu.get_by_role("menuitem").first).to_be_focused()
        ada.page.keyboard.press("Escape")
        expect(said.filter(has_text=text)).to_be_focused()
    ada.page.keyboard.press("ArrowUp")
    ada.page.keyboard.press("Enter")
    choose(ada.page, "Discard")
    expect(said).to_have_count(1)
    expect(said).to_have_text(re.compile("Wait for me"))
    said.click(button="right")
    ada.page.context.set_offline(False)
    expect(menu.get_by_role("menuitemcheckbox").first).to_be_focused()
    choose(ada.page, "Pin")
    expect(ben.page.get_by_role("group", name="Pinned message")).to_contain_text("Wait for me")
    expect(bubble(ada, "Wait for me")).to_be_focused()
    expect(ben.page.get_by_role("log").get_by_text("Never mind")).to_have_count(0)


def test_a_link_to_a_message_opens_it_in_its_place(pair: Pair) -> None:
    ada, ben = pair(alone=True)
    conversation = ada.page.url.rsplit("/", 1)[1]
    path = f"/conversations/{conversation}/messages"
    ada.page.goto("about:blank")
    for number in range(160):
        ben.call("POST", path, {"key": f"number-{number:04}", "body": f"number {number} of many"})
    ada.page.goto(f"/c/{conversation}?m=3")
    expect(bubble(ada, "number 2 of many")).to_be_in_viewport()
    expect(ada.page.get_by_role("log").get_by_text("number 159 of many")).not_to_be_in_viewport()
    ada.page.get_by_role("button", name="Jump to latest").click()
    expect(bubble(ada, "number 159 of many")).to_be_in_viewport()


def test_a_new_message_is_spoken_once_and_its_changes_are_not(pair: Pair) -> None:
    ada, ben = pair()
    spoken = ben.page.locator("p[aria-live=polite]")
    ada.say("Listen")
    expect(spoken).to_have_text("Ada: Listen")
    ben.page.evaluate(
        """() => {
            window.heard = [];
            new MutationObserver(() => window.heard.push(1)).observe(
                document.querySelector('p[aria-live=polite]'),
                { childList: true, characterData: true, subtree: true });
        }"""
    )
    bubble(ada, "Listen").click(button="right")
    choose(ada.page, "Edit")
    box = ada.page.get_by_role("textbox", name="Message")
    box.fill("Listen well")
    box.press("Enter")
    ben.hears("Listen well")
    bubble(ben, "Listen well").click(button="right")
    ben.page.get_by_role("menuitemcheckbox", name="React with 👍").click()
    expect(ada.page.get_by_role("log").get_by_role("button", name="👍 by Ben")).to_be_visible()
    ada.say("And again")
    expect(spoken).to_have_text("Ada: And again")
    assert ben.page.evaluate("window.heard.length") == 1


def test_who_types_is_shown_and_forgotten_when_it_is_said(pair: Pair) -> None:
    ada, ben = pair()
    ben.page.get_by_role("textbox", name="Message").press_sequentially("I am ")
    typing = ada.page.get_by_role("status").get_by_text("Ben is typing…")
    expect(typing).to_have_count(1)
    ben.say("here")
    ada.hears("here")
    expect(typing).to_have_count(0)


def test_markup_becomes_elements_and_nothing_else(pair: Pair) -> None:
    ada, ben = pair()
    ada.say("**bold** `code` [x](javascript:alert(1)) <b>no</b> snake_case_word 2*3*4")
    said = bubble(ben, "snake_case_word 2*3*4")
    expect(said.locator("strong")).to_have_text("bold")
    expect(said.locator("code")).to_have_text("code")
    expect(said.locator("b, em, a")).to_have_count(0)
    expect(said).to_contain_text("[x](javascript:alert(1)) <b>no</b>")


def test_a_message_of_someone_else_is_reported_from_its_menu(pair: Pair) -> None:
    ada, ben = pair()
    ben.say("You are useless")
    ada.hears("You are useless")
    ada.say("That hurts")
    bubble(ada, "That hurts").click(button="right")
    menu = ada.page.get_by_role("menu")
    expect(menu).to_be_visible()  # an Escape that comes before it closes nothing
    expect(menu.get_by_role("menuitem", name="Report")).to_have_count(0)
    ada.page.keyboard.press("Escape")
    bubble(ada, "You are useless").click(button="right")
    choose(ada.page, "Report")
    report = ada.page.get_by_role("dialog", name="Report Ben")
    expect(report).to_contain_text("with this message and up to five around it")
    report.get_by_label("Insults or threats").check()
    with ada.page.expect_request("**/reports") as sent:
        report.get_by_role("button", name="Send report").click()
    expect(ada.page.get_by_text("Thank you. Your report was sent.")).to_be_visible()
    told = json.loads(sent.value.post_data or "")
    seq = bubble(ada, "You are useless").evaluate("(one) => one.closest('[data-seq]').dataset.seq")
    assert (told["reason"], str(told["seq"])) == ("abuse", seq)
    assert ada.page.url.endswith(told["conversation"])
