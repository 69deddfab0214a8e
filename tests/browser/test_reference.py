"""The reference of the API: everyone may read it, on any screen, by keyboard and by link."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.cast import gather
from tests.browser.looks import looks_well_everywhere
from tests.browser.people import NARROW, WIDE, Open
from tests.browser.proxy import Proxy
from tests.browser.test_accessibility import CALM
from tests.served import Served

DOCS = "/api/v1/docs"


class Reader:
    """Someone who is not signed in; `complaints` has what the browser refused or sent elsewhere."""

    def __init__(self, browser: Browser, base: str, **options: object) -> None:
        given: dict[str, object] = {"base_url": base, "ignore_https_errors": True, **options}
        self.page: Page = browser.new_context(**given).new_page()  # type: ignore[arg-type]
        self.complaints: list[str] = []
        self._host = urlsplit(base).netloc
        self.page.on("console", lambda said: self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda sent: self._note(sent.url))

    def _note(self, url: str) -> None:
        if urlsplit(url).netloc != self._host:
            self.complaints.append(f"asked {url}")


@pytest.fixture
def reader(browser: Browser, served: Served) -> Iterator[Reader]:
    """A reader with a wide screen."""
    reader = Reader(browser, served.address, viewport=WIDE, locale="en-GB")
    yield reader
    reader.page.context.close()
    assert reader.complaints == []


def test_everyone_finds_a_call_and_its_command(reader: Reader, served: Served) -> None:
    page = reader.page
    page.goto(DOCS)
    expect(page.get_by_role("heading", name="Messages", exact=True)).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("post message")
    expect(page.get_by_role("searchbox")).to_have_value("post message")
    expect(page.get_by_role("status")).to_contain_text("entries")
    page.get_by_role("navigation").get_by_role("link", name="postMessage", exact=True).click()
    call = page.locator("#postMessage")
    expect(call.get_by_text("messages:write")).to_be_visible()
    expect(call.locator("summary").first).to_be_focused()
    expect(call.locator("pre", has_text="curl -X POST")).to_contain_text(
        f"{served.address}/api/v1/conversations/"
    )
    assert page.url.endswith("#postMessage")
    answer = call.locator("details", has_text="Fields of Message").first
    answer.locator("summary").first.click()
    expect(answer.get_by_text("created_at").first).to_be_visible()
    page.get_by_role("searchbox").fill("nothing like it")
    expect(page.get_by_role("status")).to_have_text("No calls or events found.")


def test_a_link_leads_to_a_call_and_to_an_event_of_the_socket(reader: Reader) -> None:
    page = reader.page
    page.goto(f"{DOCS}#socket-message.event")
    event = page.locator("[id='socket-message.event']")
    expect(event.get_by_role("heading", name="Payload")).to_be_visible()
    expect(event.locator("summary").first).to_be_focused()
    page.goto(f"{DOCS}#listEvents")
    call = page.locator("#listEvents")
    expect(call.get_by_role("heading", name="Parameters")).to_be_visible()
    page.keyboard.press("Enter")
    expect(call.get_by_role("heading", name="Parameters")).to_have_count(0)


def test_a_command_is_copied(reader: Reader) -> None:
    page = reader.page
    page.goto(f"{DOCS}#getMe")
    copy = page.locator("#getMe").get_by_role("button", name="Copy: Command")
    copy.click()
    expect(copy).to_have_text("Copied")


def test_without_the_server_it_says_so_and_tries_again(reader: Reader) -> None:
    page = reader.page
    page.route("**/openapi.json", lambda route: route.abort())
    page.goto(DOCS)
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    page.unroute("**/openapi.json")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Messages", exact=True)).to_be_visible()
    assert [one for one in reader.complaints if "ERR_FAILED" not in one] == []
    reader.complaints.clear()


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_the_reference_looks_well(browser: Browser, served: Served, locale: str) -> None:
    page = Reader(browser, served.address, viewport=WIDE, locale=locale, **CALM).page
    page.goto(f"{DOCS}#postMessage")
    expect(page.locator("#postMessage .inside")).to_be_visible()
    page.get_by_role("searchbox").fill("postMessage")
    looks_well_everywhere(page, f"reference {locale}")
    page.context.close()


def test_on_a_phone_the_contents_open_and_close(browser: Browser, served: Served) -> None:
    page = Reader(browser, served.address, viewport=NARROW, locale="en-GB").page
    page.goto(DOCS)
    contents = page.get_by_role("navigation", name="Contents")
    expect(contents).to_be_hidden()
    page.get_by_role("button", name="Contents").click()
    contents.get_by_role("link", name="createBot", exact=True).click()
    expect(contents).to_be_hidden()
    expect(page.locator("#createBot .inside")).to_be_in_viewport()
    page.context.close()


def test_the_settings_lead_to_it(newcomer: Open, proxy: Proxy) -> None:
    cast = gather(newcomer, proxy, viewport=WIDE)
    page = cast.ada.page
    page.goto(f"/c/{cast.group}#settings")
    page.get_by_role("tab", name="Bots and keys").click()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="All calls and events").click()
    expect(opened.value.get_by_role("heading", name="API reference")).to_be_visible()
