"""From a group's page to the first message of a program: one copied line; and what shows that it is one."""

import shlex
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.acts import details
from tests.browser.cast import gather
from tests.browser.looks import looks_well_everywhere
from tests.browser.people import NARROW, WIDE, Open
from tests.browser.proxy import Proxy
from tests.browser.test_accessibility import CALM
from tests.browser.test_groups import cut, shows_picture

APPS = {"en-GB": "Apps", "de-DE": "Apps"}
CREATE = {"en-GB": "Create webhook", "de-DE": "Webhook anlegen"}
LINE = {"en-GB": "Terminal command", "de-DE": "Zeile für ein Terminal"}
DETAILS = {"en-GB": "Details", "de-DE": "Einzelheiten"}


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_one_copied_line_posts_the_first_message(
    newcomer: Open, proxy: Proxy, viewport: dict[str, int]
) -> None:
    cast = gather(newcomer, proxy, viewport=viewport)
    cast.at(cast.group, cast.ada, cast.ben)
    expect(details(cast.ben).get_by_role("button", name="Apps")).to_have_count(0)
    details(cast.ada).get_by_role("button", name="Apps").click()
    dialog = cast.ada.page.get_by_role("dialog", name="Apps")
    dialog.get_by_role("button", name="Create webhook").click()
    expect(dialog.get_by_role("alert")).to_have_text(
        "Give the webhook a name. It appears on its messages."
    )
    dialog.get_by_label("Program name").fill("Build")
    dialog.get_by_role("button", name="Create webhook").click()
    line = dialog.get_by_role("textbox", name="Terminal command").input_value()
    expect(dialog.get_by_text("never used")).to_be_visible()
    done = subprocess.run([*shlex.split(line), "--silent"], check=True, capture_output=True)
    assert b'"ok":true' in done.stdout, done.stdout
    cast.ben.page.keyboard.press("Escape")
    said = cast.ben.page.get_by_role("log").get_by_role("article", name="Build (Webhook)")
    expect(said).to_contain_text("Hello")
    expect(said.get_by_text("Webhook", exact=True)).to_be_visible()
    expect(said.get_by_role("button", name="Build")).to_be_disabled()
    expect(cast.ben.page.get_by_text("Ada added the webhook Build")).to_be_visible()
    expect(dialog.get_by_text("never used")).to_have_count(0)
    # The address was shown once: it is not there any more.
    dialog.get_by_role("button", name="Close").click()
    details(cast.ada).get_by_role("button", name="Apps").click()
    expect(dialog.get_by_text("Build", exact=True)).to_be_visible()
    expect(dialog.get_by_role("textbox", name="Terminal command")).to_have_count(0)
    dialog.get_by_role("button", name="Revoke Build").click()
    asked = cast.ada.page.get_by_role("dialog", name="Revoke Build?")
    asked.get_by_role("button", name="Revoke", exact=True).click()
    expect(dialog.get_by_role("button", name="Revoke Build")).to_have_count(0)
    refused = subprocess.run([*shlex.split(line), "--silent"], check=True, capture_output=True)
    assert b"gone" in refused.stdout


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_picture_of_a_webhook_stands_beside_its_messages(
    newcomer: Open, proxy: Proxy, image: Path, viewport: dict[str, int]
) -> None:
    cast = gather(newcomer, proxy, viewport=viewport)
    made = cast.ada.call("POST", f"/conversations/{cast.group}/webhooks", {"name": "Build"})
    cast.at(cast.group, cast.ada, cast.ben)
    address = made["webhook"]["url"].rpartition("/")[2]
    base = cast.ada.page.url.split("/c/")[0]
    command = ["curl", "--silent", "-d", "text=Hello", f"{base}/hooks/{address}"]
    subprocess.run(command, check=True, capture_output=True)
    said = cast.ben.page.get_by_role("log").get_by_role("article", name="Build (Webhook)")
    expect(said).to_contain_text("Hello")
    details(cast.ada).get_by_role("button", name="Apps").click()
    page = cast.ada.page
    page.get_by_role("button", name="Picture of Build").click()
    dialog = page.get_by_role("dialog", name="Picture of Build")
    cut(cast.ada, dialog, image)
    expect(dialog.get_by_role("button", name="Remove the picture")).to_be_visible()
    beside = said.locator("..")
    shows_picture(beside)
    dialog.get_by_role("button", name="Remove the picture").click()
    expect(dialog.get_by_role("button", name="Remove the picture")).to_have_count(0)
    expect(beside.locator("img")).to_have_count(0)


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_apps_and_marks_look_well(newcomer: Open, proxy: Proxy, locale: str) -> None:
    cast = gather(newcomer, proxy, locale=locale, **CALM)
    path = f"/conversations/{cast.group}/webhooks"
    for name in ("Build", "Donaudampfschifffahrtsgesellschaft " * 2):
        cast.ada.call("POST", path, {"name": name})
    page = cast.ada.page
    page.goto(f"/c/{cast.group}")
    page.get_by_role("button", name=DETAILS[locale], exact=True).click()
    page.get_by_role("button", name=APPS[locale], exact=True).click()
    dialog = page.get_by_role("dialog", name=APPS[locale])
    dialog.get_by_role("textbox").fill("Grafana")
    dialog.get_by_role("button", name=CREATE[locale]).click()
    line = dialog.get_by_role("textbox", name=LINE[locale])
    address = line.input_value().rpartition(" ")[2]
    text = "text=**3 alerts** are firing"
    subprocess.run(["curl", "--silent", "-d", text, address], check=True, capture_output=True)
    looks_well_everywhere(page, f"apps {locale}")
    page.keyboard.press("Escape")
    expect(page.get_by_role("log").get_by_text("3 alerts")).to_be_visible()
    page.get_by_role("button", name=DETAILS[locale], exact=True).click()
    looks_well_everywhere(page, f"a message of a webhook {locale}")
