"""Screens as wholes: before the script has come, on phones and tablets, in the font that is shipped."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.acts import details, listed
from tests.browser.cast import Cast
from tests.browser.people import NARROW, Open, Pair
from tests.served import Served

BUILT = Path(__file__).parents[2] / "src/echosphere/web/static/client"
MOST_FOR_THE_FIRST_VIEW = 60 * 1024
GROUND = """(part) => getComputedStyle(document.querySelector(part)).backgroundColor"""
SHAPES = """(names) => names.map((name) => {
    const { left, top, width, height } = document.querySelector(name).getBoundingClientRect();
    return [left, top, width, height].map(Math.round);
})"""


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_before_the_script_the_panes_stand_where_they_will(
    pair: Pair, width: int, colours: str
) -> None:
    ada, _ = pair(alone=True)
    page = ada.page
    page.set_viewport_size({"width": width, "height": 740})
    page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
    pane = ".middle" if width == 360 else ".side"
    page.reload()
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    later = page.evaluate(SHAPES, [pane]), page.evaluate(GROUND, pane)
    page.route("**/assets/*.js", lambda route: route.abort())
    page.reload()
    expect(page.locator(".es-coming")).to_be_visible()
    assert (page.evaluate(SHAPES, [pane]), page.evaluate(GROUND, pane)) == later
    assert page.locator("[style], style").count() == 0


def test_the_shipped_font_is_fetched_once_and_in_parts(pair: Pair) -> None:
    ada, _ = pair(alone=True)
    fetched: list[str] = []
    ada.page.on("request", lambda request: fetched.append(request.url))
    ada.page.reload()
    expect(ada.page.get_by_role("textbox", name="Message")).to_be_visible()
    ada.page.evaluate("() => document.fonts.ready.then(() => null)")
    fonts = [url.rpartition("/")[2] for url in fetched if url.endswith(".woff2")]
    assert len(fonts) == 1
    assert fonts[0].startswith("inter-latin-wght")
    assert (BUILT / "assets" / fonts[0]).stat().st_size <= MOST_FOR_THE_FIRST_VIEW
    assert "SIL Open Font License" in (BUILT / "licences/inter.txt").read_text("utf-8")


def test_the_pages_around_the_messenger_have_the_font(browser: Browser, served: Served) -> None:
    page = browser.new_page(base_url=served.address)
    page.goto("/login")
    loaded = "() => document.fonts.load('1rem Inter').then((faces) => faces.length)"
    assert page.evaluate(loaded) > 0
    page.close()


def in_column(page: Page) -> tuple[float, float, float]:
    """Return where the list ends, and where the details begin and end."""
    side = page.locator(".panes > .side").bounding_box()
    pane = page.get_by_role("complementary", name="Details").bounding_box()
    assert side is not None
    assert pane is not None
    return side["x"] + side["width"], pane["x"], pane["x"] + pane["width"]


@pytest.mark.parametrize("width", [768, 900, 991])
def test_details_fill_the_column_on_a_tablet(cast: Cast, width: int) -> None:
    cast.at(cast.group, cast.ada)
    page = cast.ada.page
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 740})
    details(cast.ada)
    side, left, right = in_column(page)
    assert (abs(left - side) <= 1, abs(right - width) <= 1) == (True, True)


def test_settings_are_a_list_of_pages_on_a_phone(newcomer: Open) -> None:
    ada = newcomer("Ada", viewport=NARROW, has_touch=True, is_mobile=True)
    ada.join()
    page = ada.page
    page.goto("/")
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    for name in ("Profile", "Notifications", "Privacy", "Appearance", "Account"):
        page.get_by_role("dialog", name="Settings").get_by_role("button", name=name).click()
        inside = page.get_by_role("dialog", name=name)
        expect(inside).to_be_visible()
        expect(inside.get_by_role("tab")).to_have_count(0)
        inside.get_by_role("button", name="Back").click()
        expect(page.get_by_role("dialog", name="Settings")).to_be_visible()
        expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()
    page.get_by_role("button", name="Privacy").click()
    expect(page.get_by_role("dialog", name="Privacy")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("dialog", name="Settings")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_ready_status_is_one_press_and_seen_in_the_list(pair: Pair) -> None:
    ada, ben = pair()
    ada.page.goto("/#settings")
    ready = ada.page.get_by_role("group", name="Suggestions")
    expect(ready.get_by_role("button")).to_have_count(4)
    for words in ("In a meeting", "Focusing", "Out sick", "On holiday"):
        ready.get_by_role("button", name=words).click()
        expect(listed(ben, "Ada").get_by_title(words)).to_be_visible()
        status = json.loads(ada.request("GET", "/api/v1/me").body)["user"]["status"]
        assert status["text"] == words
        assert status["until"] is not None


def test_time_and_menu_of_a_conversation_are_seen_together(cast: Cast) -> None:
    cast.post(cast.ben, cast.group, "Ahoy")
    cast.at(cast.direct, cast.ada)
    row = listed(cast.ada, "Harbour")
    row.hover()
    time = row.locator("time")
    options = cast.ada.page.get_by_role("button", name="Options for the conversation Harbour")
    for part in (time, options):
        expect(part).to_have_css("visibility", "visible")
        expect(part).to_have_css("opacity", "1")
    a, b = time.bounding_box(), options.bounding_box()
    assert a is not None
    assert b is not None
    assert a["y"] + a["height"] <= b["y"] + 1
