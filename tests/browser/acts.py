"""What several tests do with messages and groups in the page, by the names that people see."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, Response, expect

from tests.browser.people import Someone


def bubble(person: Someone, text: str) -> Locator:
    """Return the one message with a text, once it is there and the server has it."""
    found = person.page.get_by_role("log").get_by_role("article").filter(has_text=text)
    expect(found).to_have_count(1)
    expect(found.get_by_role("img", name="Pending", exact=True)).to_have_count(0)
    return found


def choose(person: Someone, text: str, action: str) -> None:
    """Choose an action from the menu of a message."""
    bubble(person, text).click(button="right")
    menu = person.page.get_by_role("menu", name="Message actions")
    menu.get_by_role("menuitem", name=action, exact=True).click()


def react(person: Someone, text: str, emoji: str) -> None:
    """Put a reaction from the quick row on a message, or take it off."""
    bubble(person, text).click(button="right")
    person.page.get_by_role("menuitemcheckbox", name=f"React with {emoji}").click()


@contextmanager
def taken_by_the_server(person: Someone, path: str = "/me") -> Iterator[None]:
    """Change a setting and wait until it holds: a switch shows at once what it was set to."""

    def is_it(answer: Response) -> bool:
        return answer.request.method == "PATCH" and answer.url.endswith(path) and answer.ok

    with person.page.expect_response(is_it):
        yield


def arrives(page: Page, path: str) -> None:
    """Wait until the page is at a path, however many navigations lead there.

    `Page.wait_for_url` fails when one navigation takes the place of another, as when the client and
    a form both lead to the same page.

    Args:
        path: An expression for the path, and for what follows it.
    """
    expect(page).to_have_url(re.compile(rf"^https?://[^/]+{path}"))


def details(person: Someone) -> Locator:
    """Open the details of the open conversation."""
    pane = person.page.get_by_role("complementary", name="Details")
    if not pane.is_visible():
        person.page.get_by_role("button", name="Details", exact=True).click()
        expect(pane).to_be_visible()
    return pane


def pick(person: Someone, title: str, action: str, *names: str) -> None:
    """Check people in the dialog with this title and carry it out."""
    dialog = person.page.get_by_role("dialog", name=title)
    for name in names:
        dialog.get_by_role("checkbox", name=name).check()
    dialog.get_by_role("button", name=action, exact=True).click()
    expect(dialog).to_have_count(0)


def listed(person: Someone, title: str) -> Locator:
    """Return a conversation in the list, by the beginning of its title."""
    return person.page.get_by_role("navigation", name="Conversations").get_by_role(
        "link", name=title
    )


def told(person: Someone, line: str) -> None:
    """See a line about what happened in the group."""
    expect(person.page.get_by_role("log").get_by_text(line, exact=True)).to_have_count(1)


def is_shut_out(person: Someone, conversation: str) -> None:
    """See that an open page shows nothing (any more) of a conversation."""
    expect(person.page.get_by_text("Conversation not found")).to_be_visible()
    expect(person.page.get_by_role("log")).to_have_count(0)
    expect(person.page.locator(f'a[href="/c/{conversation}"]')).to_have_count(0)
    person.keeps("conversations", f"rows.every(({{ id }}) => id !== '{conversation}')")
    person.keeps("messages", f"rows.every((row) => row.conversation !== '{conversation}')")


def learns_nothing(person: Someone, conversation: str, *words: str, seq: int = 1) -> None:
    """See that an outsider finds a conversation neither by its address nor by searching."""
    person.page.goto(f"/c/{conversation}?m={seq}")
    is_shut_out(person, conversation)
    finds_nothing(person, *words)


def finds_nothing(person: Someone, *words: str) -> None:
    """Search for what is not there, or not for this person."""
    page = person.page
    page.get_by_role("button", name="Search").first.click()
    field = page.get_by_role("searchbox", name="Search")
    for word in words:
        field.fill(word)
        expect(page.get_by_text("Nothing found.")).to_be_visible()
        field.fill("")
        expect(page.get_by_text("Nothing found.")).to_have_count(0)


KEEPS_NOTHING_OF = """async (marker) => {
    const all = (request) => new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
    });
    const kept = async () => {
        const found = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
        for (const { name } of await indexedDB.databases()) {
            const database = await all(indexedDB.open(name));
            for (const store of database.objectStoreNames) {
                const rows = database.transaction(store).objectStore(store);
                found.push(JSON.stringify([await all(rows.getAllKeys()), await all(rows.getAll())],
                    (_, value) => value instanceof Set || value instanceof Map
                        ? [...value] : value));
            }
            database.close();
        }
        for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) found.push(request.url);
        }
        return found.some((text) => text.includes(marker));
    };
    for (let tries = 0; tries < 300; tries += 1) {
        if (!(await kept())) return true;
        await new Promise((done) => setTimeout(done, 50));
    }
    return false;
}"""


def make_link(page: Page) -> None:
    """Make an invitation link in its dialog, whether or not there is one already."""
    make = page.get_by_role("button", name="Create link")
    another = page.get_by_role("button", name="Create another link")
    expect(make.or_(another)).to_be_visible()
    if another.is_visible():
        another.click()
    make.click()


def keeps_nothing_of(person: Someone, *markers: str) -> None:
    """Wait until a text is in nothing that this browser keeps: databases, storage, caches."""
    for marker in markers:
        assert person.page.evaluate(KEEPS_NOTHING_OF, marker), f"{marker!r} is still kept"


def box(part: Locator) -> tuple[float, float, float, float]:
    """Return where something is: left, top, right, bottom."""
    found = part.bounding_box()
    assert found is not None
    return (
        found["x"],
        found["y"],
        found["x"] + found["width"],
        found["y"] + found["height"],
    )


def overlap(one: Locator, other: Locator) -> bool:
    """Return whether two parts of the page cover one another."""
    a, b = box(one), box(other)
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
