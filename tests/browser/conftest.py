"""People in real browsers, in front of the product as it is served."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from PIL import Image, ImageDraw
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Playwright,
    StorageState,
    expect,
    sync_playwright,
)

from tests.browser.cast import Cast, gather, in_touch, open_at
from tests.browser.contexts import Contexts
from tests.browser.people import WIDE, Open, Pair, Someone
from tests.browser.proxy import NginxWithoutWebSockets, Proxy
from tests.cluster.certificate import key_hash
from tests.conftest import missing
from tests.house.serving import free_port
from tests.mail_server import MailServer
from tests.processes import PROCESSES
from tests.served import Served

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
# Has no windows around its pages, which cost a fifth of the processor time; but neither keeps the app nor
# shows notifications.
SHELL = shutil.which("chromium-headless-shell") or CHROMIUM
# Each window has pages of the browser's own, and a process that waits for the next one: they cost
# more than the page that is tested. Only the last list counts, so that Playwright's is in it, too.
WITHOUT = (
    "SpareRendererForSitePerProcess",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "WebUIOmniboxPopup",
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
QUIET = (
    f"--disable-features={','.join(WITHOUT)}",
    "--no-sandbox",
    # All pages of one context take one process: the next page finds what the last one compiled.
    "--process-per-site",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A microphone that beeps once a second, and someone who allows it.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)
# Several processes are behind nginx with a certificate that only the tests know.
SECURITY: dict[str, Any] = {"ignore_https_errors": PROCESSES > 1}
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium, which makes no connections of its own."""
    if CHROMIUM is None:
        missing("the browser chromium")
    # Ignoring errors is not enough for a service worker: it needs a certificate that is trusted.
    trusted = [f"--ignore-certificate-errors-spki-list={key_hash()}"] if PROCESSES > 1 else []
    return {"executable_path": CHROMIUM, "args": [*QUIET, *trusted]}


@pytest.fixture(scope="package")
def driver() -> Iterator[Playwright]:
    """What starts browsers; it is gone before other tests run, as it keeps an event loop running."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(driver: Playwright, browser_type_launch_args: dict[str, Any]) -> Iterator[Browser]:
    """A browser for all tests that need no more than pages."""
    browser = driver.chromium.launch(**browser_type_launch_args | {"executable_path": SHELL})
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def whole_browser(
    driver: Playwright,
    browser_type_launch_args: dict[str, Any],
    request: pytest.FixtureRequest,
) -> Iterator[Browser]:
    """A browser that installs the app and shows notifications."""
    if SHELL == CHROMIUM:
        yield request.getfixturevalue("browser")
        return
    browser = driver.chromium.launch(**browser_type_launch_args)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def lasting() -> set[str]:
    """The addresses that all tests share."""
    return set()


@pytest.fixture(scope="package")
def contexts(browser: Browser, lasting: set[str]) -> Iterator[Contexts]:
    """The browser contexts of all tests."""
    with Contexts(browser, lasting).watched() as contexts:
        yield contexts


@pytest.fixture(scope="package")
def whole_contexts(whole_browser: Browser, lasting: set[str]) -> Iterator[Contexts]:
    """The contexts of that browser."""
    with Contexts(whole_browser, lasting).watched() as contexts:
        yield contexts


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, lasting: set[str]) -> Iterator[Served]:
    """The product, started once for all browser tests."""
    data = tmp_path_factory.mktemp("browser") / "data"
    served = Served(data, ECHOSPHERE_ALLOW_PRIVATE_ADDRESSES="on")  # for previews of links
    lasting.add(served.start())
    yield served
    served.stop()
    assert "Traceback" not in served.log, served.log


@pytest.fixture
def own_served(tmp_path: Path) -> Iterator[Served]:
    """A product of the test's own, in which no one has an account yet."""
    served = Served(tmp_path / "data")
    served.start()
    yield served
    served.stop()


@pytest.fixture(scope="session")
def one_proxy(served: Served, lasting: set[str]) -> Iterator[Proxy]:
    """A proxy at one address for all tests."""
    proxy = Proxy(served.address)
    proxy.start()
    lasting.add(proxy.address)
    yield proxy
    proxy.stop()


@pytest.fixture
def proxy(request: pytest.FixtureRequest) -> Iterator[Proxy | NginxWithoutWebSockets]:
    """A way to the product on which no WebSocket gets through."""
    if PROCESSES > 1:
        served: Served = request.getfixturevalue("served")
        yield NginxWithoutWebSockets(served.front)
        return
    proxy: Proxy = request.getfixturevalue("one_proxy")
    yield proxy
    proxy.renew()


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


@pytest.fixture
def newcomer(served: Served, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Makes people without an account, each with a browser; all complain of errors at the end."""
    # A worker fetches the whole app for each new browser; only some tests are about that.
    worker = request.node.get_closest_marker("service_worker")
    fetched = {"service_workers": "block"} if worker is None else {}
    people: list[Someone] = []
    faults: list[str] = []

    def make(name: str, **options: Any) -> Someone:
        settings = {"base_url": served.address, "viewport": WIDE, **SECURITY} | fetched | options
        whole = worker is not None or "notifications" in options.get("permissions", ())
        contexts: Contexts = request.getfixturevalue("whole_contexts" if whole else "contexts")

        def browse(known: StorageState) -> Page:
            context = contexts.lend(settings, known)
            context.set_default_timeout(15_000)
            page = context.new_page()
            note_faults(name, page, faults)
            return page

        email = f"{name.lower()}.{abs(hash(request.node.name)) % 10**8}@example.org"
        people.append(Someone(name, email, settings["base_url"], browse, contexts.take_back))
        return people[-1]

    yield make
    for person in people:
        person.leave()
    assert faults == []


def note_faults(name: str, page: Page, faults: list[str]) -> None:
    """Note the errors of a page, but those of the network: they may be what a test is about."""

    def said(message: ConsoleMessage) -> None:
        expected = "Failed to load resource" in message.text or "WebSocket" in message.text
        if message.type == "error" and not expected:
            faults.append(f"{name}: {message.text}")

    page.on("pageerror", lambda error: faults.append(f"{name}: {error}"))
    page.on("console", said)


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
    """Makes two contacts, Ada and Ben, who have their conversation open, or only Ada has."""

    def make(*, alone: bool = False, **options: Any) -> tuple[Someone, Someone]:
        ada, ben = newcomer("Ada", **options), newcomer("Ben", **options)
        for person in (ada, ben):
            person.join()
        conversation = in_touch(ada, ben)
        open_at(f"/c/{conversation}", *((ada,) if alone else (ada, ben)))
        return ada, ben

    return make


@pytest.fixture
def cast(newcomer: Open, proxy: Proxy) -> Cast:
    """Ada with two devices, Ben and Cleo in a group, and Olaf, who belongs to nothing."""
    return gather(newcomer, proxy)


@pytest.fixture
def post() -> Iterator[MailServer]:
    """A mail server, in a thread of its own."""
    post = MailServer()
    controller = Controller(post, "127.0.0.1", free_port(), server_hostname="mail.test")
    controller.start()
    post.port = controller.port
    yield post
    controller.stop()
