"""Reactions, answers, forwarding, pins, saved messages, mentions and links, live for everyone."""

import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.acts import (
    bubble,
    choose,
    learns_nothing,
    listed,
    react,
    told,
)
from tests.browser.cast import Cast
from tests.browser.people import Someone

MANY = 160
CLIPBOARD = ["clipboard-read", "clipboard-write"]


def reaction(person: Someone, name: str) -> Locator:
    return person.page.get_by_role("log").get_by_role("button", name=name, exact=True)


def pins(person: Someone) -> Locator:
    return person.page.get_by_role("group", name="Pinned message")


def complete(person: Someone, beginning: str, name: str) -> None:
    """Choose from the people whom the composer proposes after an @."""
    box = person.page.get_by_role("textbox", name="Message")
    box.press_sequentially(beginning)
    people = person.page.get_by_role("listbox", name="People to mention").get_by_role("option")
    expect(people).to_have_count(1)
    expect(people).to_contain_text(name)
    box.press("Enter")


def saved(person: Someone) -> Locator:
    """Open the list of saved messages."""
    person.page.get_by_role("button", name="Your menu").click()
    person.page.get_by_role("menuitem", name="Saved messages").click()
    return person.page.get_by_role("dialog", name="Saved messages")


def test_reactions_are_put_on_and_off_and_tell_who_put_them(cast: Cast) -> None:
    cast.post(cast.ben, cast.group, "We have won")
    cast.at(cast.group)
    react(cast.ada, "We have won", "🙏")
    for person in (cast.ben, cast.cleo):
        expect(reaction(person, "🙏 by Ada")).to_have_attribute("aria-pressed", "false")
    for device in (cast.ada, cast.phone):
        expect(reaction(device, "🙏 by You")).to_have_attribute("aria-pressed", "true")
    choose(cast.cleo, "We have won", "More emoji")
    picker = cast.cleo.page.get_by_role("dialog", name="Emoji")
    picker.get_by_role("searchbox").fill("turtle")
    picker.get_by_role("button", name="turtle").first.click()
    for person in (cast.ada, cast.phone, cast.ben):
        expect(reaction(person, "🐢 by Cleo")).to_be_visible()
    reaction(cast.ben, "🙏 by Ada").click()
    for device in (cast.ada, cast.phone):
        expect(reaction(device, "🙏 by Ben and You")).to_have_text("🙏 2")
    choose(cast.phone, "We have won", "Reactions")
    who = cast.phone.page.get_by_role("dialog", name="Reactions").get_by_role("listitem")
    expect(who).to_have_text([re.compile("You ?🙏"), re.compile("Ben ?🙏"), re.compile("Cleo ?🐢")])
    cast.phone.page.keyboard.press("Escape")
    reaction(cast.phone, "🙏 by Ben and You").click()
    for person in (cast.ada, cast.phone, cast.cleo):
        expect(reaction(person, "🙏 by Ben")).to_have_attribute("aria-pressed", "false")
    learns_nothing(cast.olaf, cast.group, "We have won")


def test_an_answer_and_a_copied_link_lead_to_a_message_far_up_and_back(cast: Cast) -> None:
    first = cast.post(cast.ben, cast.group, "Where does it begin?")
    for number in range(MANY):
        cast.post(cast.ada, cast.group, f"line {number} of many")
    answer = cast.post(cast.cleo, cast.group, "Here it began", reply_to=first)
    cast.at(cast.group, cast.ada, cast.phone)
    for device in (cast.ada, cast.phone):
        # It opened at what Ben asked, which is the first that Ada has not read.
        device.page.get_by_role("button", name="Jump to latest").click()
        quote = bubble(device, "Here it began").get_by_role("button", name="In reply to Ben")
        expect(quote).to_contain_text("Where does it begin?")
        quote.click()
        log = device.page.get_by_role("log")
        asked = log.get_by_role("article", name="Ben").filter(has_text="Where does it begin?")
        expect(asked).to_be_focused()
        expect(asked).to_be_in_viewport()
        expect(log.get_by_text("Here it began")).to_have_count(0)
    page = cast.ada.page
    page.context.grant_permissions(CLIPBOARD)
    choose(cast.ada, "Where does it begin?", "Copy link")
    expect(page.get_by_text("Link copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.endswith(f"/c/{cast.group}?m={first}")
    page.get_by_role("button", name="Jump to latest").click()
    expect(bubble(cast.ada, "Here it began")).to_be_in_viewport()

    # Who has read everything is given the newest messages only, and those around the link.
    cast.ben.call("PUT", f"/conversations/{cast.group}/read", {"seq": answer})
    cast.ben.page.goto(link)
    expect(bubble(cast.ben, "Where does it begin?")).to_be_focused()
    expect(bubble(cast.ben, "Where does it begin?")).to_be_in_viewport()
    # What is said meanwhile does not disturb who reads up there.
    cast.post(cast.cleo, cast.group, "Are you still looking?")
    latest = cast.ben.page.get_by_role("button", name="Jump to latest")
    expect(latest).to_have_accessible_name(re.compile("Jump to latest, .* new message"))
    expect(cast.ben.page.get_by_role("log").get_by_text("Here it began")).to_have_count(0)
    latest.click()
    expect(bubble(cast.ben, "Are you still looking?")).to_be_in_viewport()
    learns_nothing(cast.olaf, cast.group, "began", seq=answer)


def test_a_message_with_a_picture_is_forwarded_to_another_conversation(
    cast: Cast, image: Path
) -> None:
    cast.at(cast.direct, cast.ben)
    cast.ben.attach(image)
    cast.ben.say("The sun over the bay")
    cast.at(cast.direct, cast.ada)
    cast.at(cast.group, cast.phone, cast.cleo)
    choose(cast.ada, "The sun over the bay", "Forward")
    dialog = cast.ada.page.get_by_role("dialog", name="Forward to")
    expect(dialog.get_by_role("button", name="Forward", exact=True)).to_be_disabled()
    dialog.get_by_role("searchbox").fill("harb")
    dialog.get_by_role("checkbox", name="Harbour").check()
    dialog.get_by_role("button", name="Forward to 1 conversation").click()
    expect(cast.ada.page.get_by_text("Message forwarded")).to_be_visible()
    for person in (cast.phone, cast.cleo):
        copy = bubble(person, "The sun over the bay")
        expect(copy).to_contain_text("Forwarded")
        picture = copy.get_by_role("button", name="Open image sun.jpg").locator("img").first
        expect(picture).not_to_have_js_property("naturalWidth", 0)
    # The copy stands on its own: the original and its file go, it stays.
    [copied] = cast.cleo.call("GET", f"/conversations/{cast.group}/files?kind=media")["files"]
    file = copied["attachment"]["url"]
    bubble(cast.ben, "The sun over the bay").click(button="right")
    cast.ben.page.get_by_role("menuitem", name="Delete").click()
    cast.ben.page.get_by_role("button", name="Delete for everyone").click()
    expect(
        cast.ada.page.get_by_role("log").get_by_text("This message was deleted.")
    ).to_be_visible()
    assert cast.cleo.request("GET", file).status == 200
    assert cast.olaf.request("GET", file).status == 404
    bubble(cast.cleo, "The sun over the bay")


def test_pins_are_seen_by_all_and_saved_messages_by_oneself(cast: Cast) -> None:
    cast.post(cast.ada, cast.group, "The code is 4711")
    cast.post(cast.ben, cast.group, "Bring warm clothes")
    cast.at(cast.group)
    everybody = (cast.ada, cast.phone, cast.ben, cast.cleo)
    choose(cast.ben, "The code is 4711", "Pin")
    for person in everybody:
        expect(pins(person)).to_contain_text("The code is 4711")
        told(person, "Ben pinned a message")
    choose(cast.ada, "Bring warm clothes", "Pin")
    for person in everybody:
        expect(pins(person)).to_contain_text("Pinned message 1 of 2")
        expect(pins(person)).to_contain_text("Bring warm clothes")
    pins(cast.cleo).get_by_role("button", name="Show pinned message").click()
    expect(bubble(cast.cleo, "Bring warm clothes")).to_be_focused()
    expect(pins(cast.cleo)).to_contain_text("The code is 4711")
    choose(cast.cleo, "The code is 4711", "Unpin")
    for person in everybody:
        expect(pins(person)).to_contain_text("Bring warm clothes")
        expect(pins(person)).not_to_contain_text("1 of 2")
    choose(cast.phone, "Bring warm clothes", "Unpin")
    for person in everybody:
        expect(pins(person)).to_have_count(0)

    choose(cast.ada, "Bring warm clothes", "Save")
    expect(bubble(cast.phone, "Bring warm clothes")).to_contain_text("Saved")
    expect(bubble(cast.ben, "Bring warm clothes")).not_to_contain_text("Saved")
    saved(cast.phone).get_by_role("button", name="Bring warm clothes").click()
    expect(bubble(cast.phone, "Bring warm clothes")).to_be_focused()
    dialog = saved(cast.ada)
    expect(dialog).to_contain_text("Ben · Harbour")
    dialog.get_by_role("button", name="Remove from saved").click()
    expect(bubble(cast.phone, "Bring warm clothes")).not_to_contain_text("Saved")
    for person in (cast.ben, cast.olaf):
        assert person.call("GET", "/saved")["saved"] == []


def test_mentioned_users_see_it_in_the_list_and_in_the_message(cast: Cast) -> None:
    others = (cast.phone, cast.ben, cast.cleo)
    for person in others:
        person.page.goto("/")
    cast.at(cast.group, cast.ada)
    page = cast.ada.page
    page.get_by_role("textbox", name="Message").press_sequentially("Please help, ")
    complete(cast.ada, "@cl", "Cleo")
    page.get_by_role("button", name="Send").click()
    mentioned = {
        person: listed(person, "Harbour").get_by_text("You were mentioned") for person in others
    }
    expect(mentioned[cast.cleo]).to_have_count(1)
    expect(listed(cast.cleo, "Harbour").get_by_text("@", exact=True)).to_be_visible()
    expect(listed(cast.ben, "Harbour")).to_contain_text("Ada: Please help, @Cleo")
    for person in (cast.ben, cast.phone):
        expect(listed(person, "Harbour")).to_contain_text("Please help, @Cleo")
        expect(mentioned[person]).to_have_count(0)
    listed(cast.cleo, "Harbour").click()
    expect(bubble(cast.cleo, "Please help").get_by_role("button", name="Cleo")).to_be_visible()
    expect(mentioned[cast.cleo]).to_have_count(0)
    complete(cast.ada, "@al", "all")
    page.get_by_role("textbox", name="Message").press_sequentially("come in")
    page.get_by_role("button", name="Send").click()
    expect(mentioned[cast.ben]).to_have_count(1)
    expect(mentioned[cast.phone]).to_have_count(0)
    expect(bubble(cast.cleo, "come in")).to_contain_text("@all")
