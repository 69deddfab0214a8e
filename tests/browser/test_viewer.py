"""From a file in the viewer to its message: answered, forwarded, shown where it was said."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.people import NARROW, WIDE, Pair, Someone
from tests.browser.sharing import upload

FORGET = """async () => {
    for (const { name } of await indexedDB.databases()) {
        await new Promise((done, failed) => {
            const deleting = indexedDB.deleteDatabase(name);
            deleting.onsuccess = done;
            deleting.onerror = failed;
        });
    }
}"""


def viewed(page: Page, name: str) -> Locator:
    page.get_by_role("button", name=f"Open image {name}").click()
    viewer = page.get_by_role("dialog", name="Image viewer")
    expect(viewer.get_by_role("img", name=f"Image {name}")).to_be_visible()
    return viewer


def furnish(ada: Someone, ben: Someone, image: Path, later: int) -> str:
    """A picture, and so many words behind it."""
    conversation = ada.page.url.rsplit("/", 1)[1]
    path = f"/conversations/{conversation}/messages"
    picture = upload(ben, "sun.jpg", image.read_bytes())
    ben.call("POST", path, {"key": "the-picture", "body": "The sun", "attachments": [picture]})
    for number in range(later):
        ben.call("POST", path, {"key": f"a-word-{number:04}", "body": f"Word {number}"})
    return conversation


def seen(person: Someone, conversation: str) -> None:
    """All of it was read elsewhere: it opens at the end."""
    latest = person.call("GET", f"/conversations/{conversation}/messages")["messages"][-1]["seq"]
    person.call("PUT", f"/conversations/{conversation}/read", {"seq": latest})


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["phone", "wide"])
def test_a_picture_is_answered_from_the_viewer(
    pair: Pair, image: Path, size: dict[str, int]
) -> None:
    ada, ben = pair(alone=True, reduced_motion="reduce")
    furnish(ada, ben, image, 0)
    ada.page.set_viewport_size(size)  # type: ignore[arg-type]
    viewer = viewed(ada.page, "sun.jpg")
    ada.no_sideways_scrolling()
    viewer.get_by_role("button", name="Reply").click()
    expect(viewer).to_have_count(0)
    expect(ada.page.get_by_text("Reply to Ben")).to_be_visible()
    box = ada.page.get_by_role("textbox", name="Message")
    expect(box).to_be_focused()
    ada.say("Bright")
    expect(ada.page.get_by_role("log").get_by_role("article").last).to_contain_text("The sun")


def test_a_picture_is_forwarded_by_keyboard_without_leaving_the_viewer(
    pair: Pair, image: Path
) -> None:
    ada, ben = pair(alone=True, reduced_motion="reduce")
    furnish(ada, ben, image, 0)
    page = ada.page
    viewer = viewed(page, "sun.jpg")
    viewer.get_by_role("button", name="Forward").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Forward")
    dialog.get_by_role("checkbox", name="Ben").check()
    # Keys that are meant for the dialog are not the viewer's.
    page.keyboard.press("ArrowRight")
    dialog.get_by_role("button", name=re.compile("^Forward|^Send")).click()
    expect(dialog).to_have_count(0)
    expect(viewer.get_by_role("img", name="Image sun.jpg")).to_be_visible()
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    expect(page.get_by_role("log").get_by_role("img", name="Image sun.jpg")).to_have_count(2)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["phone", "wide"])
def test_a_file_of_long_ago_is_shown_where_it_was_said(
    pair: Pair, image: Path, size: dict[str, int]
) -> None:
    ada, ben = pair(alone=True, reduced_motion="reduce")
    seen(ada, furnish(ada, ben, image, 130))
    page = ada.page
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.reload()
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    page.get_by_role("button", name="Details", exact=True).click()
    details = page.get_by_role("complementary", name="Details")
    details.get_by_role("button", name="Open image sun.jpg").click()
    viewer = page.get_by_role("dialog", name="Image viewer")
    viewer.get_by_role("button", name="Show in conversation").click()
    expect(viewer).to_have_count(0)
    expect(page.get_by_role("log").get_by_text("The sun")).to_be_in_viewport()
    expect(details).to_have_count(0 if size is NARROW else 1)


def test_a_message_that_was_deleted_meanwhile_is_not_answered(pair: Pair, image: Path) -> None:
    ada, ben = pair(alone=True, reduced_motion="reduce")
    conversation = furnish(ada, ben, image, 130)
    page = ada.page
    seen(ada, conversation)
    # A browser that has kept nothing holds the newest messages only.
    page.goto("/static/client/icon.svg")
    page.evaluate(FORGET)
    page.goto(f"/c/{conversation}")
    page.get_by_role("button", name="Details", exact=True).click()
    details = page.get_by_role("complementary", name="Details")
    details.get_by_role("button", name="Open image sun.jpg").click()
    viewer = page.get_by_role("dialog", name="Image viewer")
    expect(viewer.get_by_role("img", name="Image sun.jpg")).to_be_visible()
    page.route(
        "**/api/v1/conversations/*/messages/*",
        lambda route: route.fulfill(status=404, json={"error": {"code": "not_found"}}),
    )
    viewer.get_by_role("button", name="Reply").click()
    expect(page.get_by_text("This message is no longer available.")).to_be_visible()
    assert conversation in page.url
