"""Messages count as read when someone has seen them, and a conversation opens where reading ended."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.acts import listed
from tests.browser.cast import in_touch
from tests.browser.people import NARROW, WIDE, Open, Someone

MANY = 470
SIZES = [{"viewport": WIDE}, {"viewport": NARROW, "has_touch": True, "is_mobile": True}]
NAMES = ["desktop", "phone"]
# Playwright's pages always say that they are looked at.
AWAY = {
    "hidden": "Object.defineProperty(document, 'visibilityState', { get: () => window.seen })",
    "unfocused": "document.hasFocus = () => window.seen === 'visible'",
}
IN_VIEW = """(log) => {
    const pane = log.getBoundingClientRect();
    return [...log.querySelectorAll('[data-seq]')].filter((row) => {
        const { top, bottom } = row.getBoundingClientRect();
        return bottom > pane.top && top < pane.bottom;
    }).map((row) => Number(row.dataset.seq));
}"""


class Returning:
    """Ben comes back from a holiday: Ada has written 470 messages and Cleo one."""

    def __init__(self, someone: Open, options: dict[str, Any]) -> None:
        ada, cleo, self.ben = someone("Ada"), someone("Cleo"), someone("Ben", **options)
        for person in (ada, cleo, self.ben):
            person.join()
        self.id = in_touch(ada, self.ben)
        self.other = in_touch(cleo, self.ben)
        self.ada = ada
        for number in range(MANY):
            self.say(number)

    def say(self, number: int) -> None:
        message = {"key": f"holiday-{number:08}", "body": f"Message number {number}."}
        self.ada.call("POST", f"/conversations/{self.id}/messages", message)

    @property
    def log(self) -> Locator:
        return self.ben.page.get_by_role("log")

    def open(self) -> None:
        self.ben.page.goto(f"/c/{self.id}")
        self.shown(0)

    def shown(self, number: int) -> None:
        """See a message in the view."""
        expect(self.log.get_by_text(f"Message number {number}.", exact=True)).to_be_in_viewport()

    def position(self) -> int:
        found: int = self.ben.call("GET", f"/conversations/{self.id}")["conversation"]["read_seq"]
        return found

    def unread(self) -> int:
        found: int = self.ben.call("GET", f"/conversations/{self.id}")["conversation"]["unread"]
        return found

    def last_in_view(self) -> int:
        seqs: list[int] = self.log.evaluate(IN_VIEW)
        return seqs[-1]

    def rest(self) -> None:
        """Leave the page alone for longer than it takes to read something, and to tell it."""
        self.ben.page.wait_for_timeout(2_500)

    def go_away_and_come_back(self) -> None:
        page = self.ben.page
        page.evaluate(f"history.pushState(null, '', '/c/{self.other}')")
        page.evaluate("dispatchEvent(new PopStateEvent('popstate'))")
        expect(page.get_by_text("This is the beginning of your conversation")).to_be_visible()
        page.evaluate("history.back()")
        expect(self.log.get_by_text("Message number").first).to_be_visible()


@pytest.fixture(params=SIZES, ids=NAMES)
def returning(newcomer: Open, request: pytest.FixtureRequest) -> Returning:
    return Returning(newcomer, request.param)


def test_after_a_holiday_one_reads_from_the_first_new_message_on(returning: Returning) -> None:
    returning.open()
    line = returning.log.get_by_text("New messages")
    expect(line).to_be_in_viewport()
    returning.rest()
    assert 0 < returning.position() <= returning.last_in_view()
    assert returning.unread() == MANY - seen_up_to(returning)
    shows_unread(returning)


def seen_up_to(returning: Returning) -> int:
    """How many of Ada's messages the position covers."""
    path = f"/conversations/{returning.id}/messages?around={returning.position()}&limit=1"
    (message,) = returning.ben.call("GET", path)["messages"]
    return int(message["body"].removeprefix("Message number ").removesuffix(".")) + 1


def shows_unread(returning: Returning) -> None:
    """See the same number in the list as the server has."""
    wanted = f"{returning.unread()} unread messages"
    label = returning.ben.page.locator(f'a[href="/c/{returning.id}"]')
    expect(label).to_contain_text(wanted)


def test_reading_on_moves_the_position_with_the_view(returning: Returning) -> None:
    returning.open()
    returning.rest()
    before = returning.position()
    returning.log.evaluate("(log) => log.scrollBy(0, log.clientHeight * 0.8)")
    returning.rest()
    assert before < returning.position() <= returning.last_in_view()


def test_coming_back_begins_at_what_is_still_new(returning: Returning) -> None:
    returning.open()
    returning.log.evaluate("(log) => log.scrollBy(0, log.clientHeight * 3)")
    returning.rest()
    read = seen_up_to(returning)
    returning.go_away_and_come_back()
    returning.shown(read)
    expect(returning.log.get_by_text("New messages")).to_be_in_viewport()
    assert returning.unread() >= MANY - read - 60
    returning.ben.page.reload()
    returning.shown(seen_up_to(returning))


def test_to_the_latest_reads_all_of_it(returning: Returning) -> None:
    returning.open()
    returning.ben.page.get_by_role("button", name="latest").click()
    returning.shown(MANY - 1)
    expect(returning.ben.page.get_by_role("link", name="unread")).to_have_count(0)
    returning.rest()
    assert returning.unread() == 0


def test_a_jump_to_a_message_does_not_read_what_lies_before_it(returning: Returning) -> None:
    page = returning.ben.page
    path = f"/conversations/{returning.id}/messages?limit=1"
    (newest,) = returning.ben.call("GET", path)["messages"]
    page.goto(f"/c/{returning.id}?m={newest['seq']}")
    returning.shown(MANY - 1)
    returning.rest()
    assert returning.position() == 0
    page.get_by_role("log").press("Escape")
    returning.rest()
    assert returning.unread() == 0


@pytest.mark.parametrize("way", AWAY, ids=list(AWAY))
def test_nothing_is_read_in_a_page_at_which_no_one_looks(returning: Returning, way: str) -> None:
    page = returning.ben.page
    page.add_init_script(f"window.seen = 'hidden'; {AWAY[way]};")
    returning.open()
    returning.rest()
    returning.say(MANY)
    returning.rest()
    assert returning.position() == 0
    expect(returning.log.get_by_text("New messages")).to_be_in_viewport()
    look(page)
    returning.rest()
    assert 0 < returning.position() <= returning.last_in_view()


def look(page: Page) -> None:
    page.evaluate(
        """() => {
            window.seen = 'visible';
            dispatchEvent(new Event('focus'));
            document.dispatchEvent(new Event('visibilitychange'));
        }"""
    )


@pytest.mark.parametrize("options", SIZES, ids=NAMES)
def test_what_arrives_while_one_is_away_does_not_leave_the_view_unread(
    newcomer: Open, options: dict[str, Any]
) -> None:
    ada, ben = newcomer("Ada"), newcomer("Ben", **options)
    conversation = between(ada, ben)
    say = speaking(ada, conversation)
    say("Before")
    ben.page.add_init_script(f"window.seen = 'visible'; {AWAY['hidden']};")
    ben.page.goto(f"/c/{conversation}")
    ben.hears("Before")
    ben.page.wait_for_timeout(1_500)
    ben.page.evaluate(
        "window.seen = 'hidden'; document.dispatchEvent(new Event('visibilitychange'))"
    )
    for number in range(60):
        say(f"While away {number}.")
    ben.hears("While away 59.")
    expect(ben.page.get_by_role("log").get_by_text("While away 0.")).to_be_in_viewport()
    look(ben.page)
    ben.page.wait_for_timeout(2_500)
    assert 30 < ben.call("GET", f"/conversations/{conversation}")["conversation"]["unread"] < 60


@pytest.mark.parametrize("options", SIZES, ids=NAMES)
def test_the_place_in_a_conversation_is_kept(newcomer: Open, options: dict[str, Any]) -> None:
    ada, cleo, ben = newcomer("Ada"), newcomer("Cleo"), newcomer("Ben", **options)
    conversation = between(ada, ben)
    cleo.join()
    other = in_touch(cleo, ben)
    say = speaking(ada, conversation)
    for number in range(90):
        say(f"Chapter {number}.")
    ben.page.goto("/")
    listed(ben, "Ada").click()
    log = ben.page.get_by_role("log")
    expect(log.get_by_text("Chapter 0.")).to_be_in_viewport()
    ben.page.get_by_role("button", name="latest").click()
    ben.page.wait_for_timeout(1_500)
    assert ben.call("GET", f"/conversations/{conversation}")["conversation"]["unread"] == 0
    log.get_by_text("Chapter 30.").evaluate("(one) => one.scrollIntoView({ block: 'start' })")
    ben.page.wait_for_timeout(500)
    before = log.get_by_text("Chapter 30.").bounding_box()
    ben.page.evaluate(f"history.pushState(null, '', '/c/{other}')")
    ben.page.evaluate("dispatchEvent(new PopStateEvent('popstate'))")
    expect(ben.page.get_by_text("This is the beginning of your conversation")).to_be_visible()
    ben.page.go_back()
    expect(log.get_by_text("Chapter 30.")).to_be_in_viewport()
    after = log.get_by_text("Chapter 30.").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) <= 2


def between(ada: Someone, ben: Someone) -> str:
    """Make two people contacts; return the id of their conversation."""
    ada.join()
    ben.join()
    return in_touch(ada, ben)


def speaking(person: Someone, conversation: str) -> Callable[[str], None]:
    def say(text: str) -> None:
        message = {"key": f"said-{abs(hash(text)):020}", "body": text}
        person.call("POST", f"/conversations/{conversation}/messages", message)

    return say
