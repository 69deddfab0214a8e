"""Moderation looks well at both widths in both colours: group rules, held messages, the room."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.cast import Cast, gather
from tests.browser.looks import looks_well_everywhere
from tests.browser.people import PASSWORD, Open, Someone
from tests.browser.proxy import Proxy
from tests.browser.test_accessibility import CALM
from tests.browser.test_administration_room import report_message
from tests.served import Served

LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmütze" * 2
HELD = 55
DETAILS = re.compile("^(Details|Einzelheiten)$")
LANGUAGES = pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
ENDING = {"en-GB": "", "de-DE": " german"}


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Served]:
    """A product whose first account is its owner, and that takes no programs."""
    served = Served(
        tmp_path / "data",
        ECHOSPHERE_REGISTRATION="approval",
        ECHOSPHERE_REFUSED_FILES="programs",
    )
    served.start()
    yield served
    served.stop()


def moderated(newcomer: Open, proxy: Proxy, locale: str) -> Cast:
    """A group with a filter that holds more than a page, and with someone banned."""
    cast = gather(newcomer, proxy, locale=locale, **CALM)
    path = f"/conversations/{cast.group}"
    cast.ada.call("PUT", f"{path}/filter", {"words": ["boat", LONG_WORD[:48]]})
    file = cast.ben.upload("/attachments", "boat.txt", b"A boat")["attachment"]["id"]
    for number in range(HELD):
        author = (cast.ben, cast.cleo)[number % 2]  # no one has more than 50 of them
        hold(cast, author, f"buy my boat {number} {LONG_WORD if number == 0 else ''}", number)
    hold(cast, cast.ben, "with a picture of the boat", HELD, attachments=[file])
    invite = cast.ada.call("POST", f"{path}/invites", {})["invite"]
    cast.olaf.call("POST", f"/invites/{invite['token']}")
    cast.ada.call("PUT", f"{path}/removed/{cast.id_of(cast.olaf)}", {"banned": True})
    return cast


def hold(cast: Cast, author: Someone, body: str, number: int, **more: Any) -> None:
    message = {"key": f"held-message-{number}", "body": body} | more
    author.call("POST", f"/conversations/{cast.group}/messages", message)


def open_from_details(person: Someone, name: str) -> None:
    """Open a dialog from the details of the group, by keyboard."""
    pane = person.page.get_by_role("complementary")
    if not pane.is_visible():
        person.page.get_by_role("button", name=DETAILS).press("Enter")
    pane.get_by_role("button", name=name, exact=True).press("Enter")
    expect(person.page.get_by_role("dialog").last).to_be_visible()


DIALOGS = {
    "en-GB": ("Edit group", "Word filter", "Banned people", "Held messages"),
    "de-DE": (
        "Gruppe bearbeiten",
        "Wortfilter",
        "Gesperrte Personen",
        "Zurückgehaltene Nachrichten",
    ),
}


@LANGUAGES
def test_who_runs_a_group_sees_its_rules_filter_bans_and_what_is_held(
    newcomer: Open, proxy: Proxy, locale: str
) -> None:
    cast = moderated(newcomer, proxy, locale)
    page, ending = cast.ada.page, ENDING[locale]
    page.goto(f"/c/{cast.group}")
    for name in DIALOGS[locale]:
        open_from_details(cast.ada, name)
        if name == DIALOGS[locale][-1]:
            items = page.get_by_role("dialog").get_by_role("listitem")
            expect(items).to_have_count(50)
            page.get_by_role("dialog").locator("button").last.press("Enter")
            expect(items).to_have_count(HELD + 1)
        looks_well_everywhere(page, f"group {name}")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    looks_well_everywhere(page, f"details of a moderated group{ending}")


def test_what_is_held_is_decided_by_keyboard(newcomer: Open, proxy: Proxy) -> None:
    cast = moderated(newcomer, proxy, "en-GB")
    page = cast.ada.page
    page.goto(f"/c/{cast.group}")
    page.get_by_role("button", name=re.compile("to review")).press("Enter")
    items = page.get_by_role("dialog", name="Held messages").get_by_role("listitem")
    items.first.get_by_role("button", name="Reject").press("Enter")
    reason = items.first.get_by_role("textbox", name="Reason")
    expect(reason).to_be_focused()
    looks_well_everywhere(page, "reason of a refusal")
    page.keyboard.type("No advertising, please. " * 10)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_text("buy my boat 0")).to_have_count(0)
    # The next one is at hand.
    expect(items.first.get_by_role("button", name="Reject")).to_be_focused()
    items.first.get_by_role("button", name="Post").press("Enter")
    expect(page.get_by_role("dialog").get_by_text("buy my boat 1", exact=True)).to_have_count(0)
    expect(items.first.get_by_role("button", name="Post")).to_be_focused()


@LANGUAGES
def test_members_see_what_waits_and_that_they_may_not_write(
    newcomer: Open, proxy: Proxy, locale: str
) -> None:
    cast = gather(newcomer, proxy, locale=locale, **CALM)
    path, ending = f"/conversations/{cast.group}", ENDING[locale]
    cast.ada.call("PUT", f"{path}/filter", {"words": ["boat"]})
    for number, body in enumerate(("buy my boat", f"my boat {LONG_WORD}")):
        hold(cast, cast.ben, body, number)
    held = cast.ada.call("GET", f"{path}/held")["held"][0]["id"]
    cast.ada.call("PUT", f"{path}/held/{held}/refused", {"reason": "No advertising. " * 8})
    cast.ada.call("PATCH", path, {"expire_seconds": 86_400, "slow_seconds": 3600})
    cast.post(cast.ben, cast.group, "said")
    page = cast.ben.page
    page.goto(f"/c/{cast.group}")
    expect(page.get_by_role("timer")).to_be_visible()
    looks_well_everywhere(page, f"held and slow{ending}")
    cast.ada.call("PATCH", path, {"posting": "admins"})
    expect(page.get_by_role("textbox")).to_have_count(0)
    looks_well_everywhere(page, f"only admins write{ending}")


def test_two_people_see_how_long_messages_stay(newcomer: Open, proxy: Proxy) -> None:
    cast = gather(newcomer, proxy, locale="de-DE", **CALM)
    cast.ada.call("PATCH", f"/conversations/{cast.direct}", {"expire_seconds": 7_776_000})
    page = cast.ada.page
    page.goto(f"/c/{cast.direct}")
    page.get_by_role("button", name=DETAILS).press("Enter")
    expect(page.get_by_role("combobox")).to_have_value("7776000")
    looks_well_everywhere(page, "disappearing messages")


def test_a_program_is_refused_by_its_name(
    newcomer: Open, own_server: Served, tmp_path: Path
) -> None:
    ada = newcomer("Ada", base_url=own_server.address, **CALM)
    ada.join()
    me = ada.call("GET", "/me")["user"]["id"]
    wish = {"kind": "direct", "user": me}
    here = ada.call("POST", "/conversations", wish)["conversation"]["id"]
    page = ada.page
    page.goto(f"/c/{here}")
    program, text = tmp_path / f"{'set-up-' * 12}.exe", tmp_path / "words.txt"
    program.write_bytes(b"MZ" + bytes(200))
    text.write_text("words")
    page.locator('input[type="file"]').first.set_input_files([program, text])
    tray = page.get_by_role("list", name="Files to send").get_by_role("listitem")
    expect(tray).to_have_count(1)
    expect(page.get_by_text(f"“{program.name}”")).to_be_visible()
    looks_well_everywhere(page, "refused file")


ROOM: dict[str, Callable[[Page], None]] = {
    "people": lambda page: expect(page.get_by_role("listitem").first).to_be_visible(),
    "invitations": lambda page: expect(page.get_by_role("region").first).to_be_visible(),
    "approvals": lambda page: expect(page.get_by_role("listitem").first).to_be_visible(),
    "reports": lambda page: expect(page.get_by_role("listitem").first).to_be_visible(),
    "announcements": lambda page: expect(page.get_by_role("region").first).to_be_visible(),
    "storage": lambda page: expect(page.get_by_role("listitem").first).to_be_visible(),
    "settings": lambda page: expect(page.locator(".setting").first).to_be_visible(),
    "health": lambda page: expect(page.get_by_role("region").first).to_be_visible(),
    "audit": lambda page: expect(page.get_by_role("listitem").first).to_be_visible(),
}


@LANGUAGES
def test_every_page_of_the_administration_room_looks_well(
    newcomer: Open, own_server: Served, locale: str
) -> None:
    given = {"base_url": own_server.address, "locale": locale, **CALM}
    ada, ben, cleo, late = (newcomer(name, **given) for name in ("Ada", "Ben", "Cleo", "Late"))
    for person in (ada, ben, cleo, late):
        person.join()
    let_in(ada, ben, cleo)
    report_message(ben, cleo)
    user = ben.call("GET", "/me")["user"]["id"]
    ada.call("PUT", f"/administration/people/{user}/role", {"role": "moderator"})
    ada.call("POST", "/administration/announcements", {"text": LONG_WORD, "severity": "urgent"})
    ada.call("POST", "/server/invites", {})
    page, ending = ada.page, ENDING[locale]
    for name, shown in ROOM.items():
        page.goto(f"/admin/{name}")
        expect(page.locator(".room")).to_be_visible()
        shown(page)
        looks_well_everywhere(page, f"room {name}{ending}")
    if locale == "en-GB":
        look_after_ben(page)


def let_in(owner: Someone, *people: Someone) -> None:
    """Approve people, without the room."""
    waiting = owner.call("GET", "/server/approvals")["registrations"]
    for person in people:
        one = next(one["id"] for one in waiting if one["email"] == person.email)
        owner.call("POST", f"/server/approvals/{one}", {"approve": True})
        person.call("POST", "/sessions", {"email": person.email, "password": PASSWORD})


def look_after_ben(page: Page) -> None:
    """Take from Ben his other ways in, by keyboard."""
    page.goto("/admin/people")
    page.get_by_role("button", name="Manage Ben").press("Enter")
    expect(page.get_by_role("dialog", name="Ben")).to_be_visible()
    looks_well_everywhere(page, "room person")
    page.get_by_role("button", name="Remove other sign-in methods").press("Enter")
    asked = page.get_by_role("dialog", name=re.compile("Remove"))
    expect(asked).to_be_visible()
    looks_well_everywhere(page, "room remove other ways in")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Deactivate").press("Enter")
    looks_well_everywhere(page, "room deactivate")
