"""The page of API keys: one is made and shown once, works, and is revoked."""

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.cast import gather
from tests.browser.looks import looks_well_everywhere
from tests.browser.people import NARROW, WIDE, Open
from tests.browser.proxy import Proxy
from tests.browser.test_accessibility import CALM

TITLE = {"en-GB": "Bots and keys", "de-DE": "Bots und Schlüssel"}
CREATE = {"en-GB": "Create key", "de-DE": "Schlüssel anlegen"}
MADE = {"en-GB": "New API key", "de-DE": "Neuer API-Schlüssel"}
NAME = {"en-GB": "Key name", "de-DE": "Name des Schlüssels"}


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_key_is_made_works_and_is_revoked(
    newcomer: Open, proxy: Proxy, viewport: dict[str, int]
) -> None:
    cast = gather(newcomer, proxy, viewport=viewport)
    page = cast.ada.page
    page.goto(f"/c/{cast.group}#settings")
    dialog = page.get_by_role("dialog")
    tab, listed = (dialog.get_by_role(role, name="Bots and keys") for role in ("tab", "button"))
    tab.or_(listed).click()
    create = dialog.get_by_role("button", name="Create key")
    create.click()
    expect(dialog.get_by_role("alert")).to_contain_text("Give the key a name")
    dialog.get_by_label("Key name").fill("Backup script")
    create.click()
    secret = dialog.get_by_role("textbox", name="New API key").input_value()
    assert secret.startswith("esb_")
    expect(dialog.get_by_text("never used")).to_be_visible()
    base = page.url.partition("/c/")[0]
    headers = {"Authorization": f"Bearer {secret}"}
    path = f"{base}/api/v1/conversations/{cast.group}/messages"
    sent = {"key": "backup-2030-01-01", "body": "The backup is done."}
    assert httpx.post(path, headers=headers, json=sent).status_code == 201
    assert httpx.get(path, headers=headers).status_code == 403
    dialog.get_by_role("button", name="Revoke Backup script").click()
    asked = page.get_by_role("dialog", name="Revoke Backup script?")
    asked.get_by_role("button", name="Revoke", exact=True).click()
    expect(dialog.get_by_role("button", name="Revoke Backup script")).to_have_count(0)
    assert httpx.post(path, headers=headers, json=sent).status_code == 401


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_the_page_looks_well(newcomer: Open, proxy: Proxy, locale: str) -> None:
    cast = gather(newcomer, proxy, locale=locale, **CALM)
    key = {"name": "Donaudampfschifffahrtsgesellschaft " * 2, "scopes": ["messages:read"]}
    cast.ada.call("POST", "/me/keys", key)
    page = cast.ada.page
    page.goto(f"/c/{cast.group}#settings")
    page.get_by_role("tab", name=TITLE[locale]).click()
    page.get_by_label(NAME[locale]).fill("Backup")
    page.get_by_role("button", name=CREATE[locale]).click()
    expect(page.get_by_role("textbox", name=MADE[locale])).to_be_visible()
    looks_well_everywhere(page, f"api keys {locale}")
    # It was shown at each width, and is gone with the settings.
    expect(page.get_by_role("textbox", name=MADE[locale])).to_be_visible()
