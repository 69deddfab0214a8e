"""Messages are edited and deleted, for everyone or for oneself, and deleted data is gone."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.acts import (
    bubble,
    choose,
    finds_nothing,
    keeps_nothing_of,
    learns_nothing,
    listed,
)
from tests.browser.cast import Cast
from tests.browser.people import Someone

MARKER = "zanzibar"
GONE = "This message was deleted."


def delete(person: Someone, text: str, how: str) -> None:
    """Delete a message by its menu and the question that follows."""
    bubble(person, text).click(button="right")
    person.page.get_by_role("menuitem", name="Delete").click()
    dialog = person.page.get_by_role("dialog", name="Delete this message?")
    dialog.get_by_role("button", name=how).click()


def shows_nothing_of(person: Someone, text: str) -> None:
    expect(person.page.get_by_text(text)).to_have_count(0)


def test_an_edit_reaches_every_device_with_a_mark_and_the_earlier_versions(cast: Cast) -> None:
    cast.post(cast.ben, cast.group, "When do we meet?")
    cast.post(cast.ada, cast.group, "Meet at nine")
    cast.at(cast.group, cast.ada, cast.phone, cast.ben)
    cast.cleo.page.goto("/")
    expect(listed(cast.cleo, "Harbour")).to_contain_text("Ada: Meet at nine")
    box = cast.ada.page.get_by_role("textbox", name="Message")
    box.press("ArrowUp")
    expect(box).to_have_value("Meet at nine")
    box.fill("Meet at **ten**")
    box.press("Enter")
    for person in (cast.ada, cast.phone, cast.ben):
        said = bubble(person, "Meet at ten")
        expect(said.locator("strong")).to_have_text("ten")
        expect(said.get_by_role("button", name="Edited")).to_have_text("edited")
    expect(listed(cast.cleo, "Harbour")).to_contain_text("Ada: Meet at ten")
    choose(cast.phone, "Meet at ten", "Edit")
    box = cast.phone.page.get_by_role("textbox", name="Message")
    expect(box).to_have_value("Meet at **ten**")
    box.fill("Meet at eleven")
    cast.phone.page.get_by_role("button", name="Save changes").click()
    for person in (cast.ada, cast.phone, cast.ben):
        bubble(person, "Meet at eleven").get_by_role("button", name="Edited").click()
        dialog = person.page.get_by_role("dialog", name="Earlier versions")
        expect(dialog.get_by_role("listitem")).to_contain_text(
            ["Meet at eleven", "Meet at ten", "Meet at nine"]
        )
    untouched = bubble(cast.ben, "When do we meet?")
    expect(untouched.get_by_role("button", name="Edited")).to_have_count(0)
    learns_nothing(cast.olaf, cast.group, "Meet at", seq=3)


def test_what_is_deleted_for_everyone_is_gone_from_every_page_device_and_store(
    cast: Cast, document: Path
) -> None:
    cast.at(cast.group)
    hidden = document.rename(document.with_name(f"{MARKER}-chart.pdf"))
    cast.ada.attach(hidden)
    cast.ada.say(f"the treasure lies on {MARKER}")
    for person in (cast.phone, cast.ben, cast.cleo):
        expect(bubble(person, MARKER)).to_contain_text("chart.pdf")
        person.keeps("messages", f"JSON.stringify(rows).includes('{MARKER}')")
    history = cast.ben.call("GET", f"/conversations/{cast.group}/messages")["messages"]
    [message] = [one for one in history if MARKER in one["body"]]
    file = message["attachments"][0]["url"]
    # Whatever refers to it must let go of it: a pin, a saved message, an answer, a half-done edit.
    for path in ("pin", "saved"):
        at = f"/conversations/{cast.group}/messages/{message['seq']}/{path}"
        cast.ben.call("PUT", at)
    choose(cast.ben, f"lies on {MARKER}", "Reply")
    cast.ben.say("I will dig")
    expect(bubble(cast.cleo, "I will dig")).to_contain_text(MARKER)
    cast.phone.page.get_by_role("textbox", name="Message").press("ArrowUp")
    cast.phone.page.get_by_role("textbox", name="Message").press("End")
    cast.phone.keeps("drafts", f"JSON.stringify(rows).includes('{MARKER}')")
    cast.phone.page.goto("about:blank")

    said = cast.ada.page.get_by_role("log").get_by_role("article").filter(has_text="lies on")
    said.first.click(button="right")
    cast.ada.page.get_by_role("menuitem", name="Delete").click()
    cast.ada.page.get_by_role("button", name="Delete for everyone").click()
    for person in (cast.ada, cast.ben, cast.cleo):
        log = person.page.get_by_role("log")
        expect(log.get_by_role("article").filter(has_text="I will dig")).to_contain_text(GONE)
        expect(log.get_by_text(GONE)).to_have_count(2)
        expect(person.page.get_by_role("group", name="Pinned message")).to_have_count(0)
        shows_nothing_of(person, MARKER)
    for person in (cast.ada, cast.ben):
        assert person.request("GET", file).status == 404
    delete(cast.ben, "I will dig", "Delete for everyone")
    expect(listed(cast.cleo, "Harbour")).to_contain_text("Message deleted")

    cast.phone.page.goto(f"/c/{cast.group}")
    expect(cast.phone.page.get_by_role("log").get_by_text(GONE)).to_have_count(2)
    expect(cast.phone.page.get_by_role("textbox", name="Message")).to_have_value("")
    shows_nothing_of(cast.phone, MARKER)
    assert cast.ben.call("GET", "/saved")["saved"] == []
    for person in (cast.ada, cast.phone, cast.ben, cast.cleo):
        keeps_nothing_of(person, MARKER, "I will dig")
        finds_nothing(person, MARKER)


def test_what_is_deleted_for_oneself_is_gone_from_ones_own_devices_only(cast: Cast) -> None:
    cast.post(cast.ben, cast.group, f"I sang in {MARKER}")
    cast.at(cast.group)
    delete(cast.ada, MARKER, "Delete for me")
    for device in (cast.ada, cast.phone):
        shows_nothing_of(device, MARKER)
        keeps_nothing_of(device, MARKER)
    cast.ada.page.reload()
    expect(cast.ada.page.get_by_role("textbox", name="Message")).to_be_visible()
    cast.ben.say("And danced")
    for person in (cast.ada, cast.phone):
        person.hears("And danced")
        shows_nothing_of(person, MARKER)
    for person in (cast.ben, cast.cleo):
        person.hears(f"I sang in {MARKER}")
    finds_nothing(cast.ada, MARKER)


def test_what_was_deleted_for_oneself_comes_back_by_undo_on_all_of_ones_devices(cast: Cast) -> None:
    for words in ("Before", f"I sang in {MARKER}", "After"):
        cast.post(cast.ben, cast.group, words)
    cast.at(cast.group, cast.ada, cast.phone, cast.ben)
    delete(cast.ada, MARKER, "Delete for me")
    for device in (cast.ada, cast.phone):
        shows_nothing_of(device, MARKER)
    cast.ada.page.get_by_role("button", name="Undo").click()
    for device in (cast.ada, cast.phone):
        expect(device.page.get_by_role("log").get_by_role("article")).to_contain_text(
            ["Before", f"I sang in {MARKER}", "After"]
        )
    expect(cast.ada.page.get_by_role("button", name="Undo")).to_have_count(0)
    cast.ada.page.reload()
    cast.ada.hears(f"I sang in {MARKER}")
