"""Touch: a long press opens what the right mouse button opens, and does nothing else."""

from playwright.sync_api import Locator, expect

from tests.browser.acts import listed
from tests.browser.fingers import Finger, rest_on
from tests.browser.people import NARROW, Pair, Someone

TOUCH = {"viewport": NARROW, "has_touch": True, "is_mobile": True}
# As on iOS, where a long press is no event of the browser's.
WITHOUT_CONTEXTMENU = """addEventListener('contextmenu', (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
}, { capture: true });"""


def menu_of(person: Someone) -> Locator:
    return person.page.get_by_role("menu", name="Options for the conversation")


def test_a_long_press_opens_the_menu_of_a_conversation_and_not_the_conversation(
    pair: Pair,
) -> None:
    ada, _ = pair(**TOUCH)
    page = ada.page
    page.add_init_script(WITHOUT_CONTEXTMENU)
    page.goto("/")
    rest_on(ada, listed(ada, "Ben"), expect(menu_of(ada)).to_be_visible)
    expect(menu_of(ada).get_by_role("menuitem").first).to_be_focused()
    ada.no_sideways_scrolling()
    menu_of(ada).get_by_role("menuitem", name="Pin to the top").tap()
    expect(menu_of(ada)).to_be_hidden()
    assert page.evaluate("location.pathname") == "/"
    rest_on(ada, listed(ada, "Ben"), expect(menu_of(ada)).to_be_visible)
    expect(menu_of(ada).get_by_role("menuitem", name="Unpin")).to_be_visible()
    page.get_by_role("tab", name="Contacts").tap()
    expect(menu_of(ada)).to_be_hidden()
    expect(page.get_by_role("tab", name="Contacts", selected=True)).to_be_visible()


def test_a_finger_that_moves_opens_no_menu_and_a_tap_opens_the_conversation(pair: Pair) -> None:
    ada, _ = pair(**TOUCH)
    ada.page.clock.install()
    ada.page.goto("/")
    expect(listed(ada, "Ben")).to_be_visible()
    finger = Finger(ada)
    finger.down(listed(ada, "Ben"))
    finger.move(40)
    ada.page.clock.run_for(2_000)
    finger.up()
    expect(menu_of(ada)).to_be_hidden()
    listed(ada, "Ben").tap()
    expect(ada.page.get_by_role("textbox", name="Message")).to_be_visible()
