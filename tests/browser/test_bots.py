"""From the settings to a bot in a group: it is made, its key shown once, added, and marked."""

import httpx
import pytest
from playwright.sync_api import Route, expect

from tests.browser.acts import arrives, details
from tests.browser.cast import gather
from tests.browser.looks import looks_well_everywhere
from tests.browser.people import Open
from tests.browser.proxy import Proxy
from tests.product.people import new_key

TITLE = {"en-GB": "Bots and keys", "de-DE": "Bots und Schlüssel"}
NAME = {"en-GB": "Bot name", "de-DE": "Name des Bots"}
CREATE = {"en-GB": "Create bot", "de-DE": "Bot anlegen"}
KEY = {"en-GB": "Bot key", "de-DE": "Schlüssel des Bots"}
MANAGE = {"en-GB": "Manage Echo", "de-DE": "Echo verwalten"}


def test_a_bot_is_made_added_and_seen_to_be_one(newcomer: Open, proxy: Proxy) -> None:
    cast = gather(newcomer, proxy)
    page = cast.ada.page
    page.goto(f"/c/{cast.group}#settings")
    page.get_by_role("tab", name="Bots and keys").click()
    page.get_by_role("button", name="Create bot").click()
    expect(page.get_by_role("alert")).to_have_text(
        "Give the bot a name. It appears on its messages."
    )
    page.get_by_label("Bot name").fill("Echo")
    page.get_by_role("button", name="Create bot").click()
    key = page.get_by_role("textbox", name="Bot key").input_value()
    assert key.startswith("esb_")
    cast.at(cast.group, cast.ada, cast.ben)
    details(cast.ada).get_by_role("button", name="Apps").click()
    dialog = page.get_by_role("dialog", name="Apps")
    dialog.get_by_role("button", name="Add Echo").click()
    sees_all = dialog.get_by_role("switch", name="Echo sees all messages")
    expect(sees_all).not_to_be_checked()
    sees_all.check()
    said = cast.ben.page.get_by_role("log")
    expect(said.get_by_text("Ada lets Echo see all messages")).to_be_visible()
    base = page.url.split("/c/")[0]
    answer = httpx.post(
        f"{base}/api/v1/conversations/{cast.group}/messages",
        headers={"Authorization": f"Bearer {key}"},
        json={"key": new_key(), "body": "Hello from a program"},
    )
    assert answer.status_code == 201, answer.text
    message = said.get_by_role("article", name="Echo (Bot)")
    expect(message).to_contain_text("Hello from a program")
    expect(message.get_by_text("Bot", exact=True)).to_be_visible()
    dialog.get_by_role("button", name="Remove Echo").click()
    expect(dialog.get_by_role("button", name="Add Echo")).to_be_visible()


def test_the_settings_of_a_bot_list_its_commands(newcomer: Open, proxy: Proxy) -> None:
    cast = gather(newcomer, proxy)
    page = cast.ada.page
    bot = cast.ada.call("POST", "/bots", {"name": "Echo"})["bot"]["id"]
    page.goto(f"/c/{cast.group}#settings")
    page.get_by_role("tab", name="Bots and keys").click()
    page.get_by_role("button", name="Manage Echo").click()
    dialog = page.get_by_role("dialog", name="Echo")
    section = dialog.locator("section").filter(has=page.get_by_role("heading", name="Its commands"))
    expect(section).to_contain_text("Its program defines them.")
    expect(section.get_by_role("term")).to_have_count(0)
    long = {"name": "x" * 32, "about": "word" * 50, "usage": "<" + "y" * 98 + ">"}
    deploy = {"name": "deploy", "about": "Deploys a branch", "usage": "<branch>"}
    cast.ada.call("PUT", f"/bots/{bot}/commands", {"commands": [deploy, long]})
    page.reload()
    page.get_by_role("tab", name="Bots and keys").click()
    page.get_by_role("button", name="Manage Echo").click()
    expect(section.get_by_role("term").first).to_have_text("/deploy <branch>")
    expect(section.get_by_role("definition").first).to_have_text("Deploys a branch")
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        section.scroll_into_view_if_needed()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert dialog.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")


def test_a_command_goes_to_the_group_in_which_it_was_typed(newcomer: Open, proxy: Proxy) -> None:
    cast = gather(newcomer, proxy)
    page = cast.ada.page
    made = cast.ada.call("POST", "/bots", {"name": "Echo"})["bot"]["id"]
    wish = {"kind": "group", "title": "Lighthouse", "members": []}
    other = cast.ada.call("POST", "/conversations", wish)["conversation"]["id"]
    for group in (cast.group, other):
        cast.ada.call("POST", f"/conversations/{group}/members", {"user": made})
    declared = {"commands": [{"name": "deploy", "about": "Deploys a branch"}]}
    cast.ada.call("PUT", f"/bots/{made}/commands", declared)
    cast.at(cast.group, cast.ada)
    field = page.get_by_role("textbox", name="Message")
    field.fill("/deploy main")
    # Otherwise a page that is left at once keeps it only then.
    cast.ada.keeps("drafts", "rows.some(({ text }) => text === '/deploy main')")
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "GET":
            held.append(route)
        else:
            route.continue_()

    page.route(f"**/conversations/{cast.group}/commands", hold)
    with page.expect_request(lambda one: one.url.endswith("/commands") and one.method == "GET"):
        field.press("Enter")
    page.get_by_role("link", name="Lighthouse").click()
    arrives(page, f"/c/{other}")
    with page.expect_request(
        lambda one: one.url.endswith("/commands") and one.method == "POST"
    ) as sent:
        for one in held:
            one.continue_()
    assert f"/conversations/{cast.group}/" in sent.value.url
    cast.ada.keeps("drafts", "rows.every(({ text }) => text !== '/deploy main')")
    cast.at(cast.group, cast.ada)
    expect(page.get_by_role("textbox", name="Message")).to_have_value("")


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_bots_look_well(newcomer: Open, proxy: Proxy, locale: str) -> None:
    cast = gather(newcomer, proxy, locale=locale)
    page = cast.ada.page
    page.goto(f"/c/{cast.group}#settings")
    page.get_by_role("tab", name=TITLE[locale]).click()
    page.get_by_label(NAME[locale]).fill("Echo")
    page.get_by_role("button", name=CREATE[locale]).click()
    expect(page.get_by_role("textbox", name=KEY[locale])).to_be_visible()
    looks_well_everywhere(page, f"bots {locale}")
    page.get_by_role("button", name=MANAGE[locale]).click()
    looks_well_everywhere(page, f"bot {locale}")
