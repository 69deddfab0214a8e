"""Storage in Administration: who stores how much, and a limit for one person, by keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.cast import in_touch
from tests.browser.people import NARROW, WIDE, Open, Someone
from tests.browser.test_accessibility import CALM, Eye
from tests.browser.test_administration_room import page_of
from tests.served import Served

KIB = 1024


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Served]:
    """A product in which a person may store 2 MiB."""
    served = Served(tmp_path / "data", ECHOSPHERE_STORAGE_PER_PERSON_MIB="2")
    served.start()
    yield served
    served.stop()


def send_file(person: Someone, conversation: str, size: int) -> None:
    file = person.upload("/attachments", "plan.bin", bytes(size))["attachment"]["id"]
    body = {"key": f"file-{size}", "body": "", "attachments": [file]}
    person.call("POST", f"/conversations/{conversation}/messages", body)


@pytest.mark.parametrize(
    ("viewport", "scheme"),
    [(WIDE, "light"), (NARROW, "dark"), (NARROW, "light"), (WIDE, "dark")],
    ids=["wide", "narrow", "narrow-light", "wide-dark"],
)
def test_an_owner_finds_who_stores_much_and_gives_them_another_limit(
    newcomer: Open, own_server: Served, viewport: dict[str, int], scheme: str
) -> None:
    given = {"base_url": own_server.address, "viewport": viewport, "color_scheme": scheme, **CALM}
    ada, ben = newcomer("Ada", **given), newcomer("Ben", **given)
    ada.join()
    ben.join()
    conversation = in_touch(ada, ben)
    send_file(ben, conversation, 1900 * KIB)
    send_file(ada, conversation, 200 * KIB)
    page, eye = ada.page, Eye(ada.page)
    page.goto("/admin/people")
    room = page_of(page, "Storage")
    people = room.get_by_role("list", name="Storage by person").get_by_role("listitem")
    expect(people).to_have_count(2)
    expect(people.first).to_contain_text("1.9 MB of 2 MB · 1 file")
    expect(room.get_by_text("Free on the disk")).to_be_visible()
    expect(room.get_by_role("row").filter(has_text="Direct")).to_contain_text("2.1 MB")
    ada.no_sideways_scrolling()
    eye.look("storage", ".room")

    room.get_by_role("combobox", name="Order").select_option("By name")
    expect(people.first).to_contain_text("Ada")
    find = room.get_by_role("searchbox", name="Find by name or e-mail address")
    find.fill("nobody like this")
    expect(room.get_by_text("No one found")).to_be_visible()
    find.fill("ben")
    expect(people).to_have_count(1)
    people.first.get_by_role("button").press("Enter")
    dialog = page.get_by_role("dialog", name="Storage of Ben")
    everybody = dialog.get_by_role("radio", name="Default: 2 MB")
    expect(everybody).to_be_checked()
    everybody.press("ArrowDown")
    expect(dialog.get_by_role("radio", name="No limit")).to_be_checked()
    page.keyboard.press("ArrowDown")
    size = dialog.get_by_role("textbox", name="Size")
    size.fill("lots")
    size.press("Enter")
    expect(dialog.get_by_role("alert")).to_have_text("Enter a size, such as 500 MB or 2.5 GB.")
    expect(size).to_be_focused()
    eye.look("limit of a person", "dialog[open]")
    size.fill("2.5")
    dialog.get_by_role("combobox", name="Unit").select_option("GB")
    size.press("Enter")
    expect(dialog).to_have_count(0)
    expect(people.first).to_contain_text("Custom limit")
    expect(people.first).to_contain_text("1.9 MB of 2.5 GB")
    find.fill("")
    room.get_by_role("checkbox", name="Only people with a custom limit").press("Space")
    expect(people).to_have_count(1)

    ben.page.goto("/#storage")
    own = ben.page.get_by_role("dialog")
    expect(own.get_by_text("Your files use 1.9 MB of 2.5 GB.")).to_be_visible()
    expect(own.get_by_text("An administrator set this limit for you")).to_be_visible()
    people.first.get_by_role("button").click()
    page.get_by_role("radio", name="Default: 2 MB").check()
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(room.get_by_text("No one found")).to_be_visible()
    log = page_of(page, "Audit log").get_by_role("list", name="Audit log").get_by_role("listitem")
    expect(log.first).to_contain_text("changed the storage limit of Ben")
    expect(log.first).to_contain_text("2.5 GB → default")
    expect(log.nth(1)).to_contain_text("default → 2.5 GB")
    eye.saw_nothing()
