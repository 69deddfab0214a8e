"""Groups: made, changed, joined and left, seen live on all devices of everyone concerned."""

import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.acts import details, is_shut_out, learns_nothing, listed, pick, told
from tests.browser.cast import Cast, become_contacts
from tests.browser.people import Open, Someone

PICTURE = "img[src*='/avatars/']"


def act_on(person: Someone, member: str, action: str) -> None:
    """Choose from the menu of a member in the details."""
    details(person).get_by_role("button", name=f"Options for {member}").click()
    person.page.get_by_role("menuitem", name=action).click()


def confirm(person: Someone, question: str, action: str) -> None:
    dialog = person.page.get_by_role("dialog", name=question)
    dialog.get_by_role("button", name=action, exact=True).click()
    expect(dialog).to_have_count(0)


def cut(person: Someone, dialog: Locator, picture: Path) -> None:
    """Choose a picture and the part of it that is shown."""
    dialog.locator("input[type=file]").set_input_files(picture)
    person.page.get_by_role("button", name="Use this picture").click()


def shows_picture(place: Locator) -> None:
    """See that a picture is there and was really loaded."""
    expect(place.locator(PICTURE)).to_have_js_property("naturalWidth", 512)


def test_a_group_is_made_with_a_picture_and_appears_with_everyone_in_it(
    cast: Cast, image: Path
) -> None:
    for person in (cast.ada, cast.phone, cast.ben, cast.cleo):
        person.page.goto("/")
        expect(listed(person, "Harbour")).to_be_visible()
    page = cast.ada.page
    page.get_by_role("button", name="New", exact=True).click()
    page.get_by_role("menuitem", name="New group").click()
    dialog = page.get_by_role("dialog", name="New group")
    # No one is picked: it would be filled by a link.
    dialog.get_by_role("button", name="Create and invite by link").click()
    expect(dialog.get_by_role("alert")).to_have_text("Give the group a name.")
    dialog.get_by_label("Group name").fill("Lighthouse")
    dialog.get_by_label("Ben").check()
    cut(cast.ada, dialog, image)
    dialog.get_by_role("button", name="Create group").click()
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    told(cast.ada, "Ada created this conversation")
    for person in (cast.ada, cast.phone, cast.ben):
        shows_picture(listed(person, "Lighthouse"))
    listed(cast.ben, "Lighthouse").click()
    told(cast.ben, "Ada created this conversation")
    expect(listed(cast.cleo, "Lighthouse")).to_have_count(0)
    group = page.url.rsplit("/", 1)[1]
    for outsider in (cast.cleo, cast.olaf):
        learns_nothing(outsider, group, "Lighthouse")


def test_people_are_removed_added_and_given_roles_and_the_group_is_handed_over(
    cast: Cast,
) -> None:
    cast.post(cast.ada, cast.group, "the tide is at six")
    cast.at(cast.group)
    members = (cast.ada, cast.phone, cast.ben)
    act_on(cast.ada, "Cleo", "Remove from the group")
    confirm(cast.ada, "Remove Cleo from the group?", "Remove from the group")
    is_shut_out(cast.cleo, cast.group)
    for person in members:
        told(person, "Ada removed Cleo")
        expect(person.page.get_by_role("button", name="2 members")).to_be_visible()

    details(cast.ada).get_by_role("button", name="Add people").click()
    pick(cast.ada, "Add people", "Add", "Cleo")
    listed(cast.cleo, "Harbour").click()
    for person in (*members, cast.cleo):
        told(person, "Ada added Cleo")

    expect(details(cast.ben).get_by_role("button", name="Leave the group")).to_be_visible()
    expect(details(cast.ben).get_by_role("button", name="Add people")).to_have_count(0)
    act_on(cast.ada, "Ben", "Make an admin")
    for person in (*members, cast.cleo):
        told(person, "Ada made Ben an admin")
    expect(details(cast.ben).get_by_role("button", name="Add people")).to_be_visible()
    details(cast.ben).get_by_role("button", name="Leave the group").click()
    confirm(cast.ben, "Leave Harbour?", "Leave the group")
    expect(cast.ben.page.get_by_role("log")).to_have_count(0)
    expect(listed(cast.ben, "Harbour")).to_have_count(0)

    act_on(cast.ada, "Cleo", "Hand over the group")
    confirm(cast.ada, "Hand the group over to Cleo?", "Hand over the group")
    for person in (cast.ada, cast.phone, cast.cleo):
        told(person, "Ben left")
        told(person, "Ada made Cleo the owner")
    details(cast.cleo).get_by_role("button", name="Leave the group").click()
    dialog = cast.cleo.page.get_by_role("dialog", name="Hand the group over first")
    dialog.get_by_label("New owner").select_option("Ada")
    dialog.get_by_role("button", name="Hand over and leave").click()
    for person in (cast.ada, cast.phone):
        told(person, "Cleo made Ada the owner")
        told(person, "Cleo left")
    expect(listed(cast.cleo, "Harbour")).to_have_count(0)


def test_title_and_picture_are_changed_and_newcomers_see_as_much_as_the_group_wants(
    cast: Cast, image: Path, newcomer: Open
) -> None:
    dora, emil = newcomer("Dora"), newcomer("Emil")
    for one in (dora, emil):
        one.join()
        become_contacts(one, cast.ada)
    cast.post(cast.ada, cast.group, "before anybody came")
    cast.at(cast.group, cast.ada, cast.phone, cast.ben)
    details(cast.ada).get_by_role("button", name="Edit group").click()
    dialog = cast.ada.page.get_by_role("dialog", name="Group settings")
    dialog.get_by_label("Group name").fill("Old harbour")
    dialog.get_by_role("button", name="Save").click()
    cut(cast.ada, dialog, image)
    dialog.get_by_role("radio", name="Messages after they join").check()
    cast.ada.page.get_by_role("button", name="Close").last.click()
    members = (cast.ada, cast.phone, cast.ben)
    for person in members:
        told(person, "Ada changed the title to “Old harbour”")
        told(person, "Ada changed the picture")
        told(person, "Ada lets new members see only messages sent after they join")
        shows_picture(listed(person, "Old harbour"))
        expect(person.page.get_by_role("button", name="Old harbour 3 members")).to_be_visible()
    dora.page.goto("/")
    expect(dora.page.get_by_role("heading", name="Welcome, Dora")).to_be_visible()
    details(cast.ada).get_by_role("button", name="Add people").click()
    pick(cast.ada, "Add people", "Add", "Dora")
    listed(dora, "Old harbour").click()
    told(dora, "Ada added Dora")
    expect(dora.page.get_by_text("before anybody came")).to_have_count(0)
    cast.ada.call("PATCH", f"/conversations/{cast.group}", {"history": "all"})
    emils = {"user": cast.id_of(emil)}
    cast.ada.call("POST", f"/conversations/{cast.group}/members", emils)
    for person in (*members, dora):
        told(person, "Ada lets new members see earlier messages")
        told(person, "Ada added Emil")
    emil.page.goto(f"/c/{cast.group}")
    emil.hears("before anybody came")
    expect(dora.page.get_by_text("before anybody came")).to_have_count(0)


def test_a_link_invites_the_signed_in_and_those_who_register_first_until_it_is_revoked(
    cast: Cast, newcomer: Open
) -> None:
    cast.at(cast.group, cast.ada, cast.phone, cast.ben)
    details(cast.ada).get_by_role("button", name="Invite by link").click()
    dialog = cast.ada.page.get_by_role("dialog", name="Invitation links")
    dialog.get_by_label("Expires after").select_option("1 day")
    dialog.get_by_label("Maximum uses", exact=True).select_option("10 uses")
    dialog.get_by_role("button", name="Create link").click()
    link = dialog.get_by_label("Invitation link", exact=True).input_value()
    assert re.fullmatch(r"https?://[^/]+/join/[\w-]{20,}", link)
    expect(dialog.get_by_role("listitem")).to_contain_text("Used 0 of 10 times")

    dora, emil = newcomer("Dora"), newcomer("Emil")
    dora.join()
    dora.page.goto(link)
    expect(dora.page.get_by_role("heading", name="Harbour")).to_be_visible()
    expect(dora.page.get_by_text("Ada invites you to this group of 3 people.")).to_be_visible()
    dora.page.get_by_role("button", name="Join the group").click()
    for person in (dora, cast.ada, cast.phone, cast.ben):
        told(person, "Dora joined by invitation link")

    emil.page.goto(link)
    emil.page.get_by_role("link", name="Create an account and join").click()
    emil.page.get_by_label("Name").fill(emil.name)
    emil.page.get_by_label("E-mail address").fill(emil.email)
    emil.page.get_by_label("Password", exact=True).fill("correct horse battery staple")
    emil.page.get_by_role("button", name="Create account").click()
    expect(emil.page).to_have_url(re.compile(f"/c/{cast.group}$"))
    for person in (emil, cast.ada, cast.phone, cast.ben):
        told(person, "Emil joined by invitation link")
    emil.say("Hello, all of you")
    for person in (dora, cast.ada, cast.phone, cast.ben):
        person.hears("Hello, all of you")

    dialog.get_by_role("button", name="Revoke").click()
    expect(dialog.get_by_role("listitem")).to_have_count(0)
    cast.olaf.page.goto(link)
    expect(
        cast.olaf.page.get_by_role("heading", name="This invitation is no longer valid")
    ).to_be_visible()
    learns_nothing(cast.olaf, cast.group, "Harbour", "Hello, all of you")
