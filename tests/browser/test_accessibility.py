"""axe finds nothing on any screen: light and dark, wide and narrow."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.acts import bubble, choose, details, make_link
from tests.browser.cast import Cast, become_contacts, gather
from tests.browser.people import NARROW, WIDE, Open, Pair, Someone
from tests.browser.proxy import Proxy
from tests.browser.sharing import sound, upload
from tests.conftest import missing
from tests.product.people import new_key

AXE = Path(__file__).parents[2] / "client/node_modules/axe-core/axe.min.js"
# Colours may fade when they change, one generation of elements after the other.
SETTLED = """async () => {
    for (let calm = 0; calm < 3; ) {
        await new Promise(requestAnimationFrame);
        calm = document.getAnimations().length === 0 ? calm + 1 : 0;
    }
}"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
CALM = {"reduced_motion": "reduce", "bypass_csp": True}  # nothing half faded in; axe let in


@pytest.fixture(autouse=True)
def axe() -> None:
    """The client's development packages, of which axe is one."""
    if not AXE.is_file():
        missing("axe-core in client/node_modules (bin/setup)")


class Eye:
    """Looks at one screen of a page after the other, in both colours, and notes what is wrong.

    Args:
        page: Where the screens are.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self._found: list[str] = []

    def look(self, screen: str, part: str | None = None) -> None:
        """Ask axe about a screen, or only about the part of it that is new."""
        page = self.page
        if not page.evaluate("'axe' in window"):
            page.add_script_tag(path=AXE)
        if part is not None:
            expect(page.locator(part).filter(visible=True).first).to_be_visible()
        assert page.viewport_size is not None
        width = page.viewport_size["width"]
        # Everything is looked at in full twice: light where it is wide, dark where it is narrow.
        # Colours change nothing but contrast; whole pages have parts that only wide ones show.
        looks = [("light", RULES)] if width > 600 else [("dark", RULES)]
        if width > 600 and part is None:
            looks.append(("dark", COLOUR_RULES))
        for colours, rules in looks:
            page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]
            page.evaluate(SETTLED)
            for violation in violations(page, rules, part):
                self._found.append(f"{screen}, {colours}, {width}: {violation}")

    def dialog(self, screen: str) -> None:
        """Look at the dialog that opens, and close it."""
        expect(self.page.get_by_role("dialog").last).to_be_visible()
        expect(self.page.locator("dialog [aria-busy=true]")).to_have_count(0)
        self.look(screen, "dialog[open]")
        self.page.keyboard.press("Escape")
        expect(self.page.locator("dialog[open]")).to_have_count(0)

    def saw_nothing(self) -> None:
        """See that nothing was noted."""
        assert not self._found, "\n".join(self._found)


def at_both_widths(page: Page) -> Iterator[None]:
    """Make the page wide, then narrow, and wide again."""
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        yield
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]


def finds_nothing(page: Page, screen: str) -> None:
    """Ask axe in both colours and both widths."""
    eye = Eye(page)
    for _ in at_both_widths(page):
        eye.look(screen)
    eye.saw_nothing()


def violations(page: Page, rules: list[str], part: str | None = None) -> list[str]:
    result: dict[str, Any] = page.evaluate(
        """([rules, kind, part]) => axe.run(part === null ? document : { include: [part] }, {
            runOnly: { type: kind, values: rules },
            resultTypes: ['violations'],
        })""",
        [rules, "tag" if rules is RULES else "rule", part],
    )
    assert result["testEngine"]["name"] == "axe-core"
    return [
        f"{one['id']}: {node['html'][:160]} {node['failureSummary']}"
        for one in result["violations"]
        for node in one["nodes"]
    ]


def test_axe_finds_a_fault_where_there_is_one(newcomer: Open) -> None:
    page = newcomer("Ada", **CALM).page
    page.goto("/login")
    page.evaluate("document.querySelector('label').remove()")
    with pytest.raises(AssertionError, match="label"):
        finds_nothing(page, "broken")


def test_axe_finds_nothing_before_the_first_contact(newcomer: Open) -> None:
    ada = newcomer("Ada", **CALM)
    page = ada.page
    page.goto("/login")
    finds_nothing(page, "sign-in")
    page.get_by_label("E-mail address").fill(ada.email)
    page.get_by_label("Password", exact=True).fill("not her password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    finds_nothing(page, "sign-in refused")
    page.goto("/register")
    finds_nothing(page, "register")
    ada.join()
    page.goto("/")
    expect(page.get_by_role("heading", name="Welcome, Ada")).to_be_visible()
    finds_nothing(page, "first use")
    page.goto("/contacts/add")
    expect(page.get_by_role("dialog", name="Add contact")).to_be_visible()
    finds_nothing(page, "add contact")


def test_axe_finds_nothing_where_there_is_nothing_yet(newcomer: Open) -> None:
    ada = newcomer("Ada", **CALM)
    ada.join()
    page, eye = ada.page, Eye(ada.page)
    notes = ada.call("POST", "/conversations", {"kind": "direct", "user": id_of(ada)})
    for _ in at_both_widths(page):
        page.goto(f"/c/{notes['conversation']['id']}")
        expect(page.get_by_role("textbox", name="Message")).to_be_visible()
        eye.look("notes without a note")
        page.goto("/c/nowhere")
        expect(page.get_by_text("Conversation not found")).to_be_visible()
        eye.look("Conversation not found")
        page.goto("/#contacts")
        expect(page.get_by_text("No contacts yet")).to_be_visible()
        eye.look("no contacts")
        page.goto("/#saved")
        expect(page.get_by_text("Nothing saved yet")).to_be_visible()
        eye.dialog("nothing saved")
        page.goto("/#new-group")
        eye.dialog("a group without contacts")
    eye.saw_nothing()


def id_of(person: Someone) -> str:
    found: str = person.call("GET", "/me")["user"]["id"]
    return found


MARKUP = """**Bold**, _slanted_, ~~gone~~ and `code` for @Ada, see https://example.org/map

> a quote

- one
- two

```python
def row(boat: str) -> None:
    print("pull")
```"""


def prepare(cast: Cast, *files: Path) -> None:
    """Put every kind of bubble into the group."""
    ada, ben, group = cast.ada, cast.ben, cast.group
    path = f"/conversations/{group}/messages"
    first = cast.post(ben, group, MARKUP)
    ada.call("PUT", f"{path}/{first}/pin")
    ada.call("PUT", f"{path}/{first}/saved")
    ada.call("PUT", f"{path}/{first}/reactions/👍")
    asked = cast.post(ben, group, "What do you say?")
    mine = cast.post(ada, group, "I shall answer", reply_to=asked)
    ben.call("PUT", f"{path}/{mine}/reactions/🎉")
    ada.call("PATCH", f"{path}/{mine}", {"body": "I have answered"})
    gone = cast.post(ben, group, "not for long")
    ben.call("DELETE", f"{path}/{gone}")
    cast.post(ada, group, "Who reads this?")
    cast.post(ben, group, "🐢🚀")
    ids = [upload(ben, file.name, file.read_bytes()) for file in files]
    cast.post(ben, group, "The sun and the plan", attachments=ids)
    voice = upload(ada, "voice.wav", sound(1), "?duration=1000&waveform=0a1f8v")
    cast.post(ada, group, "", attachments=[voice])
    ada.call(
        "POST", f"{path}/{mine}/forward", {"to": [{"conversation": group, "key": "forwarded-1"}]}
    )


def test_axe_finds_nothing_in_a_conversation_and_what_opens_in_it(
    newcomer: Open, proxy: Proxy, image: Path, document: Path
) -> None:
    cast = gather(newcomer, proxy, **CALM)
    ada, page, eye = cast.ada, cast.ada.page, Eye(cast.ada.page)
    prepare(cast, image, document)
    for _ in at_both_widths(page):
        cast.at(cast.group, ada)
        ada.sees("img", "Image sun.jpg")
        ada.sees("img", "First page of plan.pdf")
        eye.look("conversation")
        bubble(ada, "Bold").click(button="right")
        expect(page.get_by_role("menu", name="Message actions")).to_be_visible()
        eye.look("message menu", "dialog[open]")
        page.keyboard.press("Escape")
        for action in ("Forward", "Why was I notified?", "Reactions", "Delete"):
            choose(ada, "Bold", action)
            eye.dialog(action)
        choose(ada, "Who reads this?", "Seen by")
        eye.dialog("seen by")
        page.get_by_role("button", name="Show earlier versions").click()
        eye.dialog("versions")
        look_at_a_selection(ada, eye)
        page.get_by_role("button", name="Open image sun.jpg").click()
        expect(page.get_by_role("dialog").get_by_role("img")).to_be_visible()
        eye.dialog("viewer")

        choose(ada, "Bold", "Reply")
        eye.look("reply", "form.composer")
        box = page.get_by_role("textbox", name="Message")
        for text, part in ((":smil", "Matching emoji"), ("@", "People to mention")):
            box.fill("")
            box.press_sequentially(text)
            expect(
                page.get_by_role("listbox", name=part).get_by_role("option").first
            ).to_be_visible()
            eye.look(part, "[role=listbox]")
            box.press("Escape")
        box.fill("")
        box.press("Escape")
        page.get_by_role("button", name="Emoji", exact=True).click()
        look_at_the_picker(eye)
        page.get_by_role("button", name="Record a voice message").click()
        expect(page.get_by_role("timer", name="Length")).to_be_visible()
        eye.look("recorder", "form.composer")
        page.get_by_role("button", name="Discard the recording").click()
    eye.saw_nothing()


def look_at_a_selection(person: Someone, eye: Eye) -> None:
    page = person.page
    choose(person, "Bold", "Select")
    page.get_by_role("checkbox", name="The sun and the plan").click()
    eye.look("selection")
    for button in ("Forward", "Delete"):
        page.get_by_role("group", name="Selected messages").get_by_role(
            "button", name=button
        ).click()
        eye.dialog(f"{button} several")
    page.get_by_role("button", name="Stop selecting").click()


def look_at_the_picker(eye: Eye) -> None:
    picker = eye.page.get_by_role("dialog", name="Emoji")
    expect(picker.get_by_role("gridcell").first).to_be_visible()
    eye.look("emoji", ".picker")
    eye.page.keyboard.press("Escape")
    expect(picker).to_have_count(0)


def test_axe_finds_nothing_in_lists_details_and_the_dialogs_of_a_group(
    newcomer: Open, proxy: Proxy, image: Path, document: Path
) -> None:
    cast = gather(newcomer, proxy, **CALM)
    ada, page, eye = cast.ada, cast.ada.page, Eye(cast.ada.page)
    become_contacts(cast.olaf, ada)
    pier = {"kind": "group", "title": "Pier", "members": [cast.id_of(cast.olaf)]}
    pier_id = ada.call("POST", "/conversations", pier)["conversation"]["id"]
    ada.call("PATCH", f"/conversations/{pier_id}", {"archived": True})
    ids = [upload(cast.ben, file.name, file.read_bytes()) for file in (image, document)]
    cast.post(cast.ben, cast.group, "@Ada, the sun and the plan", attachments=ids)
    ada.call("PATCH", f"/conversations/{cast.direct}", {"muted": True, "pinned": True})
    for _ in at_both_widths(page):
        ada.call("PATCH", f"/conversations/{cast.group}", {"marked_unread": True})
        page.goto("/")
        expect(page.get_by_role("link", name="Harbour")).to_be_visible()
        eye.look("list")
        for menu in ("Your menu", "New"):
            page.get_by_role("button", name=menu, exact=True).click()
            expect(page.get_by_role("menu", name=menu, exact=True)).to_be_visible()
            eye.look(menu, "[popover]:popover-open")
            page.keyboard.press("Escape")
        page.get_by_role("link", name="Harbour").click(button="right")
        eye.look("menu of a conversation", "[popover]:popover-open")
        page.get_by_role("menuitem", name="Mute…").click()
        eye.dialog("mute")
        page.get_by_role("button", name="Archived").click()
        eye.look("archived", "[role=tabpanel]")

        cast.at(cast.direct, ada)
        details(ada)
        eye.look("details of two")
        page.get_by_role("complementary").get_by_role("button", name="Profile").click()
        eye.look("profile card", "dialog[open]")
        page.get_by_role("button", name="Report").click()
        expect(page.get_by_role("dialog", name="Report Ben")).to_be_visible()
        eye.look("report", "dialog[open]:last-of-type")
        cast.at(cast.group, ada)
        pane = details(ada)
        expect(pane.get_by_role("button", name="Open image sun.jpg")).to_be_visible()
        eye.look("details of a group")
        for button in ("Add people", "Invite by link", "Edit group", "Leave the group"):
            pane.get_by_role("button", name=button).click()
            if button == "Invite by link":
                make_link(page)
                expect(page.get_by_label("Invitation link", exact=True)).to_be_visible()
            eye.dialog(button)
        pane.get_by_role("button", name="Options for Ben").click()
        page.get_by_role("menuitem", name="Hand over the group").click()
        eye.dialog("hand over")
    eye.saw_nothing()


def choose_page(page: Page, name: str) -> None:
    """Open a page of the settings: by its tab, or from the list that a phone shows."""
    back = page.get_by_role("dialog").get_by_role("button", name="Back")
    if back.count() > 0:
        back.click()
    tab = page.get_by_role("dialog").get_by_role("tab", name=name)
    on_phone = page.get_by_role("dialog", name="Settings").get_by_role("button", name=name)
    tab.or_(on_phone).click()


def test_axe_finds_nothing_in_settings_search_and_help(
    newcomer: Open, pair: Pair, image: Path
) -> None:
    ada, ben = pair(**CALM)
    page, eye = ada.page, Eye(ada.page)
    stranger = newcomer("Cid")
    stranger.join()
    stranger.call("POST", "/contacts", {"email": ada.email})
    ben.say("The lantern burns")
    ada.hears("The lantern burns")
    file = ada.upload("/attachments", "plan.bin", b"boats")["attachment"]["id"]
    here = page.url.rsplit("/", 1)[1]
    sent = {"key": new_key(), "body": "", "attachments": [file]}
    ada.call("POST", f"/conversations/{here}/messages", sent)
    for _ in at_both_widths(page):
        page.goto("/#storage")
        expect(
            page.get_by_role("button", name="Show in the conversation: plan.bin")
        ).to_be_visible()
        eye.dialog("settings, Storage")
        page.goto("/#settings")
        settings = page.get_by_role("dialog").filter(has=page.get_by_role("heading", level=2))
        for name in ("Notifications", "Privacy", "Appearance", "Account", "Profile"):
            choose_page(page, name)
            eye.look(f"settings, {name}", "dialog[open]")
        settings.get_by_label("Picture").set_input_files(image)
        expect(page.get_by_role("button", name="Use this picture")).to_be_enabled()
        eye.look("picture cutter", "dialog[open]:last-of-type")
        for panel in ("devices", "switch", "help", "add-contact", "new-group"):
            page.goto(f"/#{panel}")
            eye.dialog(panel)
        page.goto("/#contacts")
        expect(page.get_by_role("button", name="Accept Cid")).to_be_visible()
        eye.look("contacts with a request")
        page.get_by_role("button", name="Options for Ben").click()
        eye.look("menu of a contact", "[popover]:popover-open")
        for action in ("Block", "Remove contact"):
            page.get_by_role("menuitem", name=action).click()
            eye.dialog(action)
            page.get_by_role("button", name="Options for Ben").click()
        page.keyboard.press("Escape")
        page.goto("/#search")
        page.get_by_role("searchbox", name="Search").fill("antern")
        expect(page.get_by_text("1 result found")).to_be_attached()
        page.get_by_role("button", name="Filters").click()
        eye.look("search with a hit")
        page.get_by_role("searchbox", name="Search").fill("nothing like it")
        expect(page.get_by_text("Nothing found.")).to_be_visible()
        eye.look("search without")
    eye.saw_nothing()


def test_axe_finds_nothing_offline_after_a_failure_and_before_joining(
    newcomer: Open, pair: Pair
) -> None:
    ada, ben = pair(**CALM)
    page, eye = ada.page, Eye(ada.page)
    wish = {"kind": "group", "title": "Harbour", "members": []}
    group = ada.call("POST", "/conversations", wish)["conversation"]["id"]
    made = ada.call("POST", f"/conversations/{group}/invites", {"expires_in": None, "max_uses": 1})
    guest = newcomer("Guest", **CALM)
    guest_eye = Eye(guest.page)
    for _ in at_both_widths(guest.page):
        guest.page.goto(f"/join/{made['invite']['token']}")
        expect(guest.page.get_by_text("Harbour")).to_be_visible()
        guest_eye.look("invitation")
    guest_eye.saw_nothing()
    ben.call("PUT", f"/blocks/{id_of(ada)}")
    ada.say("not accepted")
    ada.sees("img", "Failed")
    page.context.set_offline(True)
    expect(page.get_by_role("status").get_by_text("No connection")).to_be_visible()
    ada.say("for later")
    ada.sees("img", "Pending")
    for _ in at_both_widths(page):
        eye.look("offline")
    eye.saw_nothing()


SPOKEN = """() => {
    const live = '[aria-live]:not([aria-live=off]), [role=alert], [role=log]:not([aria-live])';
    window.spoken = [];
    new MutationObserver((changes) => {
        for (const { target } of changes) {
            const element = target instanceof Element ? target : target.parentElement;
            const region = element?.closest('[aria-live], [role=log], [role=alert]');
            if (region?.matches(live)) window.spoken.push(region.textContent);
        }
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
}"""


def test_the_accessibility_tree_has_a_new_message_spoken_once_and_no_change_of_it(
    pair: Pair,
) -> None:
    ada, ben = pair()
    conversation = ada.page.url.rsplit("/", 1)[1]
    path = f"/conversations/{conversation}/messages"
    ben.page.evaluate(SPOKEN)
    seq = ada.call("POST", path, {"key": "the-first-one", "body": "Listen"})["message"]["seq"]
    region = ben.page.get_by_role("region", name="Ada")
    expect(region).to_match_aria_snapshot(
        """
        - log "Messages":
          - article /Ada, .*/: Listen
        - paragraph: "Ada: Listen"
        """
    )
    ada.call("PATCH", f"{path}/{seq}", {"body": "Listen well"})
    ada.call("PUT", f"{path}/{seq}/reactions/👍")
    expect(region).to_match_aria_snapshot(
        """
        - log "Messages":
          - article /Ada, .*/: Listen well
          - group "Reactions":
            - button "👍 by Ada"
        - paragraph: "Ada: Listen"
        """
    )
    ada.call("POST", path, {"key": "the-second-one", "body": "And again"})
    expect(region.get_by_text("Ada: And again")).to_have_count(1)
    assert ben.page.evaluate("window.spoken") == ["Ada: Listen", "Ada: And again"]
    assert ben.page.get_by_role("log").get_attribute("aria-live") == "off"


def test_at_200_percent_and_without_motion_everything_stays_within_reach(cast: Cast) -> None:
    """A window of 1280 by 800 pixels has half of both when all in it is twice as large."""
    ada, page = cast.ada, cast.ada.page
    cast.post(cast.ben, cast.group, "Is it large enough?")
    page.set_viewport_size({"width": 640, "height": 400})
    page.emulate_media(reduced_motion="reduce")
    page.goto("/")

    def reachable(role: Any, name: str) -> None:
        page.get_by_role(role, name=name, exact=True).last.click(trial=True)
        ada.no_sideways_scrolling()
        assert page.evaluate("document.getAnimations().every(still)".replace("still", STILL))

    page.get_by_role("button", name="Your menu").click()
    for item in ("Set a status", "Keyboard shortcuts", "Sign out"):
        reachable("menuitem", item)
    page.get_by_role("menuitem", name="Settings").click()
    for tab in ("Profile", "Notifications", "Privacy", "Appearance", "Storage", "Account"):
        reachable("tab", tab)
    page.get_by_role("tab", name="Account").click()
    reachable("button", "Close account")
    reachable("button", "Close")
    cast.at(cast.group, ada)
    for name in ("Back", "Details", "Attach files", "Emoji", "Record a voice message"):
        reachable("button", name)
    bubble(ada, "Is it large enough?").click(button="right")
    for item in ("Reply", "Forward", "Delete"):
        reachable("menuitem", item)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Emoji", exact=True).click()
    reachable("button", "grinning face")
    page.keyboard.press("Escape")
    details(ada)
    for name in ("Add people", "Leave the group", "Close"):
        reachable("button", name)
    page.get_by_role("button", name="Invite by link").click()
    reachable("button", "Create link")


STILL = "(one) => one.playState !== 'running' || one.effect.getComputedTiming().duration <= 1"
