"""axe finds nothing in any panel, pane or dialog of the messenger, light and dark.

`test_quiet.py` compares the list of panels with the components: a dialog that is new fails there
until it has a way in `panels.py`, and with it is looked at here.
"""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.cast import gather
from tests.browser.panels import THEIRS, WAYS, bubble, furnish
from tests.browser.people import WIDE, Open
from tests.browser.proxy import Proxy
from tests.browser.test_accessibility import (
    AXE,
    CALM,
    COLOUR_RULES,
    RULES,
    SETTLED,
    violations,
)
from tests.conftest import missing

OVERLAID = "dialog[open], [popover]:popover-open:not([role=status])"

PHONE = {"width": 360, "height": 740}


def gaps_on_a_phone(page: Page) -> list[str]:
    """Return which dialogs do not fill the width of a phone."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.evaluate(SETTLED)
    boxes = [one.bounding_box() for one in page.locator("dialog[open]").all()]
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return [str(box) for box in boxes if box and (box["x"], box["width"]) != (0, PHONE["width"])]


def test_axe_finds_nothing_in_any_panel(newcomer: Open, proxy: Proxy, image: Path) -> None:
    if not AXE.is_file():
        missing("axe-core in client/node_modules (bin/setup)")
    cast = gather(newcomer, proxy, **CALM)
    furnish(cast, image)
    page = cast.ada.page
    page.add_init_script(path=AXE)
    found: list[str] = []
    for name, (way, _) in WAYS.items():
        page.goto(f"/c/{cast.group}")
        bubble(page, THEIRS).wait_for()
        way(page)
        expect(page.locator("[aria-busy=true]").filter(visible=True)).to_have_count(0)
        # What lies under a dialog was looked at without it.
        part = OVERLAID if page.locator(OVERLAID).count() else None
        for colours, rules in (("light", RULES), ("dark", COLOUR_RULES)):
            page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
            page.evaluate(SETTLED)
            found += [f"{name}, {colours}: {one}" for one in violations(page, rules, part)]
        found += [f"{name}, on a phone: {one}" for one in gaps_on_a_phone(page)]
    assert not found, "\n".join(found)
