"""The list of conversations, drafts and settings follow the person from device to device."""

import re

from playwright.sync_api import Locator, expect

from tests.browser.acts import bubble, details
from tests.browser.cast import Cast
from tests.browser.people import PASSWORD, Open, Someone

NEW_PASSWORD = "a battery of correct horses"
HALF_OUT = """() => [...document.querySelectorAll('button, a, input, select, textarea')]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }))
    .filter((one) => !one.closest('.visually-hidden') && !one.matches('.visually-hidden'))
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([, { left, right, width }]) => width > 1 && (left < -1 || right > innerWidth + 1))
    .filter(([one]) => {
        for (let box = one.parentElement; box !== null; box = box.parentElement) {
            if (['auto', 'scroll'].includes(getComputedStyle(box).overflowX)) return false;
        }
        return true;
    })
    .map(([one]) => one.outerHTML.slice(0, 120))"""


def row(person: Someone, title: str) -> Locator:
    """Return the conversation of this title in the list; others may quote the same words."""
    name = re.compile(rf"^(?:Online |Away )?{re.escape(title)}\b")
    return person.page.get_by_role("navigation", name="Conversations").get_by_role(
        "link", name=name
    )


def choose_for(person: Someone, title: str, action: str) -> None:
    """Choose from the menu of a conversation in the list."""
    row(person, title).click(button="right")
    person.page.get_by_role("menuitem", name=action, exact=True).click()


def order(person: Someone, *titles: str) -> None:
    """See the conversations in this order."""
    items = person.page.get_by_role("navigation", name="Conversations").get_by_role("link")
    expect(items).to_contain_text(titles)


def test_conversations_are_pinned_muted_archived_and_marked_on_all_devices(cast: Cast) -> None:
    both = (cast.ada, cast.phone)
    cast.post(cast.ben, cast.group, "the newest of all")
    for device in both:
        device.page.goto("/")
        order(device, "Harbour", "Ben")
    choose_for(cast.ada, "Ben", "Pin to the top")
    for device in both:
        order(device, "Ben", "Harbour")
    choose_for(cast.phone, "Ben", "Unpin")
    for device in both:
        order(device, "Harbour", "Ben")

    choose_for(cast.ada, "Harbour", "Mark as read")
    for device in both:
        expect(row(device, "Harbour")).not_to_contain_text("unread")
    choose_for(cast.ada, "Harbour", "Mark as unread")
    for device in both:
        expect(row(device, "Harbour")).to_contain_text("Marked as unread")
        expect(device.page).to_have_title("(1) EchoSphere")

    choose_for(cast.ada, "Harbour", "Mute…")
    cast.ada.page.get_by_role("button", name="For 1 hour").click()
    for device in both:
        row(device, "Harbour").click(button="right")
        expect(device.page.get_by_role("menuitem", name="Unmute")).to_be_visible()
        device.page.keyboard.press("Escape")
        expect(device.page).to_have_title("EchoSphere")
    own = cast.ada.call("GET", f"/conversations/{cast.group}")["conversation"]
    assert 0 < own["muted_until"] - own["created_at"] < 2 * 3_600_000

    choose_for(cast.phone, "Harbour", "Archive")
    for device in both:
        expect(row(device, "Harbour")).to_have_count(0)
        device.page.get_by_role("button", name="Archived").click()
        order(device, "Harbour")
    choose_for(cast.ada, "Harbour", "Unarchive")
    for device in both:
        expect(device.page.get_by_text("No archived conversations.")).to_be_visible()


def test_the_list_shows_only_what_one_asks_for(cast: Cast) -> None:
    ada, page = cast.ada, cast.ada.page
    for number in range(3):
        wish = {"kind": "group", "title": f"Pier {number}", "members": [cast.id_of(cast.ben)]}
        ada.call("POST", "/conversations", wish)
    cast.post(cast.ben, cast.group, "hello, harbour")
    page.goto("/")
    choice = page.get_by_role("group", name="Show")
    order(ada, "Harbour", "Pier 2", "Pier 1", "Pier 0", "Ben")
    choice.get_by_role("button", name="Unread").click()
    order(ada, "Harbour")
    row(ada, "Harbour").click()
    ada.hears("hello, harbour")
    order(ada, "Harbour")
    choice.get_by_role("button", name="Groups").click()
    order(ada, "Harbour", "Pier 2", "Pier 1", "Pier 0")
    choice.get_by_role("button", name="Unread").click()
    choice.get_by_role("button", name="Unread").click()
    order(ada, "Harbour", "Pier 2", "Pier 1", "Pier 0", "Ben")


def test_notes_to_self_are_on_every_device_and_with_no_one_else(cast: Cast) -> None:
    cast.phone.page.goto("/")
    cast.ada.page.goto("/")
    cast.ada.page.get_by_role("button", name="Your menu").click()
    cast.ada.page.get_by_role("menuitem", name="Notes to self").click()
    expect(cast.ada.page.get_by_text("Notes to yourself")).to_be_visible()
    cast.ada.say("buy rope")
    cast.ada.hears("buy rope")
    notes = cast.phone.page.get_by_role("link").filter(has_text="buy rope")
    expect(notes).to_have_count(1)
    notes.click()
    cast.phone.hears("buy rope")
    expect(cast.ada.page).to_have_title("EchoSphere")
    for other in (cast.ben, cast.olaf):
        assert "buy rope" not in str(other.call("GET", "/conversations"))


def test_the_line_above_what_is_new_stays_and_a_button_leads_to_the_latest(cast: Cast) -> None:
    ada, page = cast.ada, cast.ada.page
    for number in range(50):
        cast.post(cast.ben, cast.direct, f"Line {number}.")
    cast.at(cast.direct, ada)
    line = page.get_by_role("log").get_by_text("New messages", exact=True)
    expect(line).to_be_in_viewport()
    jump = page.get_by_role("button", name="Jump to latest")
    expect(jump).to_be_visible()
    cast.post(cast.ben, cast.direct, "The latest.")
    expect(jump).to_have_accessible_name(re.compile(r"Jump to latest, \d+ new messages"))
    jump.click()
    expect(bubble(ada, "The latest.")).to_be_in_viewport()
    expect(jump).to_have_count(0)
    expect(page).to_have_title("EchoSphere")
    expect(line).to_have_count(1)
    bubble(ada, "Line 0.").scroll_into_view_if_needed()
    expect(line).to_be_visible()
    ada.say("I am here")
    ada.hears("I am here")
    expect(line).to_have_count(0)
    expect(bubble(ada, "I am here")).to_be_in_viewport()


def test_a_draft_typed_on_one_device_is_there_on_the_other(cast: Cast) -> None:
    cast.phone.page.goto("/")
    cast.at(cast.direct, cast.ada)
    box = cast.ada.page.get_by_role("textbox", name="Message")
    box.press_sequentially("half a thought")
    expect(row(cast.phone, "Ben")).to_contain_text("Draft: half a thought")
    row(cast.phone, "Ben").click()
    typed = cast.phone.page.get_by_role("textbox", name="Message")
    expect(typed).to_have_value("half a thought")
    cast.ada.page.goto("/")
    typed.fill("a whole thought")
    expect(row(cast.ada, "Ben")).to_contain_text("Draft: a whole thought")
    typed.press("Enter")
    cast.phone.hears("a whole thought")
    expect(row(cast.ada, "Ben")).not_to_contain_text("Draft:")


def open_settings(person: Someone, tab: str) -> Locator:
    """Open a page of the settings."""
    person.page.get_by_role("button", name="Your menu").click()
    person.page.get_by_role("menuitem", name="Settings").click()
    dialog = person.page.get_by_role("dialog", name="Settings")
    dialog.get_by_role("tab", name=tab).click()
    return dialog


def test_profile_privacy_and_the_key_that_sends_are_set_and_hold_on_the_other_device(
    cast: Cast,
) -> None:
    ada, page = cast.ada, cast.ada.page
    cast.at(cast.direct, ada, cast.phone, cast.ben)
    settings = open_settings(ada, "Profile")
    settings.get_by_label("Name", exact=True).fill("Ada Lovelace")
    settings.get_by_label("About you").fill("Counts on engines")
    settings.get_by_role("button", name="Save").click()
    expect(row(cast.ben, "Ada Lovelace")).to_be_visible()
    settings.get_by_label("What is your status?").fill("At sea")
    settings.get_by_role("button", name="Set status").click()
    head = cast.ben.page.get_by_role("button", name=re.compile("^Ada Lovelace"))
    expect(head).to_contain_text("At sea")

    settings.get_by_role("tab", name="Privacy").click()
    for name in ("online", "Read receipts", "typing", "Link previews"):
        settings.get_by_role("switch", name=name).click()
    expect(head).not_to_contain_text("online")
    settings.get_by_role("tab", name="Appearance").click()
    settings.get_by_role("radio", name="Dark").check(force=True)
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    settings.get_by_role("switch", name="Press Enter to send").click()
    page.keyboard.press("Escape")
    theirs = open_settings(cast.phone, "Privacy")
    for name in ("online", "Read receipts", "typing", "Link previews"):
        expect(theirs.get_by_role("switch", name=name)).not_to_be_checked()
    theirs.get_by_role("tab", name="Appearance").click()
    expect(theirs.get_by_role("switch", name="Press Enter to send")).not_to_be_checked()
    cast.phone.page.keyboard.press("Escape")

    for device in (ada, cast.phone):
        box = device.page.get_by_role("textbox", name="Message")
        box.press_sequentially("one")
        box.press("Enter")
        box.press_sequentially("two")
        expect(box).to_have_value("one\ntwo")
        box.press("Control+Enter")
        expect(box).to_have_value("")


def test_a_new_password_signs_out_the_other_device_and_is_asked_for_from_then_on(
    cast: Cast,
) -> None:
    ada, page = cast.ada, cast.ada.page
    for device in (ada, cast.phone):
        device.page.goto("/")
    settings = open_settings(ada, "Account")
    current = settings.get_by_label("Current password")
    current.fill("not the password")
    settings.get_by_label("New password").fill(NEW_PASSWORD)
    settings.get_by_role("button", name="Change password").click()
    expect(settings.get_by_role("alert")).to_be_visible()
    current.fill(PASSWORD)
    settings.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("status").get_by_text("Your password was changed")).to_be_visible()
    expect(cast.phone.page.get_by_role("heading", name="Sign in")).to_be_visible()
    cast.phone.sign_in()
    expect(cast.phone.page.get_by_role("alert")).to_be_visible()
    cast.phone.page.get_by_label("Password", exact=True).fill(NEW_PASSWORD)
    cast.phone.page.get_by_role("button", name="Sign in").click()
    expect(cast.phone.page.get_by_role("button", name="Your menu")).to_be_visible()


def test_the_language_is_changed_to_german_and_back(newcomer: Open) -> None:
    ada = newcomer("Ada")
    ada.join()
    page = ada.page
    page.goto("/")
    settings = open_settings(ada, "Appearance")
    settings.get_by_role("radio", name="Deutsch").check(force=True)
    expect(page.locator("html")).to_have_attribute("lang", "de")
    german = page.get_by_role("dialog", name="Einstellungen")
    expect(german.get_by_role("tab", name="Profil")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("tab", name="Unterhaltungen")).to_be_visible()
    expect(page.get_by_role("heading", name="Ada")).to_contain_text("Willkommen")
    page.goto("/#settings")
    german.get_by_role("tab", name="Darstellung").click()
    german.get_by_role("radio", name="English").check(force=True)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("dialog", name="Settings")).to_be_visible()


def test_from_right_to_left_nothing_is_cut_off_at_any_width(cast: Cast) -> None:
    ada, page = cast.ada, cast.ada.page
    long = "a-word-without-any-end-" * 12
    cast.post(cast.ben, cast.group, f"{long} https://example.org/{long}\n\n```\n{long * 2}\n```")
    seq = cast.post(cast.ada, cast.group, "مرحبا بكم في الميناء")
    ada.call("PUT", f"/conversations/{cast.group}/messages/{seq}/pin")
    page.emulate_media(reduced_motion="reduce")  # nothing is still on its way into the page
    page.add_init_script(
        """new MutationObserver(() => {
            const page = document.documentElement;
            if (page !== null && page.dir !== 'rtl') page.dir = 'rtl';
        }).observe(document, { subtree: true, childList: true, attributeFilter: ['dir'] });"""
    )
    for width in (320, 1600):
        page.set_viewport_size({"width": width, "height": 720})
        for panel in (
            "contacts",
            "add-contact",
            "new-group",
            "devices",
            "settings",
            "saved",
            "search",
            "switch",
            "help",
        ):
            page.goto(f"/#{panel}")
            way_out = page.get_by_role("button", name=re.compile("Close|Add contact"))
            expect(way_out.first).to_be_visible()
            is_within(ada, f"{panel} at {width}")
        cast.at(cast.group, ada)
        ada.hears("مرحبا بكم في الميناء")
        is_within(ada, f"conversation at {width}")
        details(ada)
        expect(page.get_by_role("button", name="Leave the group")).to_be_visible()
        is_within(ada, f"details at {width}")
        page.get_by_role("complementary").get_by_role("button", name="Close").click()
        bubble(ada, "مرحبا").click(button="right")
        expect(page.get_by_role("menu", name="Message actions")).to_be_visible()
        is_within(ada, f"message menu at {width}")


def is_within(person: Someone, screen: str) -> None:
    """See that nothing that one can press lies outside of the page, and that it does not scroll."""
    page = person.page
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl", screen
    person.no_sideways_scrolling()
    assert page.evaluate(HALF_OUT) == [], screen
