"""What every screen must be: legible at both widths in both colour modes, and usable by keyboard."""

import os
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.people import NARROW, WIDE
from tests.browser.test_accessibility import AXE, COLOUR_RULES, RULES, SETTLED, violations
from tests.conftest import missing

# Names a folder in which whoever changes the screens wants pictures of all that was looked at.
PICTURES = os.environ.get("SCREENS_LOOKED_AT")
TOP = "dialog[open]"

# What Tab has to reach in the topmost dialog, or in the page if there is none: of radio buttons and
# other groups that arrow keys go through, only the one that the browser says.
CONTROLS = """() => {
    const dialogs = [...document.querySelectorAll('dialog[open]')];
    const wanted = 'a[href], button, input, select, textarea, summary';
    return [...(dialogs.at(-1) ?? document).querySelectorAll(wanted)].filter((one) =>
        one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0
        && !one.disabled && one.tabIndex >= 0 && one.type !== 'radio' && !one.closest('[inert]'));
}"""
# A transition to the look of what has the focus is not waited for.
NOTE_FOCUS = """async () => {
    await new Promise(requestAnimationFrame);
    const one = document.activeElement;
    for (const moving of one.getAnimations()) moving.finish();
    const { outlineStyle, boxShadow } = getComputedStyle(one);
    // The composer shows it by its frame, the divider by its line.
    const itself = one.matches('a, button, input, select, summary');
    const seen = outlineStyle !== 'none' || boxShadow !== 'none' || !itself;
    // A date has several stops of its own, and the last of them shows the focus within.
    window.focused ??= new Map();
    window.focused.set(one, seen || window.focused.get(one) === true);
}"""
OUT_OF_REACH = f"""() => {{
    const what = (one) => one.outerHTML.slice(0, 160);
    const {{ focused }} = window;
    const missed = ({CONTROLS})().filter((one) => !focused.has(one));
    const unseen = [...focused.keys()].filter((one) => !focused.get(one));
    delete window.focused;
    return [...missed.map((one) => `Tab misses ${{what(one)}}`),
        ...unseen.map((one) => `focus is not seen on ${{what(one)}}`)];
}}"""
STOPS = f"""() => ({CONTROLS})().reduce((sum, one) =>
    sum + (one.type === 'datetime-local' ? 8 : 1), 0)"""
TOO_WIDE = """() => {
    const parts = [document.documentElement,
        ...document.querySelectorAll('dialog[open], dialog[open] .es-scroll, .room .es-scroll')];
    return parts.some((one) => one.scrollWidth > one.clientWidth + 1);
}"""


def looks_well_everywhere(page: Page, screen: str) -> None:
    """axe finds nothing, nothing is too wide, and Tab leads to everything, at 360 and 1280 px.

    Args:
        page: Shows the screen; it needs `CALM`. It is left wide and light.
        screen: What faults, and pictures, are called.
    """
    faults: list[str] = []
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for colours, rules in (("dark", COLOUR_RULES), ("light", RULES)):
            page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
            where = f"{screen}, {size['width']}, {colours}"
            faults += [f"{where}: {one}" for one in _faults(page, rules)]
            keep_picture(page, f"{screen}-{size['width']}-{colours}")
    faults += [f"{screen}: {one}" for one in out_of_reach(page)]
    assert not faults, "\n".join(faults)


def _faults(page: Page, rules: list[str]) -> list[str]:
    if not AXE.is_file():
        missing("axe-core in client/node_modules (bin/setup)")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    expect(page.locator("[aria-busy=true]").filter(visible=True)).to_have_count(0)
    page.evaluate(SETTLED)
    # What lies under a dialog is looked at without it.
    found = violations(page, rules, TOP if page.locator(TOP).count() else None)
    return [*found, "it scrolls sideways"] if page.evaluate(TOO_WIDE) else found


def out_of_reach(page: Page) -> list[str]:
    """Go through the screen with Tab, and return what was missed or did not show the focus."""
    before = page.evaluate_handle("document.activeElement")
    for _ in range(page.evaluate(STOPS) + 6):
        page.keyboard.press("Tab")
        page.evaluate(NOTE_FOCUS)
    found: list[str] = page.evaluate(OUT_OF_REACH)
    before.evaluate("(one) => one.focus()")
    return found


def keep_picture(page: Page, name: str) -> None:
    if PICTURES is not None:
        file = Path(PICTURES) / f"{name.replace(' ', '-').replace(',', '')}.png"
        page.screenshot(path=file, animations="disabled")
