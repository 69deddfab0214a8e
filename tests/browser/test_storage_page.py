"""Storage for files: how much is used, by what, and the way there from a rejected file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.acts import bubble
from tests.browser.cast import in_touch, open_at
from tests.browser.looks import looks_well_everywhere
from tests.browser.people import NARROW, WIDE, Open, Someone
from tests.browser.test_accessibility import CALM
from tests.browser.test_keyboard import Hands
from tests.served import Served

KIB = 1024


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Served]:
    """A product in which a person may store 1 MiB."""
    served = Served(tmp_path / "data", ECHOSPHERE_STORAGE_PER_PERSON_MIB="1")
    served.start()
    yield served
    served.stop()


def blob(tmp_path: Path, name: str, size: int) -> Path:
    path = tmp_path / name
    path.write_bytes(bytes(size))
    return path


def shown(person: Someone) -> Locator:
    """Return the page about room for files, as it stands in the settings."""
    dialog = person.page.get_by_role("dialog")
    expect(dialog.get_by_role("meter")).to_be_visible()
    return dialog


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_who_finds_no_room_sees_what_takes_it_and_makes_some(
    newcomer: Open, small: Served, tmp_path: Path, viewport: dict[str, int]
) -> None:
    ada, ben = (newcomer(one, base_url=small.address, viewport=viewport) for one in ("Ada", "Ben"))
    for person in (ada, ben):
        person.join()
    open_at(f"/c/{in_touch(ada, ben)}", ada)
    page = ada.page
    ada.attach(blob(tmp_path, "plan.bin", 900 * KIB))
    ada.say("the plan")
    bubble(ada, "the plan")
    ada.attach(blob(tmp_path, "more.bin", 200 * KIB))
    tray = page.get_by_role("list", name="Files to send")
    expect(tray).to_contain_text("Your files can use up to 1 MiB here.")
    tray.get_by_role("button", name="See what uses space").click()
    dialog = shown(ada)
    expect(dialog.get_by_role("meter")).to_have_attribute("aria-valuenow", "88")
    expect(dialog.get_by_text("Your files use 900 kB of 1 MB.")).to_be_visible()
    ada.no_sideways_scrolling()
    dialog.get_by_role("button", name="Close").click()

    # What is sent while there is no network is refused later, as a message that failed.
    tray.get_by_role("button", name="Remove more.bin").click()
    page.context.set_offline(True)
    ada.attach(tmp_path / "more.bin")
    ada.say("too much")
    page.context.set_offline(False)
    failed = page.get_by_role("group", name="Failed")
    failed.get_by_role("button", name="See what uses space").click()
    shown(ada).get_by_role("button", name="Show in the conversation: plan.bin").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    bubble(ada, "the plan").get_by_text("the plan").click(button="right")
    page.get_by_role("menuitem", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete for everyone").click()
    ada.hears("This message was deleted")
    failed.get_by_role("button", name="Retry").click()
    expect(failed).to_have_count(0)
    bubble(ada, "too much")

    page.goto("/#storage")
    expect(shown(ada).get_by_text("Your files use 200 kB of 1 MB.")).to_be_visible()
    expect(page.get_by_role("list", name="Your largest files")).to_contain_text("more.bin")


def test_the_page_looks_well_and_goes_by_keyboard(newcomer: Open, small: Served) -> None:
    ada = newcomer("Ada", base_url=small.address, **CALM)
    ada.join()
    wish = {"kind": "direct", "user": ada.call("GET", "/me")["user"]["id"]}
    notes = ada.call("POST", "/conversations", wish)["conversation"]["id"]
    plan = ada.upload("/attachments", f"{'plan-' * 20}.bin", bytes(950 * KIB))["attachment"]["id"]
    said = {"key": "the-only-one", "body": "the plan", "attachments": [plan]}
    ada.call("POST", f"/conversations/{notes}/messages", said)
    ada.page.goto("/#storage")
    expect(shown(ada).get_by_text("Your files use 950 kB of 1 MB.")).to_be_visible()
    looks_well_everywhere(ada.page, "storage")
    Hands(ada).choose("button", "Show in the conversation: plan-")
    expect(ada.page.get_by_role("dialog")).to_have_count(0)
    bubble(ada, "the plan")
