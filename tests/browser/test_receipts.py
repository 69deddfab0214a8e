"""How far a message has come: ticks, "seen by", and people who do not share receipts."""

from playwright.sync_api import Locator, expect

from tests.browser.acts import bubble, choose, is_shut_out, taken_by_the_server
from tests.browser.cast import Cast
from tests.browser.people import Someone


def tick(person: Someone, text: str, state: str) -> None:
    """See how far an own message has come."""
    expect(bubble(person, text).get_by_role("img", name=state, exact=True)).to_be_visible()


def seen_by(person: Someone, text: str) -> Locator:
    """Ask who has seen a message."""
    choose(person, text, "Seen by")
    return person.page.get_by_role("dialog", name="Seen by")


def under(dialog: Locator, heading: str, *names: str) -> None:
    """See who stands under a heading of a dialog."""
    title = dialog.get_by_role("heading", name=heading)
    expect(title).to_have_text(f"{heading} {len(names)}")
    people = title.locator("xpath=following-sibling::ul[1]").get_by_role("listitem")
    expect(people).to_contain_text(list(names))


def switch_receipts(person: Someone, *, on: bool) -> None:
    page = person.page
    page.keyboard.press("Control+,")
    page.get_by_role("tab", name="Privacy").click()
    switch = page.get_by_role("switch", name="Read receipts")
    with taken_by_the_server(person):
        switch.set_checked(on)
    page.keyboard.press("Escape")


def test_ticks_tell_stored_delivered_and_read_on_all_devices_of_the_author(cast: Cast) -> None:
    authors = (cast.ada, cast.phone)
    cast.at(cast.direct, *authors)
    cast.ada.say("Are you there?")
    for device in authors:
        tick(device, "Are you there?", "Sent")
    cast.ben.page.goto("/")
    for device in authors:
        tick(device, "Are you there?", "Delivered")
    cast.ben.page.goto(f"/c/{cast.direct}")
    cast.ben.hears("Are you there?")
    for device in authors:
        tick(device, "Are you there?", "Read")
    cast.phone.say("Good. Come over!")
    cast.ben.hears("Good. Come over!")
    for device in authors:
        tick(device, "Good. Come over!", "Read")
    cast.olaf.page.goto(f"/c/{cast.direct}")
    is_shut_out(cast.olaf, cast.direct)


def test_in_a_group_the_author_sees_who_has_read_and_whom_it_has_reached(cast: Cast) -> None:
    authors = (cast.ada, cast.phone)
    cast.at(cast.group, *authors)
    cast.ada.say("Boats out at ten")
    for device in authors:
        tick(device, "Boats out at ten", "Sent")
    dialog = seen_by(cast.ada, "Boats out at ten")
    under(dialog, "Not delivered yet", "Ben", "Cleo")
    cast.at(cast.group, cast.ben)
    under(dialog, "Read", "Ben")
    under(dialog, "Not delivered yet", "Cleo")
    cast.ada.page.keyboard.press("Escape")
    cast.cleo.page.goto("/")
    for device in authors:
        tick(device, "Boats out at ten", "Delivered")
    dialog = seen_by(cast.phone, "Boats out at ten")
    under(dialog, "Read", "Ben")
    under(dialog, "Delivered", "Cleo")
    expect(dialog.get_by_text("Ada")).to_have_count(0)
    cast.cleo.page.goto(f"/c/{cast.group}")
    for device in authors:
        tick(device, "Boats out at ten", "Read")
    bubble(cast.ben, "Boats out at ten").click(button="right")
    menu = cast.ben.page.get_by_role("menu", name="Message actions")
    expect(menu.get_by_role("menuitem", name="Reply")).to_be_visible()
    expect(menu.get_by_role("menuitem", name="Seen by")).to_have_count(0)


def test_who_gives_no_receipts_is_not_followed_and_follows_no_one(cast: Cast) -> None:
    cast.at(cast.group)
    switch_receipts(cast.ben, on=False)
    cast.ada.say("Who is aboard?")
    for person in (cast.ben, cast.cleo):
        person.hears("Who is aboard?")
    cast.ben.say("I am")
    for person in (cast.ada, cast.phone, cast.cleo):
        person.hears("I am")
    cast.cleo.say("Me, too")
    cast.ben.hears("Me, too")
    # Once everything is loaded again there is nothing left that could still be on its way.
    for person in (cast.ada, cast.ben):
        person.page.reload()
    dialog = seen_by(cast.ada, "Who is aboard?")
    under(dialog, "Read", "Cleo")
    expect(dialog.get_by_role("listitem").filter(has_text="Ben")).to_have_count(1)
    cast.ada.page.keyboard.press("Escape")
    dialog = seen_by(cast.ben, "I am")
    expect(dialog.get_by_role("listitem")).to_have_count(2)
    expect(dialog.get_by_role("heading", name="Read")).to_have_count(0)
    cast.ben.page.keyboard.press("Escape")
    for person, text in ((cast.ada, "Who is aboard?"), (cast.ben, "I am")):
        expect(bubble(person, text).get_by_role("img", name="Read")).to_have_count(0)
    switch_receipts(cast.ben, on=True)
    cast.ada.say("And now?")
    cast.ben.hears("And now?")
    for device in (cast.ada, cast.phone):
        tick(device, "And now?", "Read")
