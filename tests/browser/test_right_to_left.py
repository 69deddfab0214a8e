"""In right-to-left layouts, pictures and emoji are browsed in the direction of the text."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.people import Pair
from tests.browser.sharing import upload

FROM_THE_RIGHT = """new MutationObserver(() => {
    const page = document.documentElement;
    if (page !== null && page.dir !== 'rtl') page.dir = 'rtl';
}).observe(document, { subtree: true, childList: true, attributeFilter: ['dir'] });"""
WIDTHS = (320, 1280)


def beside(page: Page, left: str, right: str) -> None:
    """See that one button stands to the left of another, and both within the page."""
    boxes = [page.get_by_role("button", name=name).bounding_box() for name in (left, right)]
    assert page.viewport_size is not None
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert 0 <= boxes[0]["x"] < boxes[1]["x"]
    assert boxes[1]["x"] + boxes[1]["width"] <= page.viewport_size["width"]


def test_the_next_picture_is_to_the_left_by_button_and_by_key(pair: Pair, image: Path) -> None:
    ada, ben = pair(alone=True, reduced_motion="reduce")
    page, conversation = ada.page, ada.page.url.rsplit("/", 1)[1]
    ids = [upload(ben, f"{name}.jpg", image.read_bytes()) for name in ("one", "two", "three")]
    path = f"/conversations/{conversation}/messages"
    ben.call("POST", path, {"key": "three-pictures", "body": "", "attachments": ids})
    page.add_init_script(FROM_THE_RIGHT)
    page.reload()
    viewer = page.get_by_role("dialog", name="Image viewer")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 720})
        page.get_by_role("button", name="Open image two.jpg").click()
        expect(viewer.get_by_role("img", name="Image two.jpg")).to_be_visible()
        beside(page, "Next image", "Previous image")
        page.keyboard.press("ArrowLeft")
        expect(viewer.get_by_role("img", name="Image three.jpg")).to_be_visible()
        page.keyboard.press("ArrowRight")
        viewer.get_by_role("button", name="Previous image").click()
        expect(viewer.get_by_role("img", name="Image one.jpg")).to_be_visible()
        viewer.get_by_role("button", name="Zoom in").click()
        ada.no_sideways_scrolling()
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Open image two.jpg")).to_be_focused()


def test_the_next_emoji_is_to_the_left_and_the_picker_is_within_the_page(pair: Pair) -> None:
    ada, _ = pair(alone=True, reduced_motion="reduce")
    page = ada.page
    page.add_init_script(FROM_THE_RIGHT)
    page.reload()
    picker = page.get_by_role("dialog", name="Emoji")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 720})
        page.get_by_role("button", name="Emoji", exact=True).click()
        cells = picker.get_by_role("gridcell")
        expect(cells.first).to_be_visible()
        box = picker.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        first = cells.first.get_by_role("button")
        first.focus()
        page.keyboard.press("ArrowLeft")
        expect(cells.nth(1).get_by_role("button")).to_be_focused()
        page.keyboard.press("ArrowRight")
        expect(first).to_be_focused()
        page.keyboard.press("Escape")
        expect(picker).to_have_count(0)
