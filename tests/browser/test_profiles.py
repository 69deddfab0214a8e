"""Profiles: what people say of themselves appears live with the others, and what one can do about it."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.browser.acts import bubble, details, listed
from tests.browser.cast import Cast
from tests.browser.overhearing import Overhearing
from tests.browser.people import Someone

PICTURE = "img[src*='/avatars/']"


def settings(person: Someone) -> Locator:
    """Open the settings, which begin with the profile."""
    person.page.get_by_role("button", name="Your menu").click()
    person.page.get_by_role("menuitem", name="Settings").click()
    return person.page.get_by_role("dialog", name="Settings")


def card(person: Someone) -> Locator:
    return person.page.get_by_role("dialog", name="Profile")


def open_card(person: Someone, name: str) -> Locator:
    """Open the card of a member from the details; return it."""
    details(person).get_by_role("button", name=f"Profile of {name}", exact=True).click()
    return card(person)


def test_name_words_and_status_appear_with_everyone_and_the_status_ends_by_itself(
    cast: Cast,
) -> None:
    olaf = Overhearing(cast.olaf)
    cast.post(cast.ada, cast.group, "Good morning")
    for person in others(cast):
        person.page.clock.install()
    cast.at(cast.group)
    mine = settings(cast.ada)
    mine.get_by_label("Name").fill("Ada Lovelace")
    mine.get_by_label("About you").fill("Numbers and wings")
    mine.get_by_role("button", name="Save").click()
    mine.get_by_role("button", name="Choose an emoji for the status").click()
    picker = cast.ada.page.get_by_role("dialog", name="Emoji")
    picker.get_by_role("searchbox").fill("palm tree")
    picker.get_by_role("button", name="palm tree").click()
    mine.get_by_label("What is your status?").fill("At the sea")
    mine.get_by_label("Ends").select_option("In an hour")
    mine.get_by_role("button", name="Set status").click()
    expect(mine.get_by_text("Shown until")).to_be_visible()
    for person in others(cast):
        bubble(person, "Good morning").get_by_role("button", name="Ada Lovelace").click()
        expect(card(person)).to_contain_text("Ada Lovelace")
        expect(card(person)).to_contain_text("Numbers and wings")
        expect(card(person)).to_contain_text(re.compile("🌴.*At the sea", re.DOTALL))
    expect(listed(cast.ben, "Online Ada Lovelace")).to_be_visible()
    elsewhere = settings(cast.phone)
    expect(elsewhere.get_by_label("Name")).to_have_value("Ada Lovelace")
    expect(elsewhere.get_by_label("What is your status?")).to_have_value("At the sea")
    soon = cast.ada.page.evaluate("Date.now()") + 600_000
    cast.phone.call("PATCH", "/me", {"status": {"emoji": "⏰", "text": "Soon", "until": soon}})
    for person in others(cast):
        expect(card(person)).to_contain_text("Soon")
        person.page.clock.fast_forward("11:00")
        expect(card(person)).not_to_contain_text(re.compile("Soon|At the sea"))
        expect(card(person)).to_contain_text("Numbers and wings")
    olaf.heard_nothing_of("Lovelace", "wings", "At the sea")
    assert cast.olaf.request("GET", f"/api/v1/users/{cast.id_of(cast.ada)}").status == 404


@pytest.mark.parametrize("way", ["name", "picture", "name by keyboard", "menu by keyboard"])
def test_the_card_of_a_member_opens_from_what_they_say(cast: Cast, way: str) -> None:
    cast.post(cast.ben, cast.group, "The tide is out")
    cast.at(cast.group)
    page = cast.cleo.page
    said = bubble(cast.cleo, "The tide is out")
    name = said.get_by_role("button", name="Ben", exact=True)
    if way == "name":
        name.click()
    elif way == "picture":
        page.get_by_role("log").get_by_role("button", name="Profile of Ben").click()
    elif way == "name by keyboard":
        name.focus()
        page.keyboard.press("Enter")
    else:
        said.focus()
        page.keyboard.press("Enter")
        page.get_by_role("menuitem", name="Profile of Ben").focus()
        page.keyboard.press("Enter")
    expect(card(cast.cleo)).to_contain_text("Ben")
    page.keyboard.press("Escape")
    expect(card(cast.cleo)).to_have_count(0)
    focused = "() => document.activeElement.closest('[role=log]') !== null"
    assert page.evaluate(focused)


def test_ones_own_messages_and_two_peoples_lead_to_no_card_of_oneself(cast: Cast) -> None:
    cast.post(cast.ben, cast.group, "To all of you")
    cast.post(cast.ben, cast.direct, "To you")
    for conversation, person, text in (
        (cast.group, cast.ben, "To all of you"),
        (cast.direct, cast.ada, "To you"),
    ):
        person.page.goto(f"/c/{conversation}")
        bubble(person, text).click(button="right")
        expect(person.page.get_by_role("menuitem", name="Copy text")).to_be_visible()
        expect(person.page.get_by_role("menuitem", name="Profile of")).to_have_count(0)
        person.page.keyboard.press("Escape")


@pytest.fixture
def halves(tmp_path: Path) -> Path:
    """A wide picture: red on the left, blue on the right."""
    picture = Image.new("RGB", (800, 400), "red")
    picture.paste("blue", (400, 0, 800, 400))
    path = tmp_path / "halves.png"
    picture.save(path)
    return path


def test_a_picture_is_cut_by_keyboard_shown_everywhere_and_taken_away(
    cast: Cast, halves: Path
) -> None:
    cast.post(cast.ada, cast.group, "Here I am")
    cast.at(cast.group)
    page, keys = cast.ada.page, cast.ada.page.keyboard
    mine = settings(cast.ada)
    mine.get_by_label("Picture", exact=True).set_input_files(halves)
    cutter = page.get_by_role("dialog", name="Crop the picture")
    expect(cutter.get_by_role("button", name="Use this picture")).to_be_enabled()
    cutter.get_by_role("application").focus()
    for _ in range(12):
        keys.press("ArrowRight")
    keys.press("Tab")
    expect(cutter.get_by_role("slider", name="Zoom")).to_be_focused()
    keys.press("ArrowRight")
    for _ in range(2):
        keys.press("Tab")
    expect(cutter.get_by_role("button", name="Use this picture")).to_be_focused()
    keys.press("Enter")
    expect(cutter).to_have_count(0)
    shown = [
        mine,
        cast.phone.page.get_by_role("button", name="Your menu"),
        *(person.page.locator(".row").filter(has_text="Here I am") for person in others(cast)),
        listed(cast.ben, "Online Ada"),
    ]
    for place in shown:
        expect(place.locator(PICTURE)).to_have_js_property("complete", True)
        expect(place.locator(PICTURE)).not_to_have_js_property("naturalWidth", 0)
    url = cast.ben.page.locator(PICTURE).first.get_attribute("src")
    assert url is not None
    picture = Image.open(io.BytesIO(cast.ben.request("GET", url).body))
    assert picture.width == picture.height
    edge = picture.width - 8, picture.height // 2
    red, _, blue = picture.convert("RGB").crop((*edge, edge[0] + 1, edge[1] + 1)).tobytes()
    assert red > 150 > blue
    mine.get_by_role("button", name="Remove the picture").click()
    for place in shown:
        expect(place.locator(PICTURE)).to_have_count(0)
        expect(place.locator(".avatar")).to_have_text("A")


def others(cast: Cast) -> tuple[Someone, Someone]:
    return cast.ben, cast.cleo


def test_someone_is_reported_and_blocked_from_the_card_on_all_devices(cast: Cast) -> None:
    cast.at(cast.group, cast.ada, cast.phone, cast.ben)
    shown, elsewhere = (open_card(device, "Ben") for device in (cast.ada, cast.phone))
    expect(shown).to_contain_text("Online")
    page = cast.ada.page
    shown.get_by_role("button", name="Report").click()
    report = page.get_by_role("dialog", name="Report Ben")
    report.get_by_label("Insults or threats").check()
    report.get_by_label("What happened? (optional)").fill("Shouting")
    report.get_by_role("button", name="Send report").click()
    expect(page.get_by_text("Thank you. Your report was sent.")).to_be_visible()
    shown.get_by_role("button", name="Block").click()
    question = page.get_by_role("dialog", name="Block Ben?")
    question.get_by_role("button", name="Block", exact=True).click()
    for dialog in (shown, elsewhere):
        expect(dialog.get_by_role("button", name="Unblock")).to_be_visible()
        expect(dialog.get_by_role("button", name="Message")).to_have_count(0)
        expect(dialog).not_to_contain_text("Online")
    path = f"/api/v1/conversations/{cast.direct}/messages"
    refused = cast.ben.request("POST", path, {"key": "after-the-block", "body": "Hello?"})
    assert refused.status == 403
    elsewhere.get_by_role("button", name="Unblock").click()
    for dialog in (shown, elsewhere):
        expect(dialog.get_by_role("button", name="Block", exact=True)).to_be_visible()
