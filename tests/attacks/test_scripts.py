"""Attacks by markup in every text that someone else sees, in a real browser."""

import html
import re
import threading
import urllib.parse
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, expect, sync_playwright

from tests.attacks.servers import OWNER, Target, start_target
from tests.browser.cast import become_contacts, in_touch
from tests.browser.conftest import browser_type_launch_args, newcomer
from tests.browser.contexts import Contexts
from tests.browser.people import Open, Someone
from tests.product.people import PASSWORD, new_key
from tests.served import Served

__all__ = ["browser_type_launch_args", "newcomer"]

MARK = "look here"
SHORT = f"<b data-pwned>{MARK}</b>"
"""Fits into a name; an element of it in the page would show that markup was taken for markup."""

LONG = (
    f"{MARK} <img src=x data-pwned onerror=alert(1)> <script data-pwned>alert(1)</script>"
    '"><svg data-pwned onload=alert(1)> <a data-pwned href="javascript:alert(1)">x</a>'
    "<iframe data-pwned srcdoc='<script>alert(1)</script>'></iframe> {{7*7}} ${7*7}"
)


@pytest.fixture(scope="module")
def driver() -> Iterator[Playwright]:
    """What starts browsers; it keeps an event loop running, so it ends with this file."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browser(driver: Playwright, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    """A browser."""
    browser = driver.chromium.launch(**browser_type_launch_args)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def contexts(browser: Browser) -> Iterator[Contexts]:
    """Its contexts; none is used again, since scripts are tried in them."""
    with Contexts(browser, set()).watched() as contexts:
        yield contexts


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """A server that may look where links on this machine lead."""
    folder = tmp_path_factory.mktemp("scripts") / "server"
    settings = {"REGISTRATION": "open", "ALLOW_PRIVATE_ADDRESSES": "on"}
    target = start_target(folder, {f"ECHOSPHERE_{name}": one for name, one in settings.items()})
    yield target
    target.served.stop()
    assert target.faults() == []


@pytest.fixture
def served(target: Target) -> Served:
    """The process of the server."""
    return target.served


class Watch:
    """Notes what a script in a page would do."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.dialogs: list[str] = []
        page.on("dialog", self._note)

    def _note(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def sees_only_text(self, text: str = MARK) -> None:
        """The text is there, and nothing of it is markup."""
        expect(self.page.get_by_text(text).first).to_be_visible()
        self.assert_harmless()

    def assert_harmless(self) -> None:
        """No element, no script and no address came of what someone wrote."""
        assert self.page.locator("[data-pwned]").count() == 0
        assert self.dialogs == []
        for address in self.page.eval_on_selector_all("a[href]", "all => all.map(a => a.protocol)"):
            assert address in ("http:", "https:", "mailto:"), address


@pytest.fixture
def pair(newcomer: Open) -> tuple[Someone, Someone, str]:
    """Ada, who attacks, and Ben, who looks; and the id of their conversation."""
    ada, ben = newcomer("Ada"), newcomer("Ben")
    for person in (ada, ben):
        person.join()
    return ada, ben, in_touch(ada, ben)


Pair = tuple[Someone, Someone, str]


def look(person: Someone, address: str) -> Watch:
    watch = Watch(person.page)
    person.page.goto(address)
    return watch


def say(person: Someone, conversation: str, body: str, **more: Any) -> int:
    given = {"key": new_key(), "body": body, **more}
    said = person.call("POST", f"/conversations/{conversation}/messages", given)["message"]
    return int(said["seq"])


MESSAGES: dict[str, str] = {
    "many at once": LONG,
    "a script": f"<script data-pwned>alert(1)</script>{MARK}",
    "a picture": f"<img src=x onerror=alert(1) data-pwned>{MARK}",
    "a mutation": f'<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 data-pwned onerror=alert(1)&gt;">{MARK}',
    "a comment": f"<!--><img src=x data-pwned onerror=alert(1)>-->{MARK}",
    "entities": f"&lt;img src=x data-pwned onerror=alert(1)&gt;{MARK}",
    "a link to a script": f"[{MARK}](javascript:alert(1))",
    "a link to a script in entities": f"[{MARK}](&#106;avascript:alert(1))",
    "a link to a script with a break": f"[{MARK}](java\tscript:alert(1))",
    "a link to data": f"[{MARK}](data:text/html,<script>alert(1)</script>)",
    "a link to a blob": f"[{MARK}](blob:http://127.0.0.1/x)",
    "a link to a file": f"[{MARK}](file:///etc/passwd)",
    "a link out of its attribute": f'[{MARK}](https://example.org/" data-pwned onmouseover="alert(1))',
    "a title out of its attribute": f'[{MARK}](https://example.org "\\" data-pwned onclick=alert(1)")',
    "a link by angles": f"<javascript:alert(1)> {MARK}",
    "a reference": f"[{MARK}][x]\n\n[x]: javascript:alert(1)",
    "a picture in Markdown": f'![{MARK}](x" data-pwned onerror="alert(1))',
    "code": f"```html\n<img src=x data-pwned onerror=alert(1)> {MARK}\n```",
    "a language of code": f'```"><img data-pwned src=x>\n{MARK}\n```',
    "inline code": f"`<b data-pwned>{MARK}</b>`",
    "a quote": f"> <b data-pwned>{MARK}</b>",
    "a list": f"- <b data-pwned>{MARK}</b>\n- <iframe data-pwned>",
    "a mention": f"@<b data-pwned>{MARK}</b>",
    "deep markup": f"{'*' * 3_000}{'[' * 500}{'>' * 500}{MARK}",
    "prototype": f"__proto__ constructor {MARK}",
}


@pytest.mark.parametrize("body", MESSAGES.values(), ids=MESSAGES)
def test_a_message_is_text(pair: Pair, body: str) -> None:
    ada, ben, here = pair
    say(ada, here, body)
    watch = look(ben, f"/c/{here}")
    log = ben.page.get_by_role("log")
    expect(log.get_by_text(MARK).first).to_be_visible()
    watch.assert_harmless()


def test_an_own_name_is_text_wherever_it_is_seen(pair: Pair) -> None:
    ada, ben, here = pair
    ada.call("PATCH", "/me", {"name": SHORT, "about": LONG[:300]})
    say(ada, here, "hello")
    watch = look(ben, f"/c/{here}")
    watch.sees_only_text()
    ben.page.goto("/#contacts")
    watch.sees_only_text()
    ben.page.goto("/#settings")
    watch.assert_harmless()


def test_a_status_and_a_description_are_text(pair: Pair) -> None:
    ada, ben, here = pair
    ada.call("PATCH", "/me", {"status": {"text": SHORT}, "about": f"{MARK} {SHORT}"})
    watch = look(ben, f"/c/{here}")
    ben.page.get_by_role("button", name="Details", exact=True).click()
    watch.sees_only_text()


def test_a_group_is_text(pair: Pair) -> None:
    ada, ben, _ = pair
    user = ben.call("GET", "/me")["user"]["id"]
    body = {"kind": "group", "title": SHORT, "members": [user]}
    here = ada.call("POST", "/conversations", body)["conversation"]["id"]
    ada.call("PATCH", f"/conversations/{here}", {"description": f"{MARK} {LONG}"[:500]})
    watch = look(ben, f"/c/{here}")
    watch.sees_only_text()
    ben.page.get_by_role("button", name="Details", exact=True).click()
    watch.sees_only_text()


def test_a_page_of_an_invite_is_text(pair: Pair) -> None:
    ada, ben, _ = pair
    ada.call("PATCH", "/me", {"name": SHORT})
    body = {"kind": "group", "title": SHORT, "members": []}
    here = ada.call("POST", "/conversations", body)["conversation"]["id"]
    ada.call("PATCH", f"/conversations/{here}", {"description": LONG[:400]})
    invite = ada.call("POST", f"/conversations/{here}/invites", {})["invite"]
    look(ben, f"/join/{invite['token']}").sees_only_text()


def test_the_name_of_a_file_is_text(pair: Pair) -> None:
    ada, ben, here = pair
    name = f"{MARK} <img src=x data-pwned onerror=alert(1)>.txt"
    file = ada.upload("/attachments", name, b"notes")["attachment"]
    say(ada, here, "", attachments=[file["id"]])
    look(ben, f"/c/{here}").sees_only_text()


def test_a_contact_request_is_text(newcomer: Open) -> None:
    ada, ben, cleo = (newcomer(name) for name in ("Ada", "Ben", "Cleo"))
    for person in (ada, ben, cleo):
        person.join()
    become_contacts(ada, cleo)
    become_contacts(ben, cleo)
    ids = [one.call("GET", "/me")["user"]["id"] for one in (ada, ben)]
    body = {"kind": "group", "title": "Garden", "members": ids}
    cleo.call("POST", "/conversations", body)
    ada.call("PATCH", "/me", {"name": SHORT})
    ada.call("POST", "/contacts", {"user": ids[1], "body": LONG})
    look(ben, "/#contacts").sees_only_text()


def test_what_a_search_finds_is_text(pair: Pair) -> None:
    ada, ben, here = pair
    say(ada, here, f"sarsaparilla {LONG}")
    watch = look(ben, "/#search")
    ben.page.get_by_role("searchbox", name="Search").first.fill("sarsaparilla")
    watch.sees_only_text()


def test_an_earlier_version_and_a_reply_are_text(pair: Pair) -> None:
    ada, ben, here = pair
    seq = say(ada, here, LONG)
    ada.call("PATCH", f"/conversations/{here}/messages/{seq}", {"body": f"{LONG} again"})
    say(ada, here, "an answer", reply_to=seq)
    watch = look(ben, f"/c/{here}")
    ben.page.get_by_role("button", name="Edited. Show earlier versions").first.click()
    expect(ben.page.get_by_role("dialog", name="Earlier versions")).to_contain_text(MARK)
    watch.assert_harmless()


def test_a_draft_that_came_from_another_device_is_text(pair: Pair) -> None:
    ada, _, here = pair
    ada.call("PATCH", f"/conversations/{here}", {"draft": LONG})
    watch = look(ada, f"/c/{here}")
    expect(ada.page.get_by_role("textbox", name="Message")).to_have_value(re.compile(MARK))
    watch.assert_harmless()


def test_the_name_of_a_device_is_text(newcomer: Open, target: Target) -> None:
    ada = newcomer("Ada")
    ada.join()
    httpx.post(
        f"{target.base}/api/v1/sessions",
        json={"email": ada.email, "password": PASSWORD, "bearer": True},
        headers={"User-Agent": f"Mozilla/5.0 {LONG}"},
        trust_env=False,
    )
    watch = look(ada, "/#settings")
    for tab in ada.page.get_by_role("dialog").get_by_role("tab").all():
        tab.click()
        watch.assert_harmless()


class HostilePage(BaseHTTPRequestHandler):
    """A page whose title and description are markup."""

    def do_GET(self) -> None:
        escaped = html.escape(SHORT)
        body = f"<title>{escaped}</title><meta property='og:description' content='{escaped}'>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def hostile_page() -> Iterator[str]:
    """The address of such a page."""
    site = ThreadingHTTPServer(("127.0.0.1", 0), HostilePage)
    thread = threading.Thread(target=site.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{site.server_port}/hostile"
    site.shutdown()
    thread.join()
    site.server_close()


def test_a_preview_of_a_page_is_text(pair: Pair, hostile_page: str) -> None:
    ada, ben, here = pair
    say(ada, here, hostile_page)
    look(ben, f"/c/{here}").sees_only_text()


def test_what_is_reported_is_text_for_the_administrator(
    pair: Pair, newcomer: Open, target: Target
) -> None:
    ada, ben, here = pair
    ada.call("PATCH", "/me", {"name": SHORT})
    seq = say(ada, here, LONG)
    about = ada.call("GET", "/me")["user"]["id"]
    report = {"reason": "abuse", "text": LONG, "conversation": here, "seq": seq}
    ben.call("POST", f"/users/{about}/reports", report)
    olga = newcomer("Olga")
    olga.call("POST", "/sessions", {"email": OWNER, "password": PASSWORD})
    watch = look(olga, "/admin/reports")
    olga.page.get_by_role("button", name=re.compile("Show the report")).first.click()
    watch.sees_only_text()
    for page in ("people", "storage", "settings", "health", "audit"):
        olga.page.goto(f"/admin/{page}")
        expect(olga.page.get_by_role("navigation", name="Administration")).to_be_visible()
        watch.assert_harmless()


def test_a_reason_is_text_for_whom_it_is_told(pair: Pair, target: Target) -> None:
    ada, _, _ = pair
    with httpx.Client(base_url=f"{target.base}/api/v1", trust_env=False) as http:
        proof = {"email": OWNER, "password": PASSWORD, "bearer": True}
        token = http.post("/sessions", json=proof).json()["token"]
        http.headers["Authorization"] = f"Bearer {token}"
        user = ada.call("GET", "/me")["user"]["id"]
        http.put(f"/administration/people/{user}/suspension", json={"reason": LONG[:200]})
    page = ada.page
    watch = Watch(page)
    page.context.clear_cookies()
    page.goto("/login")
    page.get_by_label("E-mail address").fill(ada.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    watch.sees_only_text()


ADDRESSES = [
    "/c/{payload}",
    "/nothing/{payload}",
    "/#{payload}",
    "/?q={payload}#search",
    "/login?next=/{payload}",
    "/login?ended={payload}",
    "/register?next=/{payload}",
    "/join/{payload}",
    "/invite/{payload}",
    "/unsubscribe/{payload}",
    "/reset-password/{payload}",
    "/admin/{payload}",
    "/messages/{payload}",
    "/login?next=javascript:alert(1)",
    "/#javascript:alert(1)",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_no_markup(newcomer: Open, address: str) -> None:
    for is_signed_in in (False, True):
        ada = newcomer(f"Ada{is_signed_in}")
        if is_signed_in:
            ada.join()
        for payload in ("<img src=x data-pwned onerror=alert(1)>", '"><b data-pwned>', "{{7*7}}"):
            watch = look(ada, address.replace("{payload}", urllib.parse.quote(payload)))
            ada.page.wait_for_load_state("load")
            watch.assert_harmless()


@pytest.mark.parametrize("page", ["/login", "/register"])
def test_what_a_form_shows_again_is_text(newcomer: Open, page: str) -> None:
    ada = newcomer("Ada")
    watch = look(ada, page)
    for label in ("Name", "E-mail address", "Password"):
        field = ada.page.get_by_label(label, exact=True)
        if field.count():
            field.fill(f'"><b data-pwned>{MARK}</b>@example.org')
    form = ada.page.locator("main form").first
    with ada.page.expect_navigation():
        form.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    watch.assert_harmless()


SECOND_WALL = {
    "markup": ("document.body.innerHTML = '<b>x</b>'", "TrustedHTML"),
    "a handler": ("document.body.setAttribute('onclick', 'window.ran = true')", "TrustedScript"),
    "a script from elsewhere": (
        "document.createElement('script').src = 'https://evil.example/x.js'",
        "TrustedScriptURL",
    ),
}


@pytest.mark.parametrize(("how", "refusal"), SECOND_WALL.values(), ids=SECOND_WALL)
def test_the_browser_stops_what_got_into_the_page(
    browser: Browser, target: Target, how: str, refusal: str
) -> None:
    context = browser.new_context(base_url=target.base, service_workers="block")
    page = context.new_page()
    page.goto("/login")
    with pytest.raises(Error, match=refusal):
        page.evaluate(f"() => {{ {how} }}")
    assert page.evaluate("window.ran") is None
    context.close()


def test_no_page_of_another_site_frames_ours(browser: Browser, target: Target) -> None:
    page = browser.new_page()
    with page.expect_console_message(lambda said: "frame-ancestors" in said.text):
        page.set_content(f"<iframe src='{target.base}/login' name='inner'></iframe>")
    frame = page.frame("inner")
    assert frame is None or "Sign in" not in frame.content()
    page.close()
