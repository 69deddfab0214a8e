"""How much the panes show and how wide the list is: chosen once, kept on the device."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.acts import bubble
from tests.browser.people import Pair, Someone

WORDS = "Shall we meet at seven?"


def choose_density(person: Someone, density: str) -> None:
    """Choose it in the settings, and leave them."""
    page = person.page
    page.evaluate("location.hash = 'settings'")
    settings = page.get_by_role("dialog", name="Settings")
    settings.get_by_role("tab", name="Appearance").click()
    settings.get_by_role("radio", name=density).check(force=True)
    page.keyboard.press("Escape")
    expect(settings).to_be_hidden()


def heights(person: Someone) -> tuple[float, float]:
    """Return how high a conversation in the list is, and a message of one line."""
    boxes = (listed(person.page).bounding_box(), bubble(person, WORDS).bounding_box())
    row, message = (box["height"] for box in boxes if box is not None)
    return row, message


def listed(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Conversations").get_by_role("link").first


def width(page: Page) -> int:
    """Return how wide the list is, as the divider says and as it is drawn."""
    said = int(
        page.get_by_role("separator", name="Width of the list").get_attribute("aria-valuenow")
        or "0"
    )
    drawn = page.evaluate("() => document.querySelector('.side').getBoundingClientRect().width")
    assert said == round(drawn)
    return said


def test_a_compact_device_shows_more_and_stays_compact(pair: Pair) -> None:
    ada, ben = pair()
    ben.say(WORDS)
    expect(bubble(ada, WORDS)).to_be_visible()
    roomy = heights(ada)
    choose_density(ada, "Compact")
    dense = heights(ada)
    assert all(small < large - 4 for small, large in zip(dense, roomy, strict=True))
    ada.page.reload()
    expect(bubble(ada, WORDS)).to_be_visible()
    assert heights(ada) == dense
    assert heights(ben) == roomy
    choose_density(ada, "Comfortable")
    assert heights(ada) == roomy


def test_a_compact_list_can_still_be_touched(pair: Pair) -> None:
    ada, _ = pair(
        alone=True, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page = ada.page
    page.evaluate("localStorage.setItem('echosphere_density', 'compact')")
    page.goto("/")
    box = listed(page).bounding_box()
    assert box is not None
    assert 44 <= box["height"] < 60


def test_the_keys_move_the_divider_and_the_device_keeps_it(pair: Pair) -> None:
    ada, _ = pair(alone=True)
    page = ada.page
    divider = page.get_by_role("separator", name="Width of the list")
    divider.focus()
    usual = width(page)
    page.keyboard.press("ArrowRight")
    assert width(page) == usual + 16
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert width(page) == usual - 16
    page.keyboard.press("Home")
    assert width(page) == int(divider.get_attribute("aria-valuemin") or "0")
    page.keyboard.press("ArrowLeft")
    assert width(page) == int(divider.get_attribute("aria-valuemin") or "0")
    page.keyboard.press("End")
    widest = width(page)
    assert widest == int(divider.get_attribute("aria-valuemax") or "0")
    page.reload()
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    assert width(page) == widest
    divider.dblclick()
    assert width(page) == usual
    page.reload()
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    assert width(page) == usual


BEFORE = """() => {
    const side = document.querySelector('.es-coming .side');
    return side && side.getBoundingClientRect().width;
}"""


def test_the_list_has_its_width_before_the_script_has_come(pair: Pair) -> None:
    ada, _ = pair(alone=True)
    page = ada.page
    page.get_by_role("separator", name="Width of the list").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    kept = width(page)
    conversation = page.url
    page.route("**/*.js", lambda route: route.abort())
    for wide, address, expected in ((1280, conversation, kept), (700, "/", 700), (1280, "/", kept)):
        page.set_viewport_size({"width": wide, "height": 740})
        page.goto(address)
        assert page.evaluate(BEFORE) == expected, (wide, address)
        ada.no_sideways_scrolling()
    page.unroute("**/*.js")
    page.reload()
    page.get_by_role("separator", name="Width of the list").dblclick()
    usual = width(page)
    assert usual != kept
    page.route("**/*.js", lambda route: route.abort())
    page.reload()
    assert page.evaluate(BEFORE) == usual


def test_the_divider_is_drawn_by_the_pointer(pair: Pair) -> None:
    ada, _ = pair(alone=True)
    page = ada.page
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    usual = width(page)
    page.mouse.move(usual + 2, 300)
    page.mouse.down()
    page.mouse.move(usual + 40, 300, steps=4)
    assert width(page) == usual + 38
    page.mouse.move(usual + 102, 310, steps=4)
    page.mouse.up()
    page.mouse.move(usual + 200, 300)
    assert width(page) == usual + 100
    page.reload()
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    assert width(page) == usual + 100


def test_a_narrower_window_takes_from_the_list_first(pair: Pair) -> None:
    ada, _ = pair(alone=True)
    page = ada.page
    page.get_by_role("separator", name="Width of the list").focus()
    page.keyboard.press("End")
    widest = width(page)
    page.set_viewport_size({"width": 800, "height": 720})
    expect(page.get_by_role("separator")).to_have_attribute("aria-valuenow", "416")
    assert width(page) == 416
    page.set_viewport_size({"width": 1280, "height": 720})
    expect(page.get_by_role("separator")).to_have_attribute("aria-valuenow", str(widest))


@pytest.mark.parametrize("width_of_page", [360, 767])
def test_one_pane_has_no_divider(pair: Pair, width_of_page: int) -> None:
    ada, _ = pair(alone=True)
    page = ada.page
    expect(page.get_by_role("separator")).to_be_visible()
    page.set_viewport_size({"width": width_of_page, "height": 740})
    expect(page.get_by_role("separator")).to_be_hidden()
