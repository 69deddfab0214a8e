"""A person takes their data with them, reads it without the product, and closes their account."""

import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.acts import arrives
from tests.browser.cast import gather
from tests.browser.looks import out_of_reach
from tests.browser.panels import furnish
from tests.browser.people import NARROW, PASSWORD, WIDE, Open, Someone
from tests.browser.proxy import Proxy
from tests.browser.test_accessibility import AXE, CALM, COLOUR_RULES, RULES, violations
from tests.browser.test_keyboard import Hands
from tests.conftest import missing

SHOWN = "() => [...document.images].every((one) => one.complete && one.naturalWidth > 0)"
both_widths = pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])


def account_settings(person: Someone) -> Any:
    """Open the part of the settings about the account."""
    person.page.goto("/#account")
    dialog = person.page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Your data")).to_be_visible()
    return dialog


def require_accessible(page: Page, where: str) -> None:
    for colours, rules in (("light", RULES), ("dark", COLOUR_RULES)):
        page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
        found = violations(page, rules)
        assert not found, f"{where}, {colours}: {found}"


def look_through(browser: Browser, folder: Path, width: dict[str, int]) -> list[str]:
    """Open all pages of an unpacked download from the disk; return what the browser complained of."""
    complaints: list[str] = []
    context = browser.new_context(viewport=width, bypass_csp=False)  # type: ignore[arg-type]
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.goto((folder / "index.html").as_uri())
    expect(page.get_by_role("heading", name="Your data from EchoSphere")).to_be_visible()
    page.get_by_role("link", name="Account", exact=True).click()
    expect(page.get_by_role("heading", name="Profile and settings")).to_be_visible()
    page.get_by_role("link", name="All conversations").click()
    for number in range(page.locator("main a").count()):
        page.locator("main a").nth(number).click()
        for image in page.locator("img").all():
            image.scroll_into_view_if_needed()
        page.wait_for_function(SHOWN)
        expect(page.locator("body")).to_have_css("margin", "0px")  # the style holds
        wide = "document.documentElement.scrollWidth > innerWidth"
        assert not page.evaluate(wide), page.url
        page.get_by_role("link", name="All pages").click()
        page.get_by_role("link", name="All conversations").click()
    context.close()
    return complaints


@both_widths
def test_a_person_takes_their_data_and_reads_it_without_the_product(
    newcomer: Open,
    proxy: Proxy,
    browser: Browser,
    image: Path,
    tmp_path: Path,
    viewport: dict[str, int],
) -> None:
    if not AXE.is_file():
        missing("axe-core in client/node_modules (bin/setup)")
    for program in ("unzip", "sha256sum"):
        if shutil.which(program) is None:
            missing(program)
    cast = gather(newcomer, proxy, **CALM, viewport=viewport)
    furnish(cast, image)
    script = "<script>document.title = 'run'</script><img src=x onerror=alert(1)> **bold** `code`"
    cast.post(cast.ben, cast.group, script)
    ada, page = cast.ada, cast.ada.page
    page.add_init_script(path=AXE)
    dialog = account_settings(ada)
    hands = Hands(ada)
    hands.choose("button", "Prepare a download")
    link = dialog.get_by_role("link", name="Download")
    expect(link).to_be_visible()
    expect(dialog.get_by_role("status").get_by_text("Your download is ready")).to_be_visible()
    ada.no_sideways_scrolling()
    require_accessible(page, "settings")
    assert out_of_reach(page) == []
    hands.go_to(link)
    with page.expect_download() as downloading:
        hands.press("Enter")
    packed = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(packed)
    assert packed.name.startswith("echosphere-")
    subprocess.run(["unzip", "-q", "-t", str(packed)], check=True)
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(packed) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    sums = ["sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS"]
    subprocess.run(sums, cwd=folder, check=True)
    assert look_through(browser, folder, viewport) == []
    read = newcomer("Reader", base_url="http://127.0.0.1", viewport=viewport, **CALM).page
    read.add_init_script(path=AXE)
    for name in ["index.html", "account.html", *_conversation_pages(folder)]:
        read.goto((folder / name).as_uri())
        assert read.title() != "run"
        require_accessible(read, name)
    hands.choose("button", "Delete now")
    expect(dialog.get_by_role("button", name="Prepare a download")).to_be_visible()


def _conversation_pages(folder: Path) -> list[str]:
    found = sorted(folder.glob("conversations/*/*.html"))
    assert found
    return [path.relative_to(folder).as_posix() for path in found]


@both_widths
def test_who_closes_the_account_chooses_what_happens_to_what_they_wrote(
    newcomer: Open, proxy: Proxy, viewport: dict[str, int]
) -> None:
    cast = gather(newcomer, proxy, **CALM, viewport=viewport)
    cast.post(cast.ben, cast.group, "this goes")
    cast.at(cast.group, cast.ada)
    cast.ada.hears("this goes")
    ben, page = cast.ben, cast.ben.page
    page.add_init_script(path=AXE)
    dialog = account_settings(ben)
    hands = Hands(ben)
    hands.choose("button", "Close account")
    expect(dialog.get_by_text("Download your data first")).to_be_visible()
    expect(dialog.get_by_role("radio", name="Keep them")).to_be_checked()
    hands.go_to(dialog.get_by_role("radio", name="Keep them"))
    hands.press("ArrowDown")
    expect(dialog.get_by_role("radio", name="Delete them for everyone")).to_be_checked()
    ben.no_sideways_scrolling()
    require_accessible(page, "closing")
    assert out_of_reach(page) == []
    password = dialog.get_by_label("Current password").last
    hands.go_to(password)
    hands.type("a wrong password")
    hands.choose("button", "Close my account permanently")
    expect(dialog.get_by_role("alert")).to_be_visible()
    expect(password).to_be_focused()
    hands.press("Control+a")
    hands.type(PASSWORD)
    hands.press("Enter")
    arrives(page, "/login")
    expect(cast.ada.page.get_by_role("log").get_by_text("this goes")).to_have_count(0)
