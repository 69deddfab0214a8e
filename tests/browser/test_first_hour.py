"""The first hour: four people come together by links, and no one types an address."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts import details, overlap
from tests.browser.people import NARROW, PASSWORD, WIDE, Open, Someone
from tests.served import Served


def link_made_in(page: Page, title: str) -> str:
    """Make a link in a dialog, see that it is shown again, and return its address."""
    dialog = page.get_by_role("dialog", name=title)
    dialog.get_by_role("button", name="Create link").click()
    field = dialog.get_by_label("Invitation link", exact=True)
    made: str = field.input_value()
    expect(dialog.get_by_role("button", name="Copy link")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    return made


def register_by(person: Someone, link: str, button: str) -> None:
    """Open an invitation without an account, and create one."""
    page = person.page
    page.goto(link)
    page.get_by_role("link", name=button).click()
    page.get_by_label("Name").fill(person.name)
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    ready = page.locator(".toast").filter(has_text="Your account is ready")
    expect(ready).to_be_visible()
    page.wait_for_timeout(300)  # it flies in
    assert not overlap(ready, page.locator(".composer"))


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_four_people_share_a_group_and_become_contacts_without_an_address(
    newcomer: Open, viewport: dict[str, int]
) -> None:
    ada, ben, cleo, dora = (
        newcomer(name, viewport=viewport) for name in ("Ada", "Ben", "Cleo", "Dora")
    )
    ada.sign_up()
    if viewport == NARROW:
        ada.page.get_by_role("button", name="New", exact=True).click()
        ada.page.get_by_role("menuitem", name="New group").click()
    else:
        ada.page.get_by_role("button", name="Start a group").click()
    ada.page.get_by_label("Group name").fill("Harbour")
    ada.page.get_by_role("button", name="Create and invite by link").click()
    to_group = link_made_in(ada.page, "Invitation links")
    expect(ada.page.get_by_role("textbox", name="Message")).to_be_visible()

    for person in (ben, cleo, dora):
        register_by(person, to_group, "Create an account and join")
        expect(person.page.get_by_role("region", name="Harbour")).to_be_visible()
        person.no_sideways_scrolling()
    everybody = (ada, ben, cleo, dora)
    for person in everybody:
        person.say(f"hello from {person.name}")
    for person in everybody:
        for other in everybody:
            person.hears(f"hello from {other.name}")

    # The link is shown to who made it as long as it works.
    details(ada).get_by_role("button", name="Invite by link").click()
    again = ada.page.get_by_role("dialog", name="Invitation links")
    expect(again.get_by_label("Invitation link", exact=True)).to_have_value(to_group)
    expect(again.get_by_text("Used 3 times")).to_be_visible()
    again.get_by_role("button", name="Show QR code").click()
    expect(again.get_by_role("img", name="QR code of the invitation link")).to_be_visible()
    ada.no_sideways_scrolling()

    # A link of one's own makes contacts.
    ada.page.goto("/#invite")
    to_ada = link_made_in(ada.page, "Invite people")
    ben.page.goto(to_ada)
    expect(ben.page.get_by_text("Ada invites you to talk here.")).to_be_visible()
    ben.page.get_by_role("button", name="Start talking").click()
    expect(ben.page.get_by_role("textbox", name="Message")).to_be_visible()
    ben.say("only for Ada")
    ada.page.goto("/#contacts")
    ada.contact("Ben").click()
    ada.hears("only for Ada")

    # And so does a message to someone from the group.
    details(cleo).get_by_role("button", name="Profile of Dora", exact=True).click()
    card = cleo.page.get_by_role("dialog", name="Profile")
    card.get_by_role("button", name="Message", exact=True).click()
    asking = cleo.page.get_by_role("dialog", name="Write to Dora")
    asking.get_by_role("textbox", name="First message").fill("Lunch tomorrow?")
    asking.get_by_role("button", name="Send request").click()
    dora.page.goto("/#contacts")
    dora.page.get_by_role("button", name="Accept Cleo").click()
    dora.hears("Lunch tomorrow?")


def test_a_phone_begins_with_all_that_a_wide_screen_offers(newcomer: Open) -> None:
    """There the page of welcome lies behind the list."""
    ada = newcomer("Ada", viewport=NARROW)
    ada.sign_up()
    for name in ("Invite people", "New group", "Add contact", "Write yourself a note"):
        expect(ada.page.get_by_role("button", name=name, exact=True)).to_be_visible()
    ada.no_sideways_scrolling()
    ada.page.get_by_role("button", name="Write yourself a note", exact=True).click()
    ada.say("bread, milk")
    ada.hears("bread, milk")


SHARED = "navigator.share = async (what) => { window.shared = what; }"


def test_a_link_is_copied_by_a_wide_button_and_shared_from_a_phone(newcomer: Open) -> None:
    ada = newcomer("Ada", viewport=NARROW, permissions=["clipboard-read", "clipboard-write"])
    ada.join()
    page = ada.page
    page.add_init_script(SHARED)
    page.goto("/#invite")
    dialog = page.get_by_role("dialog", name="Invite people")
    dialog.get_by_role("button", name="Create link").click()
    field = dialog.get_by_label("Invitation link", exact=True)
    copy = dialog.get_by_role("button", name="Copy link")
    width = "(one) => one.getBoundingClientRect().width"
    assert abs(copy.evaluate(width) - field.evaluate(width)) < 1
    copy.click()
    expect(page.locator(".toast").filter(has_text="Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == field.input_value()
    dialog.get_by_role("button", name="Share").click()
    page.wait_for_function("window.shared !== undefined")
    assert page.evaluate("window.shared") == {
        "text": "Ada invites you to EchoSphere",
        "url": field.input_value(),
    }


def test_the_first_page_offers_ways_to_begin_and_the_checklist_to_administrators(
    newcomer: Open, own_served: Served
) -> None:
    served = own_served
    ada, ben = (newcomer(name, base_url=served.address) for name in ("Ada", "Ben"))
    begin = ["Invite people", "Start a group", "Add someone by e-mail", "Write yourself a note"]
    for person in (ada, ben):
        person.join()
        person.page.goto("/")
        welcome = person.page.get_by_role("region", name=f"Welcome, {person.name}")
        for name in begin:
            button = welcome.get_by_role(
                "button", name=re.compile(rf"^{name}(?! without an account)")
            )
            expect(button).to_be_visible()
        for name in ("Server checklist", "Invite people without an account"):
            only_hers = welcome.get_by_role("button", name=name)
            expect(only_hers).to_have_count(int(person is ada))
    welcome = ada.page.get_by_role("region", name="Welcome, Ada")
    welcome.get_by_role("button", name="Server checklist").click()
    dialog = ada.page.get_by_role("dialog", name="Server checklist")
    for name in ("Address", "HTTPS", "Who may register", "E-mail", "Notifications"):
        expect(dialog.get_by_role("listitem").filter(has_text=name).first).to_be_visible()
    expect(dialog.get_by_text("ECHOSPHERE_SMTP_URL")).to_be_visible()
    ada.page.keyboard.press("Escape")
    welcome.get_by_role("button", name="Hide the checklist").click()
    expect(welcome.get_by_role("button", name="Server checklist")).to_have_count(0)
    welcome.get_by_role("button", name="Write yourself a note").click()
    ada.say("buy rope")
    ada.hears("buy rope")
    assert served.stop() == 0
