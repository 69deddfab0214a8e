"""The owner invites people from the browser, lets in who waits, and helps who lost the password."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import NARROW, PASSWORD, WIDE, Open, Someone
from tests.browser.test_accessibility import CALM, Eye
from tests.served import Served

Serve = Callable[..., Served]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts a product with settings of its own."""
    all_served: list[Served] = []

    def start(**more: str) -> Served:
        all_served.append(Served(tmp_path / "data", **more))
        all_served[-1].start()
        return all_served[-1]

    yield start
    for served in all_served:
        served.stop()


def room(person: Someone, page: str, title: str) -> Locator:
    """Go to a page of Administration."""
    person.page.goto(f"/admin/{page}")
    region = person.page.get_by_role("region", name=title)
    expect(region).to_be_visible()
    return region


def fill_registration(page: Page, someone: Someone) -> None:
    """Fill in the form to register, which is shown."""
    page.get_by_label("Name").fill(someone.name)
    page.get_by_label("E-mail address").fill(someone.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide", "narrow"]
)
def test_an_owner_invites_by_a_link_and_by_addresses(
    newcomer: Open, serve: Serve, viewport: dict[str, int], scheme: str
) -> None:
    served = serve(ECHOSPHERE_REGISTRATION="invitation")
    given = {
        "base_url": served.address,
        "viewport": viewport,
        "color_scheme": scheme,
        **CALM,
    }
    ada, ben = newcomer("Ada", **given), newcomer("Ben", **given)
    ada.join()
    team = {"kind": "group", "title": "Harbour", "members": []}
    ada.call("POST", "/conversations", team)
    invitations = room(ada, "invitations", "Invitations")
    eye = Eye(ada.page)
    expect(invitations.get_by_text("No active invitations")).to_be_visible()
    invitations.get_by_label("Role", exact=True).select_option("Guest")
    invitations.get_by_role("checkbox", name="Harbour").check()
    eye.look("terms", ".room")
    invitations.get_by_role("button", name="Create link").press("Enter")
    link = invitations.get_by_label("Invitation link").input_value()
    listed = invitations.get_by_role("list", name="Active invitations").get_by_role("listitem")
    expect(listed).to_contain_text("1 use left")
    expect(listed).to_contain_text("Guest")
    ada.no_sideways_scrolling()
    eye.look("link", ".room")

    ben.page.goto(link)
    fill_registration(ben.page, ben)
    expect(ben.page.get_by_role("button", name="Your menu")).to_be_visible()
    expect(ben.page.get_by_text("Harbour").first).to_be_visible()

    invitations = room(ada, "invitations", "Invitations")
    invitations.get_by_role("button", name="By e-mail").click()
    addresses = invitations.get_by_role("textbox", name="E-mail addresses, one per line")
    addresses.fill("carl@example.org\nnobody")
    invitations.get_by_role("button", name="Invite", exact=True).click()
    expect(invitations.get_by_role("alert")).to_contain_text("nobody:")
    expect(addresses).to_be_focused()
    addresses.fill("carl@example.org\ndora@example.org")
    invitations.get_by_role("button", name="Invite", exact=True).click()
    links = invitations.get_by_role("list", name="By e-mail").get_by_role("listitem")
    expect(links).to_have_count(2)
    expect(links.last).to_contain_text("dora@example.org")
    expect(links.last).to_contain_text("/invite/")
    expect(invitations.get_by_role("button", name="Copy all")).to_be_visible()
    expect(links.last.get_by_role("button", name="Copy link for dora")).to_be_visible()
    ada.no_sideways_scrolling()
    eye.look("addresses", ".room")
    invitations.get_by_role("button", name="Done").click()
    expect(listed).to_have_count(2)
    listed.filter(has_text="carl@example.org").get_by_role("button", name="Revoke").click()
    expect(listed).to_have_count(1)
    eye.saw_nothing()


def test_the_dialog_for_inviting_people_says_who_can_use_a_link(
    newcomer: Open, serve: Serve
) -> None:
    served = serve(ECHOSPHERE_REGISTRATION="invitation")
    ada, ben = (newcomer(name, base_url=served.address) for name in ("Ada", "Ben"))
    ada.join()
    url = ada.call("POST", "/server/invites", {})["invite"]["url"]
    body = {"email": ben.email, "name": "Ben", "password": PASSWORD}
    ben.call("POST", "/accounts", {**body, "invite": url.rpartition("/")[2]})
    ben.page.goto("/#invite")
    dialog = ben.page.get_by_role("dialog", name="Invite people")
    expect(dialog.get_by_text("It works only for people who have an account here.")).to_be_visible()
    expect(dialog.get_by_role("button", name=re.compile("without an account"))).to_have_count(0)
    ada.page.goto("/#invite")
    dialog = ada.page.get_by_role("dialog", name="Invite people")
    dialog.get_by_role("button", name=re.compile("without an account")).click()
    dialog = ada.page.get_by_role("dialog", name="Invite people without an account")
    dialog.get_by_role("button", name="Create link").click()
    expect(dialog.get_by_label("Invitation link")).to_have_value(re.compile("/invite/"))
    dialog.get_by_role("button", name="Back").click()
    expect(ada.page.get_by_role("dialog", name="Invite people", exact=True)).to_be_visible()


def test_who_comes_by_an_invitation_finds_whoever_invited_them(
    newcomer: Open, serve: Serve
) -> None:
    served = serve(ECHOSPHERE_REGISTRATION="invitation")
    ada, ben = (newcomer(name, base_url=served.address, **CALM) for name in ("Ada", "Ben"))
    ada.join()
    invitations = room(ada, "invitations", "Invitations")
    expect(invitations.get_by_role("checkbox", name="Add them to my contacts")).to_be_checked()
    invitations.get_by_role("button", name="Create link").press("Enter")
    ben.page.goto(invitations.get_by_label("Invitation link").input_value())
    fill_registration(ben.page, ben)
    welcome = ben.page.get_by_role("region", name="Welcome, Ben")
    welcome.get_by_role("button", name="Write to Ada You are already contacts.").press("Enter")
    ben.say("Here I am")
    ada.page.goto("/")
    expect(ada.page.get_by_role("link", name="Ben")).to_contain_text("Here I am")


def test_where_everyone_may_invite_members_are_offered_it_too(newcomer: Open, serve: Serve) -> None:
    served = serve(ECHOSPHERE_SERVER_INVITES="everybody")
    ada, ben = (newcomer(name, base_url=served.address) for name in ("Ada", "Ben"))
    ada.join()
    ben.join()
    ben.page.goto("/#invite")
    dialog = ben.page.get_by_role("dialog", name="Invite people")
    expect(dialog.get_by_text("even if they have no account yet")).to_be_visible()
    dialog.get_by_role("button", name=re.compile("without an account")).click()
    dialog = ben.page.get_by_role("dialog", name="Invite people without an account")
    expect(dialog.get_by_text("No active invitations")).to_be_visible()


def test_an_owner_approves_who_waits(newcomer: Open, serve: Serve) -> None:
    served = serve(ECHOSPHERE_REGISTRATION="approval")
    ada, ben, cleo = (
        newcomer(name, base_url=served.address, **CALM) for name in ("Ada", "Ben", "Cleo")
    )
    for person in (ada, ben, cleo):
        person.join()
    waiting = room(ada, "approvals", "Waiting for approval").get_by_role(
        "list", name="Waiting for approval"
    )
    rows, eye = waiting.get_by_role("listitem"), Eye(ada.page)
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text(ben.email)
    side = ada.page.get_by_role("navigation", name="Administration")
    expect(side.get_by_role("link", name="Waiting for approval 2")).to_be_visible()
    eye.look("approvals", ".room")
    eye.saw_nothing()
    waiting.get_by_role("button", name="Reject Cleo").click()
    expect(rows).to_have_count(1)
    waiting.get_by_role("button", name="Approve Ben").press("Enter")
    expect(ada.page.get_by_text("No one is waiting")).to_be_visible()
    ben.page.goto("/login")
    ben.sign_in()
    expect(ben.page.get_by_role("button", name="Your menu")).to_be_visible()


def test_an_owner_makes_a_reset_link(newcomer: Open, serve: Serve) -> None:
    served = serve()
    ada, ben = (newcomer(name, base_url=served.address, **CALM) for name in ("Ada", "Ben"))
    ada.join()
    ben.join()
    people = room(ada, "people", "People")
    people.get_by_role("button", name="Manage Ben").click()
    card = ada.page.get_by_role("dialog", name="Ben")
    card.get_by_role("button", name="Create reset link").press("Enter")
    link = card.get_by_label("Reset link").input_value()
    expect(card.get_by_text("Works once, until")).to_be_visible()
    eye = Eye(ada.page)
    eye.look("reset link", "dialog[open]")
    eye.saw_nothing()
    cleo = newcomer("Cleo", base_url=served.address)
    # The server was told port 0 and took another.
    cleo.page.goto(urlsplit(link).path)
    expect(cleo.page.get_by_label("New password").first).to_be_visible()
