"""What the page says of actions: in front of everything, beside what one writes in, and true."""

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.acts import choose, overlap
from tests.browser.cast import Cast
from tests.browser.people import Pair

WIDTHS = (360, 768, 1280)
IN_FRONT = """(toast) => {
    const { left, top, width, height } = toast.getBoundingClientRect();
    return toast.contains(document.elementFromPoint(left + width / 2, top + height / 2));
}"""
STATES = """all => all.map((one) => [one.type, one.checked])"""
PAGES = ("Notifications", "Privacy", "Appearance")


def settings(page: Page, tab: str) -> Locator:
    """Open a page of the settings: by its tab, or from the list that a phone shows."""
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    dialog = page.get_by_role("dialog", name="Settings")
    dialog.get_by_role("tab", name=tab).or_(dialog.get_by_role("button", name=tab)).click()
    return page.get_by_role("dialog", name=re.compile(f"Settings|{tab}"))


def fails(route: Route) -> None:
    """Let reading through, and no change."""
    if route.request.method in {"GET", "HEAD"}:
        route.fallback()
    else:
        route.fulfill(status=503, json={"code": "unavailable", "detail": "Not now."})


def test_a_notice_covers_no_composer_and_offers_to_undo(cast: Cast) -> None:
    cast.post(cast.ben, cast.group, "Bring warm clothes")
    cast.at(cast.group, cast.ada, cast.ben)
    choose(cast.ben, "Bring warm clothes", "Pin")
    page = cast.ada.page
    bar = page.get_by_role("group", name="Pinned message")
    composer = page.locator(".composer")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        page.get_by_role("textbox", name="Message").fill("many\n" * 6)
        bar.get_by_role("button", name="Hide pinned messages for me").click()
        expect(bar).to_have_count(0)
        toast = page.locator(".toast").filter(has_text="Hidden for you")
        expect(toast).to_be_visible()
        page.wait_for_timeout(300)  # it flies in
        assert not overlap(toast, composer), width
        toast.get_by_role("button", name="Undo").click()
        expect(bar).to_be_visible()
        expect(toast).to_have_count(0)


def test_the_pinned_bar_is_put_away_for_oneself_and_unpinning_is_undone(cast: Cast) -> None:
    cast.post(cast.ben, cast.group, "Bring warm clothes")
    cast.post(cast.ben, cast.group, "The ferry leaves at six")
    cast.at(cast.group, cast.ada, cast.ben)
    bars = {
        person.name: person.page.get_by_role("group", name="Pinned message")
        for person in (cast.ada, cast.ben)
    }
    choose(cast.ben, "Bring warm clothes", "Pin")
    bars["Ada"].get_by_role("button", name="Hide pinned messages for me").click()
    expect(bars["Ada"]).to_have_count(0)
    expect(bars["Ben"]).to_contain_text("Bring warm clothes")
    cast.ada.keeps("known", "rows.some((row) => row instanceof Map && row.size === 1)")
    cast.ada.page.reload()
    expect(cast.ada.page.get_by_role("log").get_by_text("Bring warm clothes")).to_be_visible()
    expect(bars["Ada"]).to_have_count(0)
    choose(cast.ben, "The ferry leaves at six", "Pin")
    expect(bars["Ada"]).to_contain_text("The ferry leaves at six")
    choose(cast.ben, "The ferry leaves at six", "Unpin")
    expect(bars["Ben"]).to_contain_text("Bring warm clothes")
    cast.ben.page.get_by_role("button", name="Undo").click()
    for bar in bars.values():
        expect(bar).to_contain_text("The ferry leaves at six")


def test_a_notice_is_in_front_of_a_dialog_and_can_be_pressed_there(pair: Pair) -> None:
    ada, _ = pair(alone=True)
    ada.page.route("**/api/v1/me", fails)
    for width in WIDTHS:
        ada.page.set_viewport_size({"width": width, "height": 740})
        ada.page.goto("/")
        dialog = settings(ada.page, "Privacy")
        dialog.get_by_role("switch", name="Read receipts").click()
        toast = ada.page.locator(".toast")
        expect(toast).to_have_count(1)
        ada.page.wait_for_timeout(300)  # it flies in
        assert toast.evaluate(IN_FRONT), width
        toast.get_by_role("button", name="Dismiss this notice").click()
        expect(toast).to_have_count(0)


@pytest.mark.parametrize("tab", PAGES)
def test_a_setting_that_could_not_be_changed_shows_what_holds(pair: Pair, tab: str) -> None:
    ada, _ = pair(alone=True, permissions=["notifications"])
    dialog = settings(ada.page, tab)
    controls = dialog.get_by_role("tabpanel").locator("input[type=checkbox], input[type=radio]")
    expect(controls.first).to_be_attached()
    ada.page.route("**/api/v1/**", fails)
    before = controls.evaluate_all(STATES)
    for at in range(controls.count()):
        control = controls.nth(at)
        kind, chosen = before[at]
        # Colours and language are the browser's own; the radio that is chosen stays chosen.
        if kind == "radio" and (chosen or tab == "Appearance"):
            continue
        control.evaluate("control => control.click()")
        expect(ada.page.locator(".toast").first).to_be_visible()
        assert controls.evaluate_all(STATES) == before, (tab, at)
        for toast in ada.page.get_by_role("button", name="Dismiss this notice").all():
            toast.click()
        expect(ada.page.locator(".toast")).to_have_count(0)


def test_notifications_that_could_not_be_switched_on_are_off(pair: Pair) -> None:
    ada, _ = pair(alone=True, permissions=["notifications"], service_workers="allow")
    # As where the push service of the browser's maker cannot be reached.
    ada.page.evaluate(
        """() => {
            PushManager.prototype.subscribe = () =>
                Promise.reject(new DOMException('push service error', 'AbortError'));
        }"""
    )
    dialog = settings(ada.page, "Notifications")
    switch = dialog.get_by_role("switch", name="Notifications on this device")
    expect(switch).not_to_be_checked()
    switch.click()
    expect(ada.page.locator(".toast")).to_contain_text("push service")
    expect(switch).not_to_be_checked()
