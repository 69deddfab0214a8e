"""Search in the left pane: finds what one may read, shows where it is, and leads there."""

from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.acts import bubble, details, learns_nothing
from tests.browser.cast import Cast
from tests.browser.people import Someone
from tests.browser.sharing import send


def searching(person: Someone, conversation: str | None = None) -> Locator:
    """Open the search, everywhere or in the open conversation; return its field."""
    if conversation is None:
        person.page.get_by_role("button", name="Search").first.click()
    else:
        details(person).get_by_role("button", name="Search").click()
    return person.page.get_by_role("searchbox", name="Search")


def hits(person: Someone) -> Locator:
    """What was found, apart from the field."""
    return person.page.locator(".results").get_by_role("listitem")


def finds(person: Someone, wanted: str, *texts: str) -> None:
    """See exactly these hits, with what was searched for marked in the first."""
    person.page.get_by_role("searchbox", name="Search").fill(wanted)
    for text in texts:
        expect(hits(person).filter(has_text=text)).to_have_count(1)
    expect(hits(person)).to_have_count(len(texts))
    marked = hits(person).filter(has_text=texts[0]).locator("mark").first
    expect(marked).to_have_text(wanted, ignore_case=True)


def test_parts_of_words_and_any_script_are_found_marked_and_opened(
    cast: Cast, document: Path
) -> None:
    cast.post(cast.ben, cast.group, "The lighthouse keeper is asleep")
    cast.post(cast.ben, cast.group, "我们明天去图书馆")
    cast.post(cast.cleo, cast.group, "Launch 🚀 at noon")
    send(cast, cast.ben, cast.direct, "", document)
    for number in range(70):
        cast.post(cast.cleo, cast.group, f"wave {number}")
    cast.at(cast.group, cast.ada)
    cast.at(cast.direct, cast.phone)
    for device in (cast.ada, cast.phone):
        searching(device)
        finds(device, "GHTHOU", "lighthouse")
        finds(device, "图书", "我们明天去图书馆")
        finds(device, "🚀", "Launch")
        finds(device, "lan.p", "plan.pdf")
    finds(cast.ada, "harb", "Harbour")
    cast.ada.page.get_by_role("searchbox", name="Search").fill("cle")
    people = cast.ada.page.locator(".results").get_by_role("button", name="Cleo", exact=True)
    expect(people).to_have_count(1)
    finds(cast.phone, "ee", "lighthouse")
    hits(cast.phone).click()
    expect(bubble(cast.phone, "lighthouse keeper")).to_be_focused()
    expect(bubble(cast.phone, "lighthouse keeper")).to_be_in_viewport()
    expect(cast.phone.page.get_by_role("button", name="Jump to latest")).to_be_visible()


def test_filters_and_one_conversation_narrow_what_is_found(cast: Cast, image: Path) -> None:
    cast.post(cast.ben, cast.group, "soup from Ben")
    cast.post(cast.cleo, cast.group, "soup from Cleo, https://example.org/soup")
    cast.post(cast.ben, cast.direct, "soup for two")
    send(cast, cast.ben, cast.direct, "soup as painted", image)
    cast.at(cast.group, cast.ada)
    searching(cast.ada)
    everywhere = ("soup from Ben", "soup from Cleo", "soup for two", "soup as painted")
    finds(cast.ada, "soup", *everywhere)
    page = cast.ada.page
    page.get_by_role("button", name="Filters").click()
    sender = page.get_by_role("combobox", name="From")
    kind = page.get_by_role("combobox", name="With")
    sender.select_option("Cleo")
    finds(cast.ada, "soup", "soup from Cleo")
    sender.select_option("Anyone")
    kind.select_option("Pictures")
    finds(cast.ada, "soup", "soup as painted")
    kind.select_option("Links")
    finds(cast.ada, "soup", "soup from Cleo")
    kind.select_option("Anything")
    page.get_by_label("Before").fill("2020-01-01")
    expect(page.get_by_text("Nothing found.")).to_be_visible()
    page.get_by_label("Before").fill("")
    page.get_by_label("Since").fill("2020-01-01")
    finds(cast.ada, "soup", *everywhere)
    page.get_by_role("button", name="Close search").click()
    searching(cast.ada, cast.group)
    finds(cast.ada, "soup", "soup from Ben", "soup from Cleo")
    page.get_by_role("button", name="In Harbour").click()
    finds(cast.ada, "soup", *everywhere)
    learns_nothing(cast.olaf, cast.group, "soup", "Harbour", "sun.jpg")
