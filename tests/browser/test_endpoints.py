"""An endpoint of a bot: added, its secret shown once, tested, what was delivered, and sent again."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from standardwebhooks.webhooks import Webhook

from tests.browser.cast import Cast, gather
from tests.browser.looks import looks_well_everywhere
from tests.browser.people import NARROW, Open
from tests.browser.proxy import Proxy

TEXTS = {
    "en-GB": {
        "tab": "Bots and keys",
        "manage": "Manage {}",
        "address": "Address",
        "add": "Add endpoint",
        "secret": "Endpoint secret",
        "test": "Send a test",
        "delivered": "Delivered · status 204",
        "rotate": "New secret",
    },
    "de-DE": {
        "tab": "Bots und Schlüssel",
        "manage": "{} verwalten",
        "address": "Adresse",
        "add": "Endpunkt hinzufügen",
        "secret": "Geheimnis des Endpunkts",
        "test": "Test senden",
        "delivered": "Zugestellt · Status 204",
        "rotate": "Neues Geheimnis",
    },
}


class Program(ThreadingHTTPServer):
    """A program that receives events, and answers with a status."""

    status = 204

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.received: list[tuple[dict[str, str], bytes]] = []

    @property
    def place(self) -> str:
        """Its address as the screen calls it."""
        return f"127.0.0.1:{self.server_address[1]}/events"


class Handler(BaseHTTPRequestHandler):
    """Takes one event."""

    server: Program

    def do_POST(self) -> None:
        """Note it and answer."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((dict(self.headers.items()), body))
        self.send_response(self.server.status)
        self.end_headers()
        if self.server.status != 204:
            self.wfile.write(b"The disk is full.")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - theirs
        """Say nothing."""


@pytest.fixture
def program() -> Iterator[Program]:
    """A program on this machine."""
    program = Program()
    thread = threading.Thread(target=program.serve_forever)
    thread.start()
    yield program
    program.shutdown()
    thread.join()
    program.server_close()


def bot_in_group(cast: Cast) -> str:
    """Make a bot of Ada's that sees all of the group; return its id."""
    bot: str = cast.ada.call("POST", "/bots", {"name": "Echo"})["bot"]["id"]
    cast.ada.call("POST", f"/conversations/{cast.group}/members", {"user": bot})
    cast.ada.call("PUT", f"/conversations/{cast.group}/bots/{bot}", {"sees": "all"})
    return bot


def open_bot(page: Page, cast: Cast, words: dict[str, str]) -> None:
    """Go to the page of the bot."""
    page.goto(f"/c/{cast.group}#settings")
    page.get_by_role("tab", name=words["tab"]).click()
    page.get_by_role("button", name=words["manage"].format("Echo")).click()


def add(page: Page, program: Program, words: dict[str, str]) -> str:
    """Add an endpoint by the page of its bot; return its secret."""
    page.get_by_label(words["address"]).fill(f"http://{program.place}")
    page.get_by_role("button", name=words["add"]).click()
    return page.get_by_role("textbox", name=words["secret"]).input_value()


def test_an_endpoint_is_added_tested_and_what_failed_is_delivered_again(
    newcomer: Open, proxy: Proxy, program: Program
) -> None:
    cast, words = gather(newcomer, proxy), TEXTS["en-GB"]
    bot_in_group(cast)
    page = cast.ada.page
    open_bot(page, cast, words)
    page.get_by_role("button", name=words["add"]).click()
    expect(page.get_by_role("alert")).to_have_text("Enter the https:// address of your program.")
    page.get_by_label("Address").fill("ftp://127.0.0.1/")
    page.get_by_role("button", name=words["add"]).click()
    expect(page.get_by_role("alert")).to_contain_text("must be an https:// address")
    secret = add(page, program, words)
    assert secret.startswith("whsec_")
    page.get_by_role("button", name=f"Manage {program.place}").click()
    dialog = page.get_by_role("dialog", name=program.place)
    expect(dialog.get_by_text("Nothing has been sent yet.")).to_be_visible()
    dialog.get_by_role("button", name="Send a test").click()
    expect(dialog.get_by_text("Delivered · status 204")).to_be_visible()
    headers, body = program.received[0]
    assert Webhook(secret).verify(body, headers)["type"] == "test"
    program.status = 500
    cast.post(cast.ben, cast.group, "Is it out of order?")
    dialog.get_by_role("button", name="Refresh").click()
    failed = dialog.get_by_role("listitem").filter(has_text="New message")
    expect(failed).to_contain_text("The disk is full.")
    program.status = 204
    failed.get_by_role("button", name="Deliver again").click()
    expect(failed).to_contain_text("Delivered")
    assert len({headers["webhook-id"] for headers, _ in program.received}) == 2
    assert json.loads(program.received[-1][1])["data"]["message"]["body"] == "Is it out of order?"
    dialog.get_by_role("switch", name="Enabled").uncheck()
    expect(dialog.get_by_role("status").first).to_have_text("Disabled")
    expect(dialog.get_by_role("button", name="Send a test")).to_be_disabled()
    dialog.get_by_role("switch", name="Enabled").check()
    dialog.get_by_role("button", name="New secret").click()
    expect(dialog.get_by_role("textbox", name=words["secret"])).not_to_have_value(secret)
    expect(dialog.get_by_text("events are also signed with the old secret")).to_be_visible()
    dialog.get_by_role("button", name="Delete endpoint").click()
    asked = page.get_by_role("dialog", name=f"Delete {program.place}?")
    asked.get_by_role("button", name="Delete endpoint").click()
    expect(page.get_by_role("button", name=f"Manage {program.place}")).to_have_count(0)


def test_only_what_was_chosen_is_sent(newcomer: Open, proxy: Proxy, program: Program) -> None:
    cast, words = gather(newcomer, proxy), TEXTS["en-GB"]
    bot = bot_in_group(cast)
    group = {"kind": "group", "title": "Bees", "members": []}
    other = cast.ada.call("POST", "/conversations", group)["conversation"]["id"]
    cast.ada.call("POST", f"/conversations/{other}/members", {"user": bot})
    page = cast.ada.page
    open_bot(page, cast, words)
    page.get_by_role("switch", name="New messages").uncheck()
    page.get_by_role("switch", name="Commands and button presses").uncheck()
    page.get_by_label("Address").fill(f"http://{program.place}")
    page.get_by_role("button", name=words["add"]).click()
    expect(page.get_by_role("alert")).to_have_text("Choose at least one kind of event.")
    page.get_by_role("switch", name="Members who join and leave").check()
    page.get_by_text("Only from these groups").click()
    page.get_by_role("checkbox", name="Bees").check()
    add(page, program, words)
    (made,) = cast.ada.call("GET", f"/bots/{bot}/endpoints")["endpoints"]
    assert made["types"] == ["member.joined", "member.left"]
    assert made["conversations"] == [other]
    page.get_by_role("button", name=f"Manage {program.place}").click()
    dialog = page.get_by_role("dialog", name=program.place)
    dialog.get_by_role("switch", name="Reactions").check()
    dialog.get_by_role("checkbox", name="Bees").uncheck()
    expect(dialog.get_by_role("checkbox", name="Bees")).not_to_be_checked()
    page.reload()
    page.get_by_role("tab", name=words["tab"]).click()
    (made,) = cast.ada.call("GET", f"/bots/{bot}/endpoints")["endpoints"]
    assert "reaction.added" in made["types"]
    assert made["conversations"] == []


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_endpoints_look_well(newcomer: Open, proxy: Proxy, program: Program, locale: str) -> None:
    cast, words = gather(newcomer, proxy, locale=locale), TEXTS[locale]
    bot_in_group(cast)
    page = cast.ada.page
    open_bot(page, cast, words)
    add(page, program, words)
    page.get_by_role("textbox", name=words["secret"]).scroll_into_view_if_needed()
    looks_well_everywhere(page, f"endpoints {locale}")
    page.get_by_role("button", name=words["manage"].format(program.place)).click()
    dialog = page.get_by_role("dialog", name=program.place)
    dialog.get_by_role("button", name=words["test"]).click()
    expect(dialog.get_by_text(words["delivered"])).to_be_visible()
    program.status = 503
    cast.post(cast.ben, cast.group, "Hello")
    expect(dialog.get_by_role("status").first).to_be_visible()
    looks_well_everywhere(page, f"endpoint {locale}")
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    dialog.get_by_role("button", name=words["rotate"]).click()
    expect(dialog.get_by_role("textbox", name=words["secret"])).to_be_visible()
    dialog.get_by_role("button", name=words["test"]).scroll_into_view_if_needed()
    looks_well_everywhere(page, f"deliveries {locale}")
