"""Link previews: a card that follows its message on every device, taken away by its author."""

import contextlib
import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from tests.browser.acts import bubble, taken_by_the_server
from tests.browser.cast import Cast
from tests.browser.overhearing import Overhearing
from tests.browser.people import Someone

PAGE = """<!doctype html><title>The {name}</title>
<meta property="og:description" content="All about the {name}">
<meta property="og:image" content="/picture.png">"""


class WebSite(ThreadingHTTPServer):
    """A site on this machine on which every address is a page of its own, with one picture."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), WebPage)
        self.asked: list[str] = []
        self.address = f"http://127.0.0.1:{self.server_port}"


class WebPage(BaseHTTPRequestHandler):
    """One answer of the site."""

    server: WebSite

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        picture = self.path == "/picture.png"
        body = painted() if picture else PAGE.format(name=self.path[1:]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "image/png" if picture else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def painted() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (640, 320), "teal").save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def site() -> Iterator[WebSite]:
    site = WebSite()
    thread = threading.Thread(target=site.serve_forever)
    thread.start()
    yield site
    site.shutdown()
    thread.join()
    site.server_close()


def card(person: Someone, title: str) -> Locator:
    return person.page.get_by_role("log").get_by_role("link", name=f"Link: {title}")


def test_a_card_follows_the_message_and_goes_when_its_author_takes_it_away(
    cast: Cast, site: WebSite
) -> None:
    olaf = Overhearing(cast.olaf)
    cast.at(cast.group)
    everybody = (cast.ada, cast.phone, cast.ben, cast.cleo)
    cast.ada.say(f"See {site.address}/garden and say")
    for person in everybody:
        shown = card(person, "The garden")
        expect(shown).to_have_attribute("href", f"{site.address}/garden")
        expect(shown).to_contain_text("127.0.0.1")
        expect(shown).to_contain_text("All about the garden")
        expect(shown.locator("img")).to_have_js_property("naturalWidth", 640)
        expect(bubble(person, "See")).to_be_in_viewport()
    picture = card(cast.ben, "The garden").locator("img").get_attribute("src")
    assert picture is not None
    assert picture.startswith("/api/v1/")
    assert cast.ben.request("GET", picture).status == 200
    assert cast.olaf.request("GET", picture).status == 404
    remove = "Remove link preview"
    bubble(cast.ben, "See").hover()
    expect(bubble(cast.ben, "See").get_by_role("button", name=remove)).to_have_count(0)
    bubble(cast.phone, "See").hover()
    bubble(cast.phone, "See").get_by_role("button", name=remove).click()
    for person in everybody:
        expect(card(person, "The garden")).to_have_count(0)
        expect(bubble(person, "See")).to_contain_text(f"{site.address}/garden")
    olaf.heard_nothing_of("garden", cast.group)


def test_links_of_someone_who_wants_no_previews_are_not_looked_at(
    cast: Cast, site: WebSite
) -> None:
    page = cast.ben.page
    page.goto("/")
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("menuitem", name="Settings").click()
    page.get_by_role("tab", name="Privacy").click()
    with taken_by_the_server(cast.ben):
        page.get_by_role("switch", name="Link previews").uncheck()
    for person in (cast.ben, cast.ada):
        cast.at(cast.direct, person)
    cast.ben.say(f"{site.address}/cellar")
    cast.ada.hears("/cellar")
    cast.ada.say(f"{site.address}/kitchen")
    for person in (cast.ada, cast.ben):
        expect(card(person, "The kitchen")).to_be_visible()
        expect(card(person, "The cellar")).to_have_count(0)
    assert "/kitchen" in site.asked
    assert "/cellar" not in site.asked
