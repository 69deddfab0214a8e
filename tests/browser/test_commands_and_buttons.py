"""Commands and buttons as two people see them: typed, pressed, waited for, and answered."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.acts import bubble
from tests.browser.cast import Cast, gather
from tests.browser.looks import looks_well_everywhere
from tests.browser.people import Open, Someone
from tests.browser.proxy import Proxy
from tests.browser.test_accessibility import CALM
from tests.product.people import new_key

DEPLOY = {"name": "deploy", "about": "Deploys a branch to a server", "usage": "<branch> [server]"}
STATUS = {"name": "status", "about": "Says what runs where", "usage": ""}
ROWS = [
    [
        {"id": "go", "label": "Deploy now", "style": "primary", "value": "main"},
        {"id": "no", "label": "Cancel", "style": "danger", "confirm": "Nobody can undo it."},
    ],
    [{"id": "log", "label": "Log of the build", "url": "https://ci.example.org/512"}],
]


@dataclass
class Program:
    """A bot in the group of the cast, as its program."""

    id: str
    group: str
    http: httpx.Client
    cursor: str = ""

    def hears(self, kind: str) -> dict[str, Any]:
        """Wait for the next event of a type."""
        while True:
            query = {"after": self.cursor, "types": kind, "wait": "20"}
            page = self.http.get("/events", params=query).json()
            self.cursor = page["cursor"]
            if page["events"]:
                event: dict[str, Any] = page["events"][0]
                return event

    def answers(self, event: dict[str, Any], **body: Any) -> None:
        """Respond to a command or a press."""
        path = event["data"]["respond"].partition("/api/v1")[2]
        answer = self.http.post(path, json={"key": new_key()} | body)
        assert answer.status_code == 201, answer.text

    def says(self, body: str, rows: Any = None) -> None:
        """Post a message, with buttons if there are some."""
        posted = {"key": new_key(), "body": body} | ({"actions": rows} if rows else {})
        answer = self.http.post(f"/conversations/{self.group}/messages", json=posted)
        assert answer.status_code == 201, answer.text


MakeProgram = Callable[..., Program]


@pytest.fixture
def program_in() -> Iterator[MakeProgram]:
    """Makes bots that are in the group of a cast, and have commands."""
    with ExitStack() as programs:

        def make(cast: Cast, name: str = "Deploy Bot") -> Program:
            program = made_in(cast, name)
            programs.callback(program.http.close)
            return program

        yield make


def made_in(cast: Cast, name: str) -> Program:
    made = cast.ada.call("POST", "/bots", {"name": name})
    bot, base = made["bot"]["id"], cast.ada.headers["Origin"]
    headers = {"Authorization": f"Bearer {made['key']}"}
    http = httpx.Client(base_url=f"{base}/api/v1", headers=headers, verify=False, timeout=40)
    program = Program(bot, cast.group, http)
    cast.ada.call("POST", f"/conversations/{cast.group}/members", {"user": bot})
    http.put(f"/bots/{bot}/commands", json={"commands": [DEPLOY, STATUS]})
    program.cursor = http.get("/events").json()["cursor"]
    return program


def field(person: Someone) -> Locator:
    return person.page.get_by_role("textbox", name="Message", exact=True)


def answers(person: Someone) -> Locator:
    return person.page.get_by_role("region", name="Replies from bots")


def test_a_command_is_chosen_sent_and_answered_to_one_person(
    newcomer: Open, proxy: Proxy, program_in: MakeProgram
) -> None:
    cast = gather(newcomer, proxy)
    program = program_in(cast)
    cast.at(cast.group, cast.ada, cast.ben)
    page = cast.ada.page
    field(cast.ada).press_sequentially("/de")
    options = page.get_by_role("listbox", name="Bot commands")
    option = options.get_by_role("option", name=re.compile("deploy"))
    expect(option).to_contain_text("<branch> [server]")
    expect(option).to_contain_text("Deploys a branch to a server")
    expect(option).to_contain_text("Deploy Bot")
    page.keyboard.press("Enter")
    expect(field(cast.ada)).to_have_value("/deploy ")
    page.keyboard.type("main")
    expect(page.get_by_text("Sent only to Deploy Bot, not as a message")).to_be_visible()
    page.keyboard.press("Enter")
    expect(field(cast.ada)).to_have_value("")
    expect(answers(cast.ada)).to_contain_text("/deploy main")
    expect(answers(cast.ada)).to_contain_text("Deploy Bot has not answered yet")
    event = program.hears("command")
    assert event["data"]["command"] == {"name": "deploy", "text": "main"}
    program.answers(event, text="Which **server**?", only="user")
    expect(answers(cast.ada)).to_contain_text("Only you can see this")
    expect(answers(cast.ada)).to_contain_text("Which server?")
    expect(answers(cast.ada)).not_to_contain_text("not answered")
    program.answers(event, text="main is deployed")
    for person in (cast.ada, cast.ben):
        bubble(person, "main is deployed")
        log = person.page.get_by_role("log", name="Messages")
        expect(log.get_by_text("/deploy main")).to_have_count(0)
        expect(log.get_by_text("Which server?")).to_have_count(0)
    expect(answers(cast.ben)).to_have_count(0)
    program.answers(event, notice="You are on duty today")
    expect(page.get_by_text("You are on duty today")).to_be_visible()
    page.reload()
    bubble(cast.ada, "main is deployed")
    expect(answers(cast.ada)).to_have_count(0)


def test_what_no_bot_knows_is_sent_only_after_asking(
    newcomer: Open, proxy: Proxy, program_in: MakeProgram
) -> None:
    cast = gather(newcomer, proxy)
    program_in(cast)
    cast.at(cast.group, cast.ada, cast.ben)
    page = cast.ada.page
    field(cast.ada).fill("/shrug whatever")
    page.keyboard.press("Enter")
    asks = page.get_by_role("dialog", name="No bot here knows /shrug")
    asks.get_by_role("button", name="Cancel").click()
    expect(field(cast.ada)).to_have_value("/shrug whatever")
    field(cast.ada).press("Enter")
    asks.get_by_role("button", name="Send as a message").click()
    bubble(cast.ben, "/shrug whatever")
    for typed, sent in (("//deploy is a command", "/deploy is a command"), ("/etc/hosts", "")):
        field(cast.ada).fill(typed)
        field(cast.ada).press("Enter")
        expect(bubble(cast.ben, sent or typed)).to_have_accessible_description(sent or typed)
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_of_two_bots_with_one_command_one_is_chosen(
    newcomer: Open, proxy: Proxy, program_in: MakeProgram
) -> None:
    cast = gather(newcomer, proxy)
    first, second = program_in(cast, "First Bot"), program_in(cast, "Second Bot")
    cast.at(cast.group, cast.ada)
    page = cast.ada.page
    field(cast.ada).fill("/status")
    expect(page.get_by_role("option")).to_have_count(2)
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    which = page.get_by_role("dialog", name="Which bot should get /status?")
    which.get_by_role("button", name="Second Bot").click()
    assert second.hears("command")["data"]["command"]["name"] == "status"
    expect(which).to_have_count(0)
    assert "command" not in first.http.get("/events", params={"after": first.cursor}).text


def test_a_command_waits_for_no_connection(
    newcomer: Open, proxy: Proxy, program_in: MakeProgram
) -> None:
    cast = gather(newcomer, proxy)
    program_in(cast)
    cast.at(cast.group, cast.ada)
    page = cast.ada.page
    field(cast.ada).fill("/status")
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The command was not sent").first).to_be_visible()
    expect(field(cast.ada)).to_have_value(re.compile("^/status"))
    expect(answers(cast.ada)).to_have_count(0)
    page.context.set_offline(False)


def test_buttons_are_pressed_waited_for_and_changed(
    newcomer: Open, proxy: Proxy, program_in: MakeProgram
) -> None:
    cast = gather(newcomer, proxy)
    program = program_in(cast)
    cast.at(cast.group, cast.ada, cast.ben)
    program.says("Deploy **main**?", ROWS)
    page = cast.ada.page
    buttons = page.get_by_role("group", name="Message buttons")
    link = buttons.get_by_role("link", name="Log of the build (opens a new tab)")
    expect(link).to_have_attribute("href", "https://ci.example.org/512")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", re.compile("noopener"))
    go = buttons.get_by_role("button", name="Deploy now")
    go.dblclick()
    expect(buttons.get_by_role("button", name="Deploy now: sent, waiting")).to_be_disabled()
    expect(page.get_by_text("Deploy Bot has not answered yet")).to_be_visible()
    expect(go).to_be_enabled()
    event = program.hears("action")
    assert event["data"]["action"] == {"id": "go", "value": "main"}
    assert event["data"]["user"]["name"] == cast.ada.name
    program.answers(event, update={"text": "Deployed by Ada", "actions": []})
    for person in (cast.ada, cast.ben):
        bubble(person, "Deployed by Ada")
        expect(person.page.get_by_role("group", name="Message buttons")).to_have_count(0)
    expect(page.get_by_text("Deploy Bot has not answered yet")).to_have_count(0)
    program.says("Once more?", ROWS)
    cast.ben.page.get_by_role("button", name="Deploy now").click()
    assert program.hears("action")["data"]["user"]["name"] == cast.ben.name


def test_by_keyboard_a_button_asks_first_and_keeps_the_focus(
    newcomer: Open, proxy: Proxy, program_in: MakeProgram
) -> None:
    cast = gather(newcomer, proxy)
    program = program_in(cast)
    program.says("Deploy **main**?", ROWS)
    cast.at(cast.group, cast.ada)
    page = cast.ada.page
    cancel = page.get_by_role("button", name="Cancel", exact=True)
    cancel.focus()
    page.keyboard.press("Enter")
    asks = page.get_by_role("dialog", name="Press “Cancel”?")
    expect(asks).to_contain_text("Nobody can undo it.")
    page.keyboard.press("Escape")
    expect(asks).to_have_count(0)
    expect(cancel).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    while focused.inner_text() != "Cancel" or asks.locator(":focus.btn-harm").count() == 0:
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    event = program.hears("action")
    assert event["data"]["action"] == {"id": "no", "value": None}
    expect(page.get_by_role("button", name=re.compile("^Cancel"))).to_be_focused()
    program.answers(event, notice="It was over already")
    expect(page.get_by_text("It was over already")).to_be_visible()
    expect(cancel).to_be_enabled()


def test_a_press_that_no_one_hears_says_why(
    newcomer: Open, proxy: Proxy, program_in: MakeProgram
) -> None:
    cast = gather(newcomer, proxy)
    program = program_in(cast)
    program.says("Deploy?", ROWS)
    cast.at(cast.group, cast.ada)
    cast.ada.call("PATCH", f"/bots/{program.id}", {"disabled": True})
    page = cast.ada.page
    page.get_by_role("button", name="Deploy now").click()
    expect(page.get_by_text("This bot is disabled").first).to_be_visible()
    expect(page.get_by_role("button", name="Deploy now", exact=True)).to_be_enabled()


def test_labels_are_text_whatever_they_say(
    newcomer: Open, proxy: Proxy, program_in: MakeProgram
) -> None:
    cast = gather(newcomer, proxy)
    program = program_in(cast)
    tricky = "<img src=x onerror=alert(1)>"
    program.says("Odd ones", [[{"id": "a", "label": tricky}, {"id": "b", "label": "אישור עכשיו"}]])
    cast.at(cast.group, cast.ada)
    buttons = cast.ada.page.get_by_role("group", name="Message buttons")
    expect(buttons.get_by_role("button", name=tricky)).to_be_visible()
    expect(buttons.get_by_role("button", name="אישור עכשיו")).to_be_visible()
    expect(buttons.locator("img")).to_have_count(0)


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_commands_and_buttons_look_well(
    newcomer: Open, proxy: Proxy, program_in: MakeProgram, locale: str
) -> None:
    cast = gather(newcomer, proxy, locale=locale, **CALM)
    program = program_in(cast)
    program.says("Deploy **main** to production? The tests are green.", ROWS)
    labels = ["Yes", "No", "Later today", "Ask somebody who knows it", "?"]
    row = [{"id": f"b{at}", "label": label} for at, label in enumerate(labels)]
    program.says("How shall we go on?", [row])
    page = cast.ada.page
    page.goto(f"/c/{cast.group}")
    expect(page.get_by_role("button", name="Deploy now")).to_be_visible()
    page.get_by_role("button", name="Deploy now").click()
    program.answers(program.hears("action"), notice="Started")
    box = page.get_by_role("textbox", name=re.compile("^(Message|Nachricht)$"))
    box.fill("/deploy main")
    box.press("Enter")
    event = program.hears("command")
    more = [[{"id": "log", "label": "Log", "url": "https://ci.example.org/512"}]]
    program.answers(event, text="On **which** server?", only="user", actions=more)
    expect(page.get_by_text("which", exact=True)).to_be_visible()
    box.fill("/status now")
    box.press("Enter")
    expect(page.get_by_text(re.compile("not answered yet|noch nicht geantwortet"))).to_be_visible()
    box.fill("/deploy main")
    looks_well_everywhere(page, f"commands and buttons {locale}")


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_the_completion_of_commands_looks_well(
    newcomer: Open, proxy: Proxy, program_in: MakeProgram, locale: str
) -> None:
    cast = gather(newcomer, proxy, locale=locale, **CALM)
    program_in(cast)
    program_in(cast, "A bot with a name that is long")
    page = cast.ada.page
    page.goto(f"/c/{cast.group}")
    page.get_by_role("textbox", name=re.compile("^(Message|Nachricht)$")).press_sequentially("/")
    expect(page.get_by_role("option")).to_have_count(4)
    looks_well_everywhere(page, f"completion of commands {locale}")
