"""People in real browsers, in front of the product as it is served."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.proxy import Proxy
from tests.conftest import missing
from tests.served import Served

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
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

expect.set_options(timeout=15_000)

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium, which makes no connections of its own."""
    if CHROMIUM is None:
        missing("the browser chromium")
    return {"executable_path": CHROMIUM, "args": list(QUIET)}


@pytest.fixture(scope="module")
def browser(browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    """A browser that is gone before other tests run: Playwright keeps an event loop running."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**browser_type_launch_args)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The product, started once for all browser tests."""
    served = Served(tmp_path_factory.mktemp("browser") / "data")
    served.start()
    yield served
    served.stop()
    assert "Traceback" not in served.log, served.log


@pytest.fixture
def proxy(served: Served) -> Iterator[Proxy]:
    """A way to the product on which no WebSocket gets through."""
    proxy = Proxy(served.address)
    proxy.start()
    yield proxy
    proxy.stop()


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A photograph, more or less."""
    path = tmp_path / "sun.jpg"
    picture = Image.new("RGB", (1600, 900), (40, 120, 140))
    ImageDraw.Draw(picture).ellipse((300, 200, 900, 700), fill=(240, 200, 90))
    picture.save(path)
    return path


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A document of one page."""
    path = tmp_path / "plan.pdf"
    picture = Image.new("RGB", (600, 800), "white")
    ImageDraw.Draw(picture).rectangle((60, 60, 540, 300), fill=(200, 60, 60))
    picture.save(path)
    return path


class Someone:
    """A person with a browser of their own."""

    def __init__(self, name: str, email: str, page: Page, base_url: str) -> None:
        self.name = name
        self.email = email
        self.page = page
        self._base_url = base_url

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Make a REST call with the cookies of this browser."""
        answer = self.page.context.request.fetch(
            f"/api/v1{path}", method=method, data=body, headers={"Origin": self._base_url}
        )
        assert answer.ok, answer.text()
        return answer.json() if answer.body() else None

    def join(self) -> None:
        """Get an account without the pages for it."""
        account = {"email": self.email, "name": self.name, "password": PASSWORD}
        self.call("POST", "/accounts", account)

    def sign_in(self) -> None:
        """Fill in the page for signing in, which is shown."""
        page = self.page
        page.get_by_label("E-mail address").fill(self.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()

    def sign_up(self) -> None:
        page = self.page
        page.goto("/register")
        page.get_by_label("Name").fill(self.name)
        page.get_by_label("E-mail address").fill(self.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Create account").click()
        expect(page.get_by_role("button", name="Your menu")).to_be_visible()

    def ask(self, other: "Someone") -> None:
        """Ask somebody to become a contact."""
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
        expect(self.page.get_by_role("button", name=f"Write to {other.name}")).to_be_visible()

    def write_to(self, other: "Someone") -> None:
        """Open the conversation with a contact."""
        self.show("Contacts")
        self.page.get_by_role("button", name=f"Write to {other.name}").click()
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


def meet(one: Someone, other: Someone) -> None:
    """Make two people contacts, each with their conversation open."""
    one.ask(other)
    other.accept(one)
    other.write_to(one)
    one.write_to(other)


Open = Callable[..., Someone]
Pair = Callable[..., tuple[Someone, Someone]]


@pytest.fixture
def newcomer(browser: Browser, served: Served, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens browsers for people without an account; each complains of errors at the end."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def make(name: str, **options: Any) -> Someone:
        settings = {"base_url": served.address, "viewport": WIDE} | options
        context = browser.new_context(**settings)
        contexts.append(context)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"{name}: {error}"))
        page.on(
            "console",
            lambda said: (
                faults.append(f"{name}: {said.text}")
                if said.type == "error"
                and "Failed to load resource" not in said.text
                and "WebSocket" not in said.text
                else None
            ),
        )
        email = f"{name.lower()}.{abs(hash(request.node.name)) % 10**8}@example.org"
        return Someone(name, email, page, settings["base_url"])

    yield make
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def someone(newcomer: Open) -> Open:
    """Makes people who have just registered."""

    def make(name: str, **options: Any) -> Someone:
        person = newcomer(name, **options)
        person.sign_up()
        return person

    return make


@pytest.fixture
def pair(newcomer: Open) -> Pair:
    """Makes two contacts, Ada and Ben, who both have their conversation open."""

    def make(**options: Any) -> tuple[Someone, Someone]:
        ada, ben = newcomer("Ada", **options), newcomer("Ben", **options)
        ada.join()
        ben.join()
        ada.call("POST", "/contacts", {"email": ben.email})
        [request] = ben.call("GET", "/contacts/requests")["requests"]
        ben.call("POST", f"/contacts/requests/{request['id']}", {"accept": True})
        direct = {"kind": "direct", "user": request["user"]["id"]}
        conversation = ben.call("POST", "/conversations", direct)["conversation"]["id"]
        for person in (ada, ben):
            person.page.goto(f"/c/{conversation}")
            expect(person.page.get_by_role("textbox", name="Message")).to_be_visible()
        return ada, ben

    return make
