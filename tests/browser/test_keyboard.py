"""Everything that people mainly do here, by keyboard alone."""

from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.conftest import PASSWORD, Open, Someone

MOST_STOPS = 40


class Hands:
    """Somebody's hands on the keyboard; there is no mouse.

    Args:
        person: Whose.
    """

    def __init__(self, person: Someone) -> None:
        self.page = person.page
        self.press = person.page.keyboard.press
        self.type = person.page.keyboard.type

    def go_to(self, target: Locator, key: str = "Tab") -> None:
        """Press Tab until the target has the focus, and see that the focus shows."""
        expect(target).to_be_visible()
        for _ in range(MOST_STOPS):
            self.press(key)
            if target.evaluate("(element) => element === document.activeElement"):
                assert target.evaluate("(element) => element.matches(':focus-visible')")
                return
        raise AssertionError(f"{key} does not lead to {target}")

    def choose(self, role: str, name: str, key: str = "Tab") -> None:
        """Go to a control and press Enter."""
        self.go_to(self.page.get_by_role(role, name=name), key)  # type: ignore[arg-type]
        self.press("Enter")

    def writes(self, text: str) -> None:
        """Type into the composer, which has the focus, and send."""
        expect(self.page.get_by_role("textbox", name="Message")).to_be_focused()
        self.type(text)
        self.press("Enter")


def test_people_meet_talk_exchange_files_and_leave_by_keyboard_alone(
    newcomer: Open, image: Path
) -> None:
    ada, ben = newcomer("Ada"), newcomer("Ben")
    ben.join()
    ben.page.goto("/")
    hands, bens_hands = Hands(ada), Hands(ben)
    register(hands, ada)
    ask(hands, ben)
    accept_and_write(bens_hands)
    hands.choose("link", "Ben")
    ada.hears("Hello Ada")
    hands.writes("Hello Ben")
    ben.hears("Hello Ben")
    send_a_file(hands, image)
    look_at_it(bens_hands)
    leave(bens_hands)


def register(hands: Hands, person: Someone) -> None:
    hands.page.goto("/register")
    expect(hands.page.get_by_label("Name")).to_be_focused()
    for text in (person.name, person.email, PASSWORD):
        hands.type(text)
        hands.press("Enter" if text is PASSWORD else "Tab")
    expect(hands.page.get_by_role("heading", name=f"Welcome, {person.name}")).to_be_visible()


def ask(hands: Hands, other: Someone) -> None:
    dialog = hands.page.get_by_role("dialog", name="Add contact")
    hands.choose("button", "Add your first contact")
    expect(dialog).to_be_visible()
    hands.press("Escape")
    expect(dialog).to_have_count(0)
    expect(hands.page.get_by_role("button", name="Add your first contact")).to_be_focused()
    hands.press("Enter")
    expect(dialog.get_by_label("E-mail address")).to_be_focused()
    hands.type(other.email)
    hands.press("Enter")
    expect(dialog).to_have_count(0)


def accept_and_write(hands: Hands) -> None:
    tabs = {
        name: hands.page.get_by_role("tab", name=name) for name in ("Conversations", "Contacts")
    }
    hands.go_to(tabs["Conversations"])
    hands.press("ArrowRight")
    expect(tabs["Contacts"]).to_be_focused()
    hands.choose("button", "Accept Ada")
    hands.choose("button", "Write to Ada")
    hands.writes("Hello Ada")


def send_a_file(hands: Hands, file: Path) -> None:
    with hands.page.expect_file_chooser() as chooser:
        hands.choose("button", "Attach files", "Shift+Tab")
    chooser.value.set_files(file)
    hands.writes("Look")


def look_at_it(hands: Hands) -> None:
    picture = hands.page.get_by_role("button", name="Open image sun.jpg")
    hands.go_to(picture, "Shift+Tab")
    hands.press("Enter")
    viewer = hands.page.get_by_role("dialog")
    expect(viewer.get_by_role("img")).to_be_visible()
    hands.press("+")
    expect(viewer.get_by_role("button", name="Zoom out")).to_be_enabled()
    hands.press("Escape")
    expect(viewer).to_have_count(0)
    expect(picture).to_be_focused()


def leave(hands: Hands) -> None:
    menu = hands.page.get_by_role("button", name="Your menu")
    hands.go_to(menu)
    hands.press("Enter")
    choices = hands.page.get_by_role("menu", name="Your menu")
    expect(choices.get_by_role("menuitemradio").first).to_be_focused()
    hands.press("ArrowDown")
    expect(choices.get_by_role("menuitemradio", name="Light")).to_be_focused()
    hands.press("Escape")
    expect(choices).to_be_hidden()
    expect(menu).to_be_focused()
    hands.press("Enter")
    expect(choices.get_by_role("menuitemradio").first).to_be_focused()
    hands.press("End")
    expect(choices.get_by_role("menuitem", name="Sign out")).to_be_focused()
    hands.press("Enter")
    expect(hands.page).to_have_url("/login")
