"""From the settings to a bot in a group: it is made, its key shown once, added, and marked."""

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.acts import details
from tests.browser.cast import gather
from tests.browser.looks import looks_well_everywhere
from tests.browser.people import Open
from tests.browser.proxy import Proxy
from tests.product.people import new_key

TITLE = {"en-GB": "Bots and keys", "de-DE": "Bots und Schlüssel"}
NAME = {"en-GB": "Name of the bot", "de-DE": "Name des Bots"}
CREATE = {"en-GB": "Create a bot", "de-DE": "Bot anlegen"}
KEY = {"en-GB": "Key of the bot", "de-DE": "Schlüssel des Bots"}
MANAGE = {"en-GB": "Manage Echo", "de-DE": "Echo verwalten"}


def test_a_bot_is_made_added_and_seen_to_be_one(newcomer: Open, proxy: Proxy) -> None:
    cast = gather(newcomer, proxy)
    page = cast.ada.page
    page.goto(f"/c/{cast.group}#settings")
    page.get_by_role("tab", name="Bots and keys").click()
    page.get_by_role("button", name="Create a bot").click()
    expect(page.get_by_role("alert")).to_have_text("Give it a name: its messages bear it.")
    page.get_by_label("Name of the bot").fill("Echo")
    page.get_by_role("button", name="Create a bot").click()
    key = page.get_by_role("textbox", name="Key of the bot").input_value()
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
