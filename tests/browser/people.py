"""People in front of the product, each with a browser of their own."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from http.cookiejar import Cookie
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import (
    BrowserContext,
    FilePayload,
    Locator,
    Page,
    StorageState,
    StorageStateCookie,
    expect,
)

PASSWORD = "correct horse battery staple"
KEPT = """async (store) => {
    const [{ name }] = await indexedDB.databases();
    const rows = () => new Promise((done, failed) => {
        const opening = indexedDB.open(name);
        opening.onerror = () => failed(opening.error);
        opening.onsuccess = () => {
            const database = opening.result;
            const getting = database.transaction(store).objectStore(store).getAll();
            getting.onsuccess = () => {
                database.close();
                done(getting.result);
            };
        };
    });
    const satisfied = (rows) => CONDITION;
    for (let tries = 0; tries < 500; tries += 1) {
        if (satisfied(await rows())) return true;
        await new Promise((done) => setTimeout(done, 30));
    }
    return false;
}"""
TYPES_ON = """(box) => {
    const typing = setInterval(() => {
        if (box.value === '') clearInterval(typing);
        else box.value += '.';
        box.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }, 200);
}"""

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 360, "height": 740}


Browse = Callable[[StorageState], Page]
Leave = Callable[[BrowserContext], None]


@dataclass(frozen=True)
class Answer:
    """What the server answered to a REST call."""

    status: int
    body: bytes


class Someone:
    """A person with a browser of their own, which starts when its page is first needed.

    Args:
        name: Their name.
        email: Their address.
        base_url: Where the product is.
        browse: Starts the browser with the cookies that the person has by then.
        leave: Gives the browser back.
    """

    def __init__(self, name: str, email: str, base_url: str, browse: Browse, leave: Leave) -> None:
        self.name = name
        self.email = email
        self._base_url = base_url
        self._browse = browse
        self._leave = leave
        self._page: Page | None = None
        self._before = httpx.Client(base_url=base_url, verify=False, trust_env=False)

    @property
    def page(self) -> Page:
        """The page that the person has before them."""
        if self._page is None:
            cookies = [in_browser(one) for one in self._before.cookies.jar]
            self._page = self._browse({"cookies": cookies, "origins": []})
            self._before.close()
        return self._page

    @page.setter
    def page(self, page: Page) -> None:
        self._page = page

    def leave(self) -> None:
        """Give back what is open."""
        self._before.close()
        if self._page is not None:
            self._leave(self._page.context)

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Make a REST call that succeeds, with the cookies of this browser."""
        answer = self.request(method, f"/api/v1{path}", body)
        assert 200 <= answer.status < 300, answer.body.decode()
        return json.loads(answer.body) if answer.body else None

    def request(self, method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        """Make a request with the cookies of this browser."""
        if self._page is None:
            early = self._before.request(method, path, json=body, headers=self.headers)
            return Answer(early.status_code, early.content)
        requests = self._page.context.request
        answer = requests.fetch(path, method=method, data=body, headers=self.headers)
        return Answer(answer.status, answer.body())

    def upload(self, path: str, name: str, content: bytes) -> Any:
        """Upload a file with the cookies of this browser."""
        where, kind = f"/api/v1{path}", "application/octet-stream"
        if self._page is None:
            early = self._before.post(
                where, files={"file": (name, content, kind)}, headers=self.headers
            )
            assert early.is_success, early.text
            return early.json()
        file: FilePayload = {"name": name, "mimeType": kind, "buffer": content}
        requests = self._page.context.request
        answer = requests.post(where, multipart={"file": file}, headers=self.headers)
        assert answer.ok, answer.text()
        return answer.json()

    @property
    def headers(self) -> dict[str, str]:
        """What the page of this browser would say of itself."""
        return {"Origin": self._base_url}

    def join(self) -> None:
        """Get an account without the pages for it."""
        account = {"email": self.email, "name": self.name, "password": PASSWORD}
        self.call("POST", "/accounts", account)

    def sign_in(self) -> None:
        """Fill in the page for signing in, which is shown."""
        page = self.page
        page.get_by_label("E-mail address").fill(self.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()

    def sign_up(self) -> None:
        page = self.page
        page.goto("/register")
        page.get_by_label("Name").fill(self.name)
        page.get_by_label("E-mail address").fill(self.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Create account").click()
        expect(page.get_by_role("button", name="Your menu")).to_be_visible()

    def ask(self, other: "Someone") -> None:
        """Ask someone to become a contact."""
        self.show("Contacts")
        self.page.get_by_role("button", name="Add contact").first.click()
        dialog = self.page.get_by_role("dialog", name="Add contact")
        dialog.get_by_label("E-mail address").fill(other.email)
        dialog.get_by_role("button", name="Send request").click()
        expect(dialog).to_be_hidden()

    def accept(self, other: "Someone") -> None:
        """Accept the request that arrived."""
        self.show("Contacts")
        self.page.get_by_role("button", name=f"Accept {other.name}").click()
        expect(self.contact(other.name)).to_be_visible()

    def contact(self, name: str) -> Locator:
        """Return the row of a contact in the list, which opens the conversation."""
        panel = self.page.get_by_role("tabpanel", name="Contacts")
        return panel.get_by_role("button", name=f"Write to {name}")

    def write_to(self, other: "Someone") -> None:
        """Open the conversation with a contact."""
        self.show("Contacts")
        self.contact(other.name).click()
        expect(self.page.get_by_role("textbox", name="Message")).to_be_visible()

    def show(self, list_name: str) -> None:
        """Show the list of conversations or contacts."""
        back = self.page.get_by_role("button", name="Back")
        if back.is_visible():
            back.click()
        self.page.get_by_role("tab", name=list_name).click()

    def say(self, text: str) -> None:
        self.page.get_by_role("textbox", name="Message").fill(text)
        self.page.get_by_role("button", name="Send").click()

    def types_on(self, text: str) -> None:
        """Begin a text and go on typing until it is sent."""
        box = self.page.get_by_role("textbox", name="Message")
        box.press_sequentially(text)
        box.evaluate(TYPES_ON)

    def attach(self, *files: Path) -> None:
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("button", name="Attach files").click()
        chooser.value.set_files(list(files))

    def hears(self, text: str) -> None:
        """See a text in the conversation."""
        expect(self.page.get_by_role("log").get_by_text(text)).to_have_count(1)

    def sees(self, role: Any, name: str) -> None:
        expect(self.page.get_by_role("log").get_by_role(role, name=name)).to_be_visible()

    def keeps(self, store: str, condition: str) -> None:
        """Wait until what this browser keeps for the person satisfies a condition.

        Args:
            store: The object store in their IndexedDB.
            condition: A JavaScript expression about `rows`.
        """
        kept = self.page.evaluate(KEPT.replace("CONDITION", condition), store)
        assert kept, f"what {store} holds does not satisfy {condition}"

    def no_sideways_scrolling(self) -> None:
        wider = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wider <= 0, f"the page is {wider} px too wide"


def in_browser(cookie: Cookie) -> StorageStateCookie:
    """A cookie that was given to a person before their browser started."""
    return {
        "name": cookie.name,
        "value": cookie.value or "",
        "domain": cookie.domain,
        "path": cookie.path,
        "expires": cookie.expires or -1,
        "secure": cookie.secure,
        "httpOnly": cookie.has_nonstandard_attr("HttpOnly"),
        "sameSite": "Lax",
    }


def meet(one: Someone, other: Someone) -> None:
    """Make two people contacts, each with their conversation open."""
    one.ask(other)
    other.accept(one)
    other.write_to(one)
    one.write_to(other)


Open = Callable[..., Someone]
Pair = Callable[..., tuple[Someone, Someone]]
