"""Everything that people mainly do here, by keyboard alone."""

from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.acts import bubble, listed, taken_by_the_server
from tests.browser.cast import Cast, become_contacts
from tests.browser.people import PASSWORD, Open, Someone

MOST_STOPS = 40
IN_MESSAGES = "document.activeElement.matches('[role=log] article')"


class Hands:
    """Someone's hands on the keyboard; there is no mouse.

    Args:
        person: Whose.
    """

    def __init__(self, person: Someone) -> None:
        self.person = person
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

    def stand_on(self, text: str) -> None:
        """Go to the messages and with the arrow keys to the one with a text."""
        target = bubble(self.person, text)
        for _ in range(MOST_STOPS):
            if self.page.evaluate(IN_MESSAGES):
                break
            self.press("Shift+Tab")
        self.press("Home")
        if not target.evaluate("(element) => element === document.activeElement"):
            self.go_to(target, "ArrowDown")

    def act_on(self, text: str, action: str) -> None:
        """Choose from the menu of a message."""
        self.stand_on(text)
        self.press("Enter")
        self.pick(action)

    def pick(self, action: str) -> None:
        """Choose from the menu that has just opened."""
        item = self.page.get_by_role("menuitem", name=action, exact=True)
        expect(item).to_be_visible()
        if not item.evaluate("(element) => element === document.activeElement"):
            self.go_to(item, "ArrowDown")
        self.press("Enter")

    def writes(self, text: str) -> None:
        """Type into the composer, which has the focus, and send."""
        expect(self.page.get_by_role("textbox", name="Message")).to_be_focused()
        self.type(text)
        self.press("Enter")


SETTINGS_TABS = (
    *("Notifications", "Privacy", "Appearance", "Storage", "Account", "Security", "Bots and keys"),
)


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
    hands.choose("button", "Add someone by e-mail")
    expect(dialog).to_be_visible()
    hands.press("Escape")
    expect(dialog).to_have_count(0)
    expect(hands.page.get_by_role("button", name="Add someone by e-mail")).to_be_focused()
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
    contacts = hands.page.get_by_role("tabpanel", name="Contacts")
    hands.go_to(contacts.get_by_role("button", name="Write to Ada"))
    hands.press("Enter")
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
    first = choices.get_by_role("menuitem", name="Set a status")
    expect(first).to_be_focused()
    hands.go_to(choices.get_by_role("menuitemradio", name="Light"), "ArrowDown")
    hands.press("Escape")
    expect(choices).to_be_hidden()
    expect(menu).to_be_focused()
    hands.press("Enter")
    expect(first).to_be_focused()
    hands.press("End")
    expect(choices.get_by_role("menuitem", name="Sign out")).to_be_focused()
    hands.press("Enter")
    expect(hands.page).to_have_url("/login")


def test_one_goes_about_by_shortcuts_and_what_one_types_goes_where_it_was_typed(
    cast: Cast,
) -> None:
    ada, hands = cast.ada, Hands(cast.ada)
    page, box = ada.page, ada.page.get_by_role("textbox", name="Message")
    for number in range(40):
        cast.post(cast.ben, cast.group, f"Line {number}.")
    cast.at(cast.direct, ada)
    hands.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    hands.type("arb")
    expect(page.get_by_role("option")).to_have_count(1)
    hands.press("Enter")
    ada.hears("Line 39.")
    expect(box).to_be_focused()
    hands.type("for the group")
    hands.press("Alt+ArrowDown")
    expect(page).to_have_url(f"/c/{cast.direct}")
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    hands.writes("for Ben")
    bubble(ada, "for Ben")
    hands.press("Alt+ArrowDown")
    expect(box).to_have_value("for the group")
    hands.writes("")
    ada.hears("for the group")
    # Who answers below has gone on to the newest.
    expect(page).to_have_title("EchoSphere")
    [*_, last] = cast.ben.call("GET", f"/conversations/{cast.direct}/messages")["messages"]
    assert last["body"] == "for Ben"

    hands.stand_on("Line 0.")
    cast.post(cast.ben, cast.group, "Unseen at first")
    expect(page).to_have_title("(1) EchoSphere")
    hands.press("Escape")
    expect(page).to_have_title("EchoSphere")

    expect(page.get_by_role("button", name="Jump to latest")).to_be_visible()
    hands.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_contain_text("Previous unread conversation")
    hands.press("Escape")
    expect(sheet).to_have_count(0)
    expect(bubble(ada, "Line 0.")).to_be_focused()

    hands.press("Alt+Shift+ArrowDown")
    expect(page).to_have_url(f"/c/{cast.group}")
    cast.post(cast.ben, cast.direct, "the keyword is lantern")
    expect(page).to_have_title("(1) EchoSphere")
    hands.press("Alt+Shift+ArrowDown")
    expect(page).to_have_url(f"/c/{cast.direct}")
    ada.hears("the keyword is lantern")
    hands.press("Alt+ArrowUp")
    expect(page).to_have_url(f"/c/{cast.group}")

    hands.press("Control+Shift+F")
    expect(page.get_by_role("searchbox", name="Search")).to_be_focused()
    hands.type("anter")
    hit = page.get_by_role("listitem").get_by_role("button", name="the keyword is lantern")
    hands.go_to(hit)
    hands.press("Enter")
    expect(bubble(ada, "the keyword is lantern")).to_be_focused()


def test_everything_that_is_done_with_a_message_is_done_by_keyboard(cast: Cast) -> None:
    ada, hands = cast.ada, Hands(cast.ada)
    page = ada.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    asked = cast.post(cast.ben, cast.group, "Shall we row out?")
    cast.at(cast.group, ada)
    log = page.get_by_role("log")
    hands.stand_on("Shall we row out?")
    hands.press("Enter")
    expect(page.get_by_role("menuitemcheckbox", name="React with 👍")).to_be_focused()
    hands.press("Enter")
    expect(log.get_by_role("button", name="👍 by You")).to_be_visible()

    hands.act_on("Shall we row out?", "Reply")
    hands.writes("At six")
    expect(bubble(ada, "At six").get_by_role("img", name="Sent")).to_be_visible()
    hands.press("ArrowUp")
    box = page.get_by_role("textbox", name="Message")
    expect(box).to_have_value("At six")
    hands.press("Control+a")
    hands.writes("At seven")
    ada.hears("At seven")
    [*_, mine] = ada.call("GET", f"/conversations/{cast.group}/messages")["messages"]
    assert (mine["body"], mine["reply_to"]) == ("At seven", asked)
    assert mine["edited_at"] is not None

    hands.act_on("At seven", "Copy text")
    expect(page.get_by_role("status").get_by_text("Text copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "At seven"
    hands.act_on("At seven", "Copy link")
    expect(page.get_by_role("status").get_by_text("Link copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(f"/c/{cast.group}?m={mine['seq']}")

    hands.act_on("At seven", "Forward")
    dialog = page.get_by_role("dialog", name="Forward to")
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    hands.type("ben")
    hands.go_to(dialog.get_by_role("checkbox", name="Ben"))
    hands.press("Space")
    hands.choose("button", "Forward to 1 conversation")
    expect(dialog).to_have_count(0)
    [*_, forwarded] = cast.ben.call("GET", f"/conversations/{cast.direct}/messages")["messages"]
    assert (forwarded["body"], forwarded["forwarded"]) == ("At seven", True)

    hands.act_on("At seven", "Pin")
    expect(page.get_by_role("group", name="Pinned message")).to_contain_text("At seven")
    hands.act_on("At seven", "Save")
    expect(bubble(ada, "At seven")).to_contain_text("Saved")
    hands.choose("button", "Your menu", "Shift+Tab")
    hands.pick("Saved messages")
    saved = page.get_by_role("dialog", name="Saved messages")
    hands.go_to(saved.get_by_role("button", name="At seven"))
    hands.press("Enter")
    expect(saved).to_have_count(0)
    expect(bubble(ada, "At seven")).to_be_focused()

    hands.act_on("At seven", "Delete")
    hands.choose("button", "Delete for everyone")
    expect(log.get_by_text("This message was deleted.")).to_be_visible()
    hands.go_to(page.get_by_role("button", name="Record a voice message"))


def test_everything_that_is_done_with_a_group_is_done_by_keyboard(cast: Cast) -> None:
    ada, hands = cast.ada, Hands(cast.ada)
    page = ada.page
    become_contacts(cast.olaf, ada)
    cast.at(cast.group, ada)
    hands.go_to(listed(ada, "Harbour"), "Shift+Tab")
    options = page.get_by_role("navigation").get_by_role("button", name="conversation Harbour")
    hands.go_to(options)
    hands.press("Enter")
    hands.pick("Mute…")
    hands.choose("button", "For 1 hour")
    expect(page.get_by_role("dialog")).to_have_count(0)
    hands.go_to(options, "Shift+Tab")
    hands.press("Enter")
    expect(page.get_by_role("menuitem", name="Unmute")).to_be_visible()
    hands.pick("Archive")
    expect(listed(ada, "Harbour")).to_have_count(0)
    hands.choose("button", "Archived", "Shift+Tab")
    expect(listed(ada, "Harbour")).to_be_visible()
    hands.go_to(options)
    hands.press("Enter")
    hands.pick("Unarchive")
    hands.choose("button", "All", "Shift+Tab")

    hands.choose("button", "Details")
    pane = page.get_by_role("complementary", name="Details")
    person = pane.get_by_role("button", name="Profile of Ben")
    hands.go_to(person)
    hands.press("Enter")
    card = page.get_by_role("dialog", name="Profile")
    expect(card).to_contain_text("Ben")
    hands.press("Escape")
    expect(card).to_have_count(0)
    expect(person).to_be_focused()
    hands.go_to(pane.get_by_role("button", name="Options for Ben"))
    hands.press("Enter")
    hands.pick("Make an admin")
    expect(person).to_contain_text("Admin")

    hands.go_to(pane.get_by_role("button", name="Add people"), "Shift+Tab")
    hands.press("Enter")
    dialog = page.get_by_role("dialog", name="Add people")
    hands.go_to(dialog.get_by_role("checkbox", name="Olaf"))
    hands.press("Space")
    hands.go_to(dialog.get_by_role("button", name="Add", exact=True))
    hands.press("Enter")
    expect(pane.get_by_role("button", name="Profile of Olaf")).to_be_visible()

    hands.go_to(pane.get_by_role("button", name="Leave the group"))
    hands.press("Enter")
    dialog = page.get_by_role("dialog", name="Hand the group over first")
    hands.go_to(dialog.get_by_role("combobox", name="New owner"))
    hands.type("Ben")
    hands.choose("button", "Hand over and leave")
    expect(page).to_have_url("/")
    [owner] = [
        member
        for member in cast.ben.call("GET", f"/conversations/{cast.group}/members")["members"]
        if member["role"] == "owner"
    ]
    assert owner["user"]["name"] == "Ben"


def test_the_settings_are_changed_by_keyboard(newcomer: Open) -> None:
    ada = newcomer("Ada")
    ada.join()
    ada.page.goto("/")
    hands = Hands(ada)
    expect(ada.page.get_by_role("heading", name="Welcome, Ada")).to_be_visible()
    hands.press("Control+,")
    settings = ada.page.get_by_role("dialog", name="Settings")
    hands.go_to(settings.get_by_role("tab", name="Profile"))
    for name in (*SETTINGS_TABS, "Profile"):
        hands.press("ArrowRight")
        expect(settings.get_by_role("tab", name=name, selected=True)).to_be_focused()
    hands.press("ArrowRight")
    hands.press("ArrowRight")
    receipts = settings.get_by_role("switch", name="Read receipts")
    hands.go_to(receipts)
    with taken_by_the_server(ada):
        hands.press("Space")
    expect(receipts).not_to_be_checked()
    hands.press("Escape")
    expect(settings).to_have_count(0)
    assert ada.call("GET", "/me")["user"]["settings"]["receipts"] is False
