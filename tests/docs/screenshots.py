"""Takes the pictures in `docs/screens`: `bin/screenshots [NAME…]`.

The product runs on a temporary data folder with the sample team; the story and the browser have the
same fixed time, so that pictures taken on another day show the same.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from echosphere.commands.sample import sample
from echosphere.commands.sample_story import PASSWORD, PEOPLE
from echosphere.settings import load_settings
from tests.house.repository import ROOT
from tests.house.serving import free_port, running, settings_for

SCREENS = ROOT / "docs" / "screens"
STORY_ENDS = datetime(2026, 3, 12, 16, 42, tzinfo=UTC)
MAX_BYTES = 300_000
COLOURS = 256

WIDE = ViewportSize(width=1280, height=880)
MEDIUM = ViewportSize(width=768, height=900)
PHONE = ViewportSize(width=360, height=740)
GROUP = "Repair café"


# Pictures further up are loaded when someone scrolls to them.
ALL_IN_VIEW_IS_LOADED = """() => [...document.images].every((image) => {
  const place = image.getBoundingClientRect();
  const seen = place.bottom > 0 && place.top < innerHeight && place.width > 0;
  return !seen || (image.complete && image.naturalWidth > 0);
})"""


class Camera:
    """A browser that is signed in as one of the team, and takes pictures."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser = browser
        self.url = url

    @contextmanager
    def page(
        self,
        size: ViewportSize,
        *,
        dark: bool = False,
        signed_in: bool = True,
        language: str = "en",
    ) -> Iterator[Page]:
        """A page of this size, at the time of the story; nothing on it moves."""
        context = self._browser.new_context(
            viewport=size,
            device_scale_factor=2 if size["width"] < 600 else 1,
            has_touch=size["width"] < 600,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="de-DE" if language == "de" else "en-GB",
            timezone_id="UTC",
        )
        page = context.new_page()
        page.clock.set_fixed_time(STORY_ENDS)
        if signed_in:
            self.sign_in(page)
        yield page
        context.close()

    def sign_in(self, page: Page) -> None:
        page.goto(f"{self.url}/login")
        page.fill("input[name=email]", PEOPLE["mira"].email)
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.locator("nav a[href^='/c/']").first.wait_for()

    def show(self, page: Page, panel: str) -> None:
        """Open the dialog that an address names."""
        page.evaluate("panel => { location.hash = panel; }", panel)
        page.get_by_role("dialog").wait_for()

    def open(self, page: Page, title: str = GROUP) -> None:
        """Open a conversation and wait until its pictures are there."""
        page.locator("nav").get_by_text(title, exact=True).click()
        page.get_by_role("log").get_by_role("img").first.wait_for()


def conversation_light(camera: Camera) -> None:
    with camera.page(WIDE) as page:
        camera.open(page)
        shoot(page, "conversation-light")


def conversation_dark(camera: Camera) -> None:
    with camera.page(WIDE, dark=True) as page:
        camera.open(page)
        shoot(page, "conversation-dark")


def conversation_medium(camera: Camera) -> None:
    with camera.page(MEDIUM) as page:
        camera.open(page)
        shoot(page, "conversation-medium")


def phone_list(camera: Camera) -> None:
    with camera.page(PHONE) as page:
        shoot(page, "phone-list")


def phone_conversation(camera: Camera) -> None:
    with camera.page(PHONE) as page:
        camera.open(page)
        shoot(page, "phone-conversation")


def viewer(camera: Camera) -> None:
    with camera.page(WIDE) as page:
        camera.open(page)
        page.get_by_role("log").get_by_role("button", name="harbour-at-dusk.jpg").click()
        page.get_by_role("dialog").get_by_role("img").first.wait_for()
        shoot(page, "viewer")


def contacts(camera: Camera) -> None:
    with camera.page(WIDE) as page:
        camera.open(page, "Jonas Weber")
        page.get_by_role("tab", name="Contacts").click()
        page.get_by_text(PEOPLE["noor"].name).first.wait_for()
        shoot(page, "contacts")


def details(camera: Camera) -> None:
    with camera.page(WIDE) as page:
        camera.open(page)
        page.get_by_role("button", name="Details").click()
        page.get_by_role("complementary").get_by_role("button", name="Open image").last.wait_for()
        shoot(page, "details")


def phone_details(camera: Camera) -> None:
    with camera.page(PHONE, dark=True) as page:
        camera.open(page)
        page.get_by_role("button", name="Details").click()
        page.get_by_role("button", name="Invite by link").wait_for()
        shoot(page, "phone-details")


def message_menu(camera: Camera) -> None:
    with camera.page(WIDE) as page:
        camera.open(page)
        page.get_by_role("log").get_by_text("I whisper it for a biscuit.").click(button="right")
        page.get_by_role("menu").wait_for()
        shoot(page, "message-menu")


def phone_message_menu(camera: Camera) -> None:
    with camera.page(PHONE) as page:
        camera.open(page)
        page.get_by_role("log").get_by_text("I whisper it for a biscuit.").click(button="right")
        page.get_by_role("menu").wait_for()
        shoot(page, "phone-message-menu")


def reply(camera: Camera) -> None:
    """Several pictures in one message, an answer being written, with people to mention."""
    with camera.page(WIDE, dark=True) as page:
        camera.open(page, "Posters & flyers")
        said = page.get_by_role("log").get_by_text("I take ten for the market.")
        said.click(button="right")
        page.get_by_role("menuitem", name="Reply").click()
        page.get_by_role("textbox", name="Message").press_sequentially("Take fifteen, @")
        page.get_by_role("listbox").wait_for()
        shoot(page, "reply")


def emoji(camera: Camera) -> None:
    with camera.page(WIDE) as page:
        camera.open(page, "Jonas Weber")
        page.get_by_role("button", name="Emoji").click()
        page.get_by_role("searchbox").or_(
            page.get_by_role("textbox", name="Search")
        ).first.wait_for()
        shoot(page, "emoji")


def search(camera: Camera) -> None:
    with camera.page(WIDE) as page:
        camera.open(page)
        page.get_by_role("button", name="Search").first.click()
        page.get_by_role("searchbox", name="Search").fill("cake")
        page.locator("mark").first.wait_for()
        shoot(page, "search")


def settings(camera: Camera) -> None:
    with camera.page(WIDE) as page:
        camera.open(page)
        camera.show(page, "settings")
        shoot(page, "settings")


def settings_notifications(camera: Camera) -> None:
    with camera.page(WIDE, dark=True) as page:
        camera.open(page)
        camera.show(page, "settings")
        page.get_by_role("tab", name="Notifications").click()
        shoot(page, "settings-notifications")


def phone_settings(camera: Camera) -> None:
    with camera.page(PHONE) as page:
        camera.show(page, "settings")
        page.get_by_role("dialog").get_by_text("Privacy").click()
        shoot(page, "phone-settings")


def settings_security(camera: Camera) -> None:
    with camera.page(WIDE, dark=True) as page:
        camera.open(page)
        camera.show(page, "settings")
        page.get_by_role("tab", name="Security").click()
        shoot(page, "settings-security")


def administration(camera: Camera) -> None:
    with camera.page(WIDE) as page:
        page.goto(f"{camera.url}/admin")
        page.get_by_text(PEOPLE["noor"].name).first.wait_for()
        shoot(page, "administration")


def phone_administration(camera: Camera) -> None:
    with camera.page(PHONE) as page:
        page.goto(f"{camera.url}/admin")
        page.get_by_text(PEOPLE["noor"].name).first.wait_for()
        shoot(page, "phone-administration")


def invitations(camera: Camera) -> None:
    """People of a CSV file, before they are invited."""
    with camera.page(WIDE) as page:
        page.goto(f"{camera.url}/admin/invitations")
        page.get_by_role("button", name="By e-mail").click()
        lines = "Name,E-mail\nAnton Berg,anton@example.org\nLena Brandt,lena@example.org"
        people = {"name": "people.csv", "mimeType": "text/csv", "buffer": lines.encode()}
        page.locator("input[type=file]").set_input_files(people)  # type: ignore[arg-type]
        page.get_by_role("button", name="Invite these 2 people").scroll_into_view_if_needed()
        shoot(page, "invitations")


def phone_server_settings(camera: Camera) -> None:
    with camera.page(PHONE) as page:
        page.goto(f"{camera.url}/admin/settings")
        page.get_by_label("Registration", exact=True).wait_for()
        shoot(page, "phone-server-settings")


def storage(camera: Camera) -> None:
    with camera.page(WIDE) as page:
        page.goto(f"{camera.url}/admin/storage")
        page.get_by_role("list", name="Storage by person").get_by_role("listitem").first.wait_for()
        shoot(page, "storage")


def announcements(camera: Camera) -> None:
    with camera.page(WIDE, dark=True) as page:
        page.goto(f"{camera.url}/admin/announcements")
        page.get_by_role("button", name="New announcement").click()
        said = "The server moves on Sunday from 8 to 9. Messages wait until it is back."
        page.get_by_label("What do you want to say?").fill(said)
        page.get_by_label("How it is shown").select_option("warning")
        shoot(page, "announcements")


def own_data(camera: Camera) -> None:
    with camera.page(WIDE) as page:
        camera.open(page)
        camera.show(page, "account")
        page.get_by_role("heading", name="Your data").scroll_into_view_if_needed()
        page.get_by_role("button", name="Close account").click()
        page.get_by_role("radio", name="Keep them").scroll_into_view_if_needed()
        shoot(page, "own-data")


def phone_second_factor(camera: Camera) -> None:
    with camera.page(PHONE) as page:
        camera.show(page, "settings")
        page.get_by_role("dialog").get_by_role("button", name="Security").click()
        page.get_by_role("button", name="Set up an app").click()
        page.get_by_text("Scan this with the app").evaluate("one => one.scrollIntoView()")
        shoot(page, "phone-second-factor")


def group_settings(camera: Camera) -> None:
    with camera.page(WIDE) as page:
        camera.open(page)
        page.get_by_role("button", name="Details").click()
        page.get_by_role("button", name="Edit group").click()
        page.get_by_role("dialog", name="Group settings").wait_for()
        shoot(page, "group-settings")


def phone_word_filter(camera: Camera) -> None:
    with camera.page(PHONE, dark=True) as page:
        camera.open(page)
        page.get_by_role("button", name="Details").click()
        page.get_by_role("button", name="Edit group").click()
        page.get_by_role("button", name="Word filter").click()
        words = page.get_by_label("Words and phrases, one per line")
        words.fill("lottery\nfree money\nclick here")
        shoot(page, "phone-word-filter")


def profile(camera: Camera) -> None:
    with camera.page(WIDE) as page:
        camera.open(page, "Jonas Weber")
        page.get_by_role("button", name="Details").click()
        page.get_by_role("button", name="Profile", exact=True).click()
        page.get_by_role("dialog", name="Profile").wait_for()
        shoot(page, "profile")


def switcher(camera: Camera) -> None:
    with camera.page(WIDE, dark=True) as page:
        camera.open(page)
        camera.show(page, "switch")
        page.get_by_role("combobox").fill("o")
        shoot(page, "switcher")


def shortcuts(camera: Camera) -> None:
    with camera.page(WIDE) as page:
        camera.open(page)
        camera.show(page, "help")
        shoot(page, "shortcuts")


def new_group(camera: Camera) -> None:
    with camera.page(WIDE) as page:
        camera.open(page)
        camera.show(page, "new-group")
        page.get_by_label("Group name").fill("Summer fair")
        page.get_by_role("checkbox").first.check()
        shoot(page, "new-group")


def make_link(camera: Camera, page: Page) -> str:
    """Make a link to the group, and return its address."""
    camera.open(page)
    page.get_by_role("button", name="Details").click()
    page.get_by_role("button", name="Invite by link").click()
    page.get_by_role("button", name="Create link").click()
    return page.get_by_label("Invitation link", exact=True).input_value()


def invite(camera: Camera) -> None:
    with camera.page(WIDE) as page:
        make_link(camera, page)
        shoot(page, "invite")


def join(camera: Camera) -> None:
    """What someone without an account sees who follows a link."""
    with camera.page(WIDE) as page:
        address = make_link(camera, page)
    with camera.page(WIDE, signed_in=False) as page:
        page.goto(address)
        shoot(page, "join")


def saved(camera: Camera) -> None:
    with camera.page(WIDE) as page:
        camera.open(page)
        for text in ("Notes of tonight, two pages.", "I whisper it for a biscuit."):
            page.get_by_role("log").get_by_text(text).first.click(button="right")
            page.get_by_role("menuitem", name="Save").click()
        camera.show(page, "saved")
        page.get_by_role("dialog").get_by_text("Notes of tonight").wait_for()
        shoot(page, "saved")


def german(camera: Camera) -> None:
    with camera.page(WIDE, language="de") as page:
        camera.open(page)
        camera.show(page, "settings")
        page.get_by_role("dialog").get_by_role("tab").nth(1).click()
        shoot(page, "german")


def right_to_left(camera: Camera) -> None:
    with camera.page(WIDE) as page:
        page.evaluate("document.documentElement.dir = 'rtl'")
        camera.open(page)
        shoot(page, "right-to-left")


def offline(camera: Camera) -> None:
    with camera.page(PHONE, dark=True) as page:
        camera.open(page)
        page.context.set_offline(offline=True)
        page.get_by_role("textbox", name="Message").fill("I am in the tunnel, this goes out later.")
        page.get_by_role("button", name="Send").click()
        page.get_by_text("No connection.").wait_for()
        shoot(page, "offline")


def sign_in(camera: Camera) -> None:
    with camera.page(WIDE, signed_in=False) as page:
        page.goto(f"{camera.url}/login")
        shoot(page, "sign-in")


def first_use(camera: Camera) -> None:
    """Someone who has just registered, and whom no one knows yet."""
    with camera.page(WIDE, signed_in=False) as page:
        page.goto(f"{camera.url}/register")
        page.fill("input[name=name]", "Lena Brandt")
        page.fill("input[name=email]", "lena@example.org")
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.get_by_text("Welcome, Lena").wait_for()
        shoot(page, "first-use")


PICTURES: dict[str, Callable[[Camera], None]] = {
    "sign-in": sign_in,
    "first-use": first_use,
    "conversation-light": conversation_light,
    "conversation-dark": conversation_dark,
    "conversation-medium": conversation_medium,
    "phone-list": phone_list,
    "phone-conversation": phone_conversation,
    "viewer": viewer,
    "contacts": contacts,
    "details": details,
    "phone-details": phone_details,
    "message-menu": message_menu,
    "phone-message-menu": phone_message_menu,
    "reply": reply,
    "emoji": emoji,
    "search": search,
    "settings": settings,
    "settings-notifications": settings_notifications,
    "phone-settings": phone_settings,
    "settings-security": settings_security,
    "administration": administration,
    "phone-administration": phone_administration,
    "invitations": invitations,
    "phone-server-settings": phone_server_settings,
    "storage": storage,
    "announcements": announcements,
    "own-data": own_data,
    "phone-second-factor": phone_second_factor,
    "group-settings": group_settings,
    "phone-word-filter": phone_word_filter,
    "profile": profile,
    "switcher": switcher,
    "shortcuts": shortcuts,
    "new-group": new_group,
    "invite": invite,
    "join": join,
    "saved": saved,
    "german": german,
    "right-to-left": right_to_left,
    "offline": offline,
}


def shoot(page: Page, name: str) -> None:
    """Take a picture once everything is loaded, and make the file small."""
    page.wait_for_load_state("load")
    page.wait_for_function(ALL_IN_VIEW_IS_LOADED)
    page.evaluate("() => document.fonts.ready.then(() => null)")
    page.wait_for_timeout(300)
    file = SCREENS / f"{name}.png"
    page.screenshot(path=file, animations="disabled", caret="hide")
    make_small(file)
    print(f"{file.relative_to(ROOT)}  {file.stat().st_size // 1000} kB")


def make_small(file: Path) -> None:
    """Compress a picture, with fewer colours if that is not enough."""
    with Image.open(file) as opened:
        image = opened.convert("RGB")
    image.save(file, optimize=True)
    if file.stat().st_size > MAX_BYTES:
        image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    if file.stat().st_size > MAX_BYTES:
        raise SystemExit(f"{file} is larger than {MAX_BYTES} bytes")


@contextmanager
def product(filled: Path) -> Iterator[str]:
    """The product on a copy of the filled folder: what is read in one picture is new in the next."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(filled, Path(folder) / "data")
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        environment = settings_for(Path(folder) / "data", port, url)
        command = [sys.executable, "-m", "echosphere", "serve"]
        with running(command, f"{url}/healthz", environment, Path(folder)):
            yield url


def fill(folder: Path) -> None:
    """Put the sample team into a folder."""
    environment = settings_for(folder, 5000, "http://127.0.0.1:5000")
    sample(load_settings(environment), lambda: int(STORY_ENDS.timestamp() * 1000))


def take(wanted: list[str], filled: Path) -> None:
    """Take pictures, each of a product that no one has used since it was filled."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name in wanted:
            with product(filled) as url:
                PICTURES[name](Camera(browser, url))
        browser.close()


def main(wanted: list[str]) -> int:
    """Take the pictures that are named, or all."""
    unknown = set(wanted) - PICTURES.keys()
    if unknown:
        raise SystemExit(f"There is no picture {', '.join(unknown)}; there are {list(PICTURES)}")
    os.environ["TZ"] = "UTC"  # times of day in the story are those of this machine
    time.tzset()
    SCREENS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder))
        take(wanted or list(PICTURES), Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
