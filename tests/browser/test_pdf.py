"""A PDF is read in the messenger: all its pages, its words, and what to do when that cannot be."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Locator, Page, Request, expect

from tests.browser.people import Pair, Someone
from tests.browser.sharing import upload
from tests.media import made

SELECTED = "() => getSelection().toString()"
PIXELS = """() => [...document.querySelectorAll('dialog canvas')]
    .reduce((sum, { width, height }) => sum + width * height, 0)"""
MARKED = "(name) => CSS.highlights.get(name)?.size ?? 0"
INK = """(canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value, index) => index % 4 === 0 && value < 128);
}"""

Shared = Callable[[str, bytes], Someone]


@pytest.fixture
def shared(pair: Pair) -> Shared:
    """Lets Ben send a document, and Ada see it."""

    def make(name: str, content: bytes) -> Someone:
        ada, ben = pair(alone=True, reduced_motion="reduce")
        conversation = ada.page.url.rsplit("/", 1)[1]
        path = f"/conversations/{conversation}/messages"
        message = {"key": "the-document", "body": "", "attachments": [upload(ben, name, content)]}
        ben.call("POST", path, message)
        return ada

    return make


def reader(page: Page, name: str) -> Locator:
    page.get_by_role("button", name=f"Open PDF {name}").click()
    viewer = page.get_by_role("dialog", name=f"PDF {name}")
    expect(viewer).to_be_visible()
    return viewer


def at_page(viewer: Locator, number: int) -> None:
    expect(viewer.get_by_role("textbox", name="Page number")).to_have_value(str(number))


def test_all_pages_are_read_by_keyboard_and_by_number(shared: Shared) -> None:
    ada = shared("book.pdf", made.book(["The lighthouse", "A harbour", "Homeward"] * 4))
    viewer = reader(ada.page, "book.pdf")
    expect(viewer.get_by_text("of 12", exact=True)).to_be_visible()
    first = viewer.get_by_role("group", name="Page 1", exact=True)
    expect(first.get_by_text("The lighthouse")).to_be_attached()
    expect(first.locator("canvas")).to_have_count(1)
    assert first.locator("canvas").evaluate(INK), "nothing is drawn"
    expect(viewer.get_by_role("document")).to_be_focused()
    ada.page.keyboard.press("End")
    at_page(viewer, 12)
    expect(viewer.get_by_role("group", name="Page 12").get_by_text("Homeward")).to_be_attached()
    viewer.get_by_role("textbox", name="Page number").fill("5")
    ada.page.keyboard.press("Enter")
    at_page(viewer, 5)
    fifth = viewer.get_by_role("group", name="Page 5")
    expect(fifth).to_be_in_viewport()
    before = fifth.evaluate("(one) => one.clientWidth")
    viewer.get_by_role("button", name="Zoom in").click()
    width = "document.querySelector('[aria-label=\"Page 5\"]').clientWidth"
    ada.page.wait_for_function(f"Math.abs({width} - {before * 1.5}) < 3")
    at_page(viewer, 5)
    with ada.page.expect_download() as download:
        viewer.get_by_role("link", name="Download book.pdf").click()
    assert download.value.suggested_filename == "book.pdf"
    ada.page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)


def test_words_are_found_on_all_pages_and_selected_as_text(shared: Shared) -> None:
    pages = [f"This is leaf {number}" for number in range(1, 31)]
    pages[6] = pages[20] = pages[25] = "A Café by the sea"
    ada = shared("coast.pdf", made.book(pages))
    page = ada.page
    viewer = reader(page, "coast.pdf")
    expect(viewer.get_by_text("This is leaf 1", exact=True)).to_be_attached()
    page.keyboard.press("Control+f")
    field = viewer.get_by_role("searchbox", name="Find in the document")
    expect(field).to_be_focused()
    field.fill("cafe")
    told = viewer.get_by_role("search").get_by_role("status")
    expect(told).to_have_text("1 of 3")
    expect(viewer.get_by_role("group", name="Page 7")).to_be_in_viewport()
    page.wait_for_function(f"({MARKED})('pdf-current') === 1")
    page.keyboard.press("Enter")
    expect(told).to_have_text("2 of 3")
    expect(viewer.get_by_role("group", name="Page 21")).to_be_in_viewport()
    viewer.get_by_role("button", name="Next match").click()
    expect(viewer.get_by_role("group", name="Page 26")).to_be_in_viewport()
    page.keyboard.press("F3")
    expect(told).to_have_text("1 of 3")
    viewer.get_by_role("button", name="Previous match").click()
    expect(told).to_have_text("3 of 3")
    field.fill("nowhere at all")
    expect(told).to_have_text("Nothing found")
    assert page.evaluate(MARKED, "pdf-hit") == 0
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    expect(viewer).to_be_visible()
    line = viewer.get_by_role("group", name="Page 26").get_by_text("A Café by the sea")
    line.click(click_count=3)
    assert page.evaluate(SELECTED).strip() == "A Café by the sea"


def test_of_500_pages_only_those_near_the_view_are_drawn(shared: Shared) -> None:
    ada = shared("long.pdf", made.book([f"Leaf number {one}" for one in range(1, 501)]))
    page = ada.page
    viewer = reader(page, "long.pdf")
    expect(viewer.get_by_text("of 500", exact=True)).to_be_visible()
    number = viewer.get_by_role("textbox", name="Page number")
    for wanted in (250, 499, 17, 480, 300):
        number.fill(str(wanted))
        number.press("Enter")
        expect(viewer.get_by_text(f"Leaf number {wanted}", exact=True)).to_be_attached()
        assert viewer.locator("canvas").count() <= 12
        assert page.evaluate(PIXELS) <= 12 * 8_000_000
    for _ in range(4):
        viewer.get_by_role("button", name="Zoom out").click(force=True)
    page.wait_for_timeout(500)
    assert viewer.get_by_role("document").get_by_role("group").count() <= 12
    assert viewer.locator("canvas").count() <= 12
    page.keyboard.press("Control+f")
    viewer.get_by_role("searchbox").fill("leaf number 47")
    expect(viewer.get_by_role("search").get_by_role("status")).to_have_text("2 of 11")


def test_a_large_document_is_not_loaded_as_a_whole(shared: Shared) -> None:
    content = made.book([f"Leaf {one}" for one in range(1, 41)], weight=200_000)
    ada = shared("heavy.pdf", content)
    ranges: list[str] = []

    def note(request: Request) -> None:
        if "range" in request.headers:
            ranges.append(request.headers["range"])

    ada.page.on("request", note)
    viewer = reader(ada.page, "heavy.pdf")
    expect(viewer.get_by_text("Leaf 1", exact=True)).to_be_attached()
    assert ranges, "no part was asked for"
    told = [part.removeprefix("bytes=").split("-") for part in ranges]
    asked = sum(int(end) - int(start) + 1 for start, end in told)
    assert asked < len(content) / 2, f"{asked} of {len(content)} bytes"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("secret.pdf", made.document_with_password(), "This PDF is password-protected."),
        ("torn.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40, "This PDF is damaged."),
    ],
)
def test_what_cannot_be_read_says_so_and_can_be_downloaded(
    shared: Shared, name: str, content: bytes, sentence: str
) -> None:
    ada = shared(name, content)
    viewer = reader(ada.page, name)
    alert = viewer.get_by_role("alert")
    expect(alert).to_contain_text(sentence)
    with ada.page.expect_download() as download:
        alert.get_by_role("link", name="Download").click()
    assert Path(download.value.path()).read_bytes() == content


def test_script_in_a_document_does_nothing(shared: Shared) -> None:
    ada = shared("sly.pdf", made.document_with_script())
    said: list[str] = []

    def note(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    ada.page.on("dialog", note)
    viewer = reader(ada.page, "sly.pdf")
    expect(viewer.locator("canvas")).to_have_count(1)
    ada.page.wait_for_timeout(300)
    assert said == []


def test_links_in_a_document_open_beside_the_messenger_and_only_to_the_web_and_mail(
    shared: Shared,
) -> None:
    good = ["https://example.org/map?a=1", "http://example.org/", "mailto:ada@example.org"]
    bad = ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://example.org/"]
    ada = shared("links.pdf", made.document_with_links([*good, *bad]))
    page = ada.page
    viewer = reader(page, "links.pdf")
    links = viewer.get_by_role("group", name="Page 1").get_by_role("link")
    expect(links).to_have_count(len(good))
    assert [one.get_attribute("href") for one in links.all()] == good
    for link in links.all():
        assert link.get_attribute("target") == "_blank"
        assert set((link.get_attribute("rel") or "").split()) >= {"noopener", "noreferrer"}
    page.context.route("https://example.org/**", lambda route: route.fulfill(body="elsewhere"))
    with page.expect_popup() as opened:
        links.first.click()
    expect(opened.value.get_by_text("elsewhere")).to_be_visible()
    assert opened.value.evaluate("[opener, document.referrer]") == [None, ""]
    opened.value.close()
    at_page(viewer, 1)
    page.set_viewport_size({"width": 1280, "height": 500})
    viewer.get_by_role("button", name="Go to this place in the document").click()
    at_page(viewer, 2)
    expect(viewer.get_by_role("group", name="Page 2")).to_be_in_viewport()


def test_the_reader_is_fetched_when_a_document_is_opened_and_fits_a_phone(shared: Shared) -> None:
    ada = shared("plan.pdf", made.book(["One", "Two"]))
    page = ada.page
    fetched: list[str] = []
    page.on("request", lambda one: fetched.append(one.url))
    page.set_viewport_size({"width": 360, "height": 740})
    page.reload()
    expect(page.get_by_role("button", name="Open PDF plan.pdf")).to_be_visible()
    assert not [url for url in fetched if "PdfReader" in url or "pdf.worker" in url]
    viewer = reader(page, "plan.pdf")
    expect(viewer.get_by_role("group", name="Page 1").locator("canvas")).to_be_visible()
    assert [url for url in fetched if "pdf.worker" in url]
    # Nor does the service worker fetch it for everyone.
    offline = ada.request("GET", "/sw.js").body.decode()
    assert "/static/client/assets/messenger-" in offline
    assert not re.search(r"PdfReader|pdf\.worker|pdfjs", offline)
    ada.no_sideways_scrolling()
    box = viewer.get_by_role("group", name="Page 1").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    viewer.get_by_role("button", name="Find in the document").click()
    viewer.get_by_role("searchbox").fill("two")
    expect(viewer.get_by_role("search").get_by_role("status")).to_have_text("1 of 1")
    ada.no_sideways_scrolling()
