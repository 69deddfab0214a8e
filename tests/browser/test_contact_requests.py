"""People of one group write to each other without an address: requests with a first message."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.acts import details, taken_by_the_server
from tests.browser.cast import second_device
from tests.browser.people import NARROW, WIDE, Open, Someone

WORDS = "Are you coming on Friday?"


def in_a_group(newcomer: Open, *names: str, **options: object) -> tuple[str, list[Someone]]:
    """Make people who share a group and are no contacts; return the group's id and them."""
    people = [newcomer(name, **options) for name in names]
    for person in people:
        person.join()
    owner, *others = people
    wish = {"kind": "group", "title": "Harbour", "members": []}
    group: str = owner.call("POST", "/conversations", wish)["conversation"]["id"]
    invite = owner.call("POST", f"/conversations/{group}/invites", {})["invite"]
    for person in others:
        person.call("POST", f"/invites/{invite['token']}")
    return group, people


def card_of(person: Someone, other: Someone, group: str) -> Locator:
    """Open the card of a member from the details of the group."""
    person.page.goto(f"/c/{group}")
    button = f"Profile of {other.name}"
    details(person).get_by_role("button", name=button, exact=True).click()
    return person.page.get_by_role("dialog", name="Profile")


def write(person: Someone, other: Someone, group: str, words: str = WORDS) -> None:
    """Send a request with a first message from the other's card."""
    card_of(person, other, group).get_by_role("button", name="Message").click()
    dialog = person.page.get_by_role("dialog", name=f"Write to {other.name}")
    dialog.get_by_role("textbox", name="First message").fill(words)
    dialog.get_by_role("button", name="Send request").click()
    expect(dialog).to_be_hidden()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_fellow_member_is_written_to_and_the_conversation_opens_when_they_accept(
    newcomer: Open, viewport: dict[str, int]
) -> None:
    group, (ada, ben, cleo) = in_a_group(newcomer, "Ada", "Ben", "Cleo", viewport=viewport)
    phone = second_device(newcomer, ada, viewport=viewport)
    for person in (ben, cleo, phone):
        person.page.goto("/#contacts")
        expect(person.page.get_by_text("No contacts yet", exact=True)).to_be_visible()
    write(ada, ben, group)
    card = ada.page.get_by_role("dialog", name="Profile")
    expect(card.get_by_text("You have sent Ben a request.")).to_be_visible()
    expect(phone.page.get_by_role("region", name="Sent requests")).to_contain_text("Ben")

    expect(ben.page.get_by_text(f"Ada wants to write to you: {WORDS}")).to_be_visible()
    expect(ben.page.get_by_role("region", name="Requests", exact=True)).to_contain_text(WORDS)
    ben.no_sideways_scrolling()
    ben.page.get_by_role("button", name="Accept Ada").click()
    ben.hears(WORDS)
    ben.say("Yes, at eight")

    expect(phone.page.get_by_text("Ben accepted your request")).to_be_visible()
    expect(phone.page.get_by_role("region", name="Sent requests")).to_have_count(0)
    phone.contact("Ben").click()
    for words in (WORDS, "Yes, at eight"):
        phone.hears(words)
    expect(cleo.page.get_by_text("No contacts yet", exact=True)).to_be_visible()


def test_a_request_is_taken_back_on_all_devices_and_for_who_was_asked(newcomer: Open) -> None:
    group, (ada, ben) = in_a_group(newcomer, "Ada", "Ben")
    ben.page.goto("/#contacts")
    write(ada, ben, group)
    asked = ben.page.get_by_role("region", name="Requests", exact=True)
    expect(asked).to_contain_text(WORDS)
    ada.page.goto("/#contacts")
    ada.page.get_by_role("button", name="Withdraw the request to Ben").click()
    expect(ada.page.get_by_text("Request withdrawn")).to_be_visible()
    expect(ada.page.get_by_role("region", name="Sent requests")).to_have_count(0)
    expect(asked).to_have_count(0)


def test_sent_requests_are_listed_by_what_was_typed_and_stay_after_a_no(newcomer: Open) -> None:
    ada, ben = newcomer("Ada"), newcomer("Ben")
    for person in (ada, ben):
        person.join()
        person.page.goto("/#contacts")
    ada.ask(ben)
    sent = ada.page.get_by_role("region", name="Sent requests")
    expect(sent).to_contain_text(ben.email)
    ben.page.get_by_role("button", name="Decline Ada").click()
    expect(ben.page.get_by_text("Request declined")).to_be_visible()
    ada.page.reload()
    expect(sent).to_contain_text(ben.email)


def test_who_wants_no_requests_from_groups_sees_none(newcomer: Open) -> None:
    group, (ada, ben) = in_a_group(newcomer, "Ada", "Ben")
    ben.page.goto("/#settings")
    ben.page.get_by_role("tab", name="Privacy").click()
    with taken_by_the_server(ben):
        ben.page.get_by_role("switch", name="Requests from people in my groups").uncheck()
    write(ada, ben, group)
    ada.page.goto("/#contacts")
    expect(ada.page.get_by_role("region", name="Sent requests")).to_contain_text("Ben")
    ben.page.goto("/#contacts")
    expect(ben.page.get_by_text("No contacts yet", exact=True)).to_be_visible()
    expect(ben.page.get_by_role("region", name="Requests", exact=True)).to_have_count(0)


def test_who_asks_can_be_blocked_from_the_request(newcomer: Open) -> None:
    group, (ada, ben) = in_a_group(newcomer, "Ada", "Ben")
    write(ada, ben, group)
    ben.page.goto("/#contacts")
    ben.page.get_by_role("button", name="Options for the request from Ada").click()
    ben.page.get_by_role("menuitem", name="Block").click()
    ben.page.get_by_role("dialog").get_by_role("button", name="Block").click()
    expect(ben.page.get_by_role("region", name="Requests", exact=True)).to_have_count(0)
    expect(ben.page.get_by_role("button", name="Unblock Ada")).to_be_visible()
