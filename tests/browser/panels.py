"""Every panel, pane and dialog of the messenger, and how a person gets to it."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.acts import make_link
from tests.browser.cast import Cast
from tests.media import made

CLIENT = Path(__file__).parents[2] / "client" / "src"
# What lies over the rest or is fetched when it is first wanted.
PANEL = re.compile(r"<Dialog\b|<dialog\b|\bpopover\b|<aside\b|role=\"tabpanel\"")
FETCHED = re.compile(r"import\('([^']+\.svelte)'\)")

THEIRS, MINE = "From Ben", "From Ada"


def components() -> set[str]:
    """Return the components that are panels, as paths below `client/src`."""
    found = set()
    for path in CLIENT.rglob("*.svelte"):
        source = path.read_text()
        if PANEL.search(source):
            found.add(path.relative_to(CLIENT).as_posix())
        for name in FETCHED.findall(source):
            found.add((path.parent / name).resolve().relative_to(CLIENT).as_posix())
    return found


def furnish(cast: Cast, image: Path) -> None:
    """Give the group what the panels show."""
    cast.post(cast.ben, cast.group, THEIRS)
    seq = cast.post(cast.ada, cast.group, MINE)
    path = f"/conversations/{cast.group}/messages/{seq}"
    cast.ada.call("PATCH", path, {"body": f"{MINE} again"})
    cast.ben.call("PUT", f"{path}/reactions/👍")
    invite = cast.ada.call("POST", f"/conversations/{cast.group}/invites", {})["invite"]
    cast.olaf.call("POST", f"/invites/{invite['token']}")
    cast.ada.call("POST", f"/conversations/{cast.group}/webhooks", {"name": "Build"})
    cast.ada.call("PUT", f"/conversations/{cast.group}/filter", {"words": ["zebra"]})
    bot = cast.ada.call("POST", "/bots", {"name": "Echo"})["bot"]["id"]
    deploy = {"name": "deploy", "about": "Deploys a branch", "usage": "<branch>"}
    cast.ada.call("PUT", f"/bots/{bot}/commands", {"commands": [deploy]})
    endpoint = {"url": "https://bots.example.org/events", "types": ["message.posted"]}
    cast.ada.call("POST", f"/bots/{bot}/endpoints", endpoint)
    found = cast.ben.upload("/attachments", image.name, image.read_bytes())["attachment"]
    book = cast.ben.upload("/attachments", "book.pdf", made.book(["One", "Two"]))["attachment"]
    cast.post(cast.ben, cast.group, "", attachments=[found["id"], book["id"]])


def bubble(page: Page, text: str) -> Locator:
    return page.get_by_role("log").get_by_role("article").filter(has_text=text)


def menu(page: Page, text: str = THEIRS) -> Locator:
    bubble(page, text).click(button="right")
    found = page.get_by_role("menu", name="Message actions")
    expect(found).to_be_visible()
    return found


def asked(text: str, action: str, title: str) -> Callable[[Page], None]:
    """Choose an action from the menu of a message, which opens a dialog."""

    def act(page: Page) -> None:
        menu(page, text).get_by_role("menuitem", name=action, exact=True).click()
        expect(page.get_by_role("dialog", name=title)).to_be_visible()

    return act


def addressed(panel: str, title: str) -> Callable[[Page], None]:
    """Go to the address of a dialog."""

    def act(page: Page) -> None:
        page.evaluate(f"location.hash = '{panel}'")
        expect(page.get_by_role("dialog", name=title)).to_be_visible()

    return act


def details(page: Page) -> Locator:
    page.get_by_role("button", name="Details", exact=True).click()
    pane = page.get_by_role("complementary", name="Details")
    expect(pane).to_be_visible()
    return pane


def from_details(button: str, title: str) -> Callable[[Page], None]:
    """Press a button in the details of the group, which opens a dialog."""

    def act(page: Page) -> None:
        details(page).get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("dialog", name=title)).to_be_visible()

    return act


def settings(tab: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        addressed("settings", "Settings")(page)
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tabpanel", name=tab)).to_be_visible()

    return act


def a_bot(page: Page) -> None:
    settings("Bots and keys")(page)
    page.get_by_role("button", name="Manage Echo").click()
    expect(page.get_by_role("dialog", name="Echo")).to_be_visible()


def an_endpoint(page: Page) -> None:
    a_bot(page)
    page.get_by_role("button", name="Manage bots.example.org/events").click()
    dialog = page.get_by_role("dialog", name="bots.example.org/events")
    expect(dialog.get_by_text("Nothing has been sent yet.")).to_be_visible()


def a_webhooks_picture(page: Page) -> None:
    from_details("Apps", "Apps")(page)
    page.get_by_role("button", name="Picture of Build").click()
    expect(page.get_by_role("dialog", name="Picture of Build")).to_be_visible()


def profile_card(page: Page) -> Locator:
    details(page).get_by_role("button", name="Profile of Ben").click()
    card = page.get_by_role("dialog", name="Profile")
    expect(card).to_be_visible()
    return card


def from_card(button: str, title: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        profile_card(page).get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("dialog", name=title)).to_be_visible()

    return act


def write_to_a_stranger(page: Page) -> None:
    details(page).get_by_role("button", name="Profile of Olaf").click()
    card = page.get_by_role("dialog", name="Profile")
    card.get_by_role("button", name="Message", exact=True).click()
    expect(page.get_by_role("dialog", name="Write to Olaf")).to_be_visible()


def own_link(page: Page) -> None:
    addressed("invite", "Invite people")(page)
    make_link(page)
    page.get_by_role("button", name="Show QR code").click()
    expect(page.get_by_role("img", name="QR code of the invitation link")).to_be_visible()


def at_list(tab: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tabpanel", name=tab)).to_be_visible()

    return act


def options_of_the_group(page: Page) -> Locator:
    details(page).get_by_role("button", name="Options for the conversation").click()
    found = page.get_by_role("menuitem", name="Mute…")
    expect(found).to_be_visible()
    return found


def mute(page: Page) -> None:
    options_of_the_group(page).click()
    expect(page.get_by_role("dialog", name="Mute Harbour")).to_be_visible()


def emoji(page: Page) -> None:
    page.get_by_role("button", name="Emoji", exact=True).click()
    expect(page.get_by_role("searchbox", name="Search emoji")).to_be_visible()


def pictures(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Open image")).last.click()
    expect(page.get_by_role("dialog").get_by_role("img")).to_be_visible()


def document(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Open PDF")).last.click()
    expect(page.get_by_role("dialog").locator("canvas").first).to_be_visible()


def versions(page: Page) -> None:
    bubble(page, MINE).get_by_role("button", name="Edited. Show earlier versions").click()
    expect(page.get_by_role("dialog", name="Earlier versions")).to_be_visible()


def selection(page: Page) -> None:
    menu(page).get_by_role("menuitem", name="Select", exact=True).click()
    expect(page.get_by_role("checkbox").first).to_be_visible()


def search(page: Page) -> None:
    page.get_by_role("button", name="Search").first.click()
    page.get_by_role("searchbox", name="Search").fill("From")
    expect(page.get_by_text(THEIRS).first).to_be_visible()


def own_menu(page: Page) -> None:
    page.get_by_role("button", name="Your menu").click()
    expect(page.get_by_role("menuitem").first).to_be_visible()


def cut_picture(page: Page) -> None:
    settings("Profile")(page)
    picture = CLIENT.parent / "public" / "icon-192.png"
    page.locator('input[type="file"][accept]').first.set_input_files(picture)
    expect(page.get_by_role("dialog", name="Crop the picture")).to_be_visible()


def rest(page: Page) -> None:
    expect(bubble(page, THEIRS)).to_be_visible()


def remove_member(page: Page) -> None:
    details(page).get_by_role("button", name="Options for Ben").click()
    page.get_by_role("menuitem", name="Remove from the group").click()
    expect(page.get_by_role("dialog", name="Remove Ben from the group?")).to_be_visible()


def hand_over(page: Page) -> None:
    details(page).get_by_role("button", name="Options for Ben").click()
    page.get_by_role("menuitem", name="Hand over the group").click()
    expect(page.get_by_role("dialog", name="Hand the group over to Ben?")).to_be_visible()


# The ways begin with a group open, and each shows the components beside it. A panel that is new in
# the messenger gets a line here: what it asks the server is counted in `test_quiet.py`, and axe looks at
# it in `test_axe_panels.py`.
WAYS: dict[str, tuple[Callable[[Page], None], tuple[str, ...]]] = {
    "conversation": (rest, ("conversation/Conversation.svelte", "app/Side.svelte")),
    "contacts": (at_list("Contacts"), ("app/Side.svelte",)),
    "details": (lambda page: void(details(page)), ("details/Details.svelte",)),
    "search": (search, ("search/SearchPane.svelte",)),
    "own menu": (own_menu, ("ui/Menu.svelte",)),
    "options": (lambda page: void(options_of_the_group(page)), ("ui/Menu.svelte",)),
    "mute": (mute, ("conversations/MuteDialog.svelte",)),
    "clear": (
        from_details("Clear or delete…", "Clear or delete Harbour?"),
        ("conversations/ClearDialog.svelte",),
    ),
    "emoji": (emoji, ("emoji/EmojiPicker.svelte", "emoji/EmojiPanel.svelte")),
    "viewer": (pictures, ("attachments/Viewer.svelte",)),
    "document": (document, ("pdf/PdfReader.svelte",)),
    "message menu": (lambda page: void(menu(page)), ("messages/MessageMenu.svelte",)),
    "delete": (asked(MINE, "Delete", "Delete"), ("messages/DeleteDialog.svelte",)),
    "forward": (asked(THEIRS, "Forward", "Forward"), ("messages/ForwardDialog.svelte",)),
    "seen by": (asked(MINE, "Seen by", "Seen by"), ("messages/InfoDialog.svelte",)),
    "reactions": (
        asked(MINE, "Reactions", "Reactions"),
        ("reactions/ReactionsDialog.svelte", "messages/MessageDialogs.svelte"),
    ),
    "why": (
        asked(THEIRS, "Why was I notified?", "Why was I notified?"),
        ("messages/WhyDialog.svelte",),
    ),
    "report a message": (asked(THEIRS, "Report", "Report Ben"), ()),
    "versions": (versions, ("messages/VersionsDialog.svelte",)),
    "selection": (selection, ("conversation/SelectionBar.svelte",)),
    "card": (lambda page: void(profile_card(page)), ("profile/ProfileCard.svelte",)),
    "report": (from_card("Report", "Report Ben"), ("moderation/ReportDialog.svelte",)),
    "add people": (from_details("Add people", "Add people"), ("groups/ChangeMembers.svelte",)),
    "write to a stranger": (write_to_a_stranger, ("contacts/AskPerson.svelte",)),
    "own links": (own_link, ("invites/PersonalInvites.svelte", "invites/QrCode.svelte")),
    "checklist": (
        addressed("checklist", "Server checklist"),
        ("administration/Checklist.svelte",),
    ),
    "links of the group": (
        addressed("group-invites", "Invitation links"),
        ("invites/GroupInvites.svelte",),
    ),
    "invites": (
        from_details("Invite by link", "Invitation links"),
        ("invites/LinksDialog.svelte",),
    ),
    "group": (from_details("Edit group", "Group settings"), ("groups/GroupSettings.svelte",)),
    "leave": (
        from_details("Leave the group", "Hand the group over first"),
        ("groups/LeaveDialog.svelte",),
    ),
    "hand over": (hand_over, ("ui/Confirm.svelte", "ui/Dialog.svelte")),
    "remove": (remove_member, ("groups/RemoveDialog.svelte",)),
    "filter": (from_details("Word filter", "Word filter"), ("groups/WordFilter.svelte",)),
    "held": (from_details("Held messages", "Held messages"), ("groups/HeldDialog.svelte",)),
    "apps": (from_details("Apps", "Apps"), ("webhooks/Apps.svelte",)),
    "picture of a webhook": (a_webhooks_picture, ("webhooks/WebhookPicture.svelte",)),
    "banned": (from_details("Banned people", "Banned people"), ("groups/BannedPeople.svelte",)),
    "settings": (settings("Profile"), ("settings/Settings.svelte",)),
    "settings: notifications": (settings("Notifications"), ("settings/Settings.svelte",)),
    "settings: privacy": (settings("Privacy"), ("settings/Settings.svelte",)),
    "settings: appearance": (settings("Appearance"), ("settings/Settings.svelte",)),
    "settings: storage": (
        settings("Storage"),
        ("settings/Settings.svelte",),
    ),
    "settings: account": (settings("Account"), ("settings/Settings.svelte",)),
    "settings: security": (settings("Security"), ("settings/Settings.svelte",)),
    "settings: bots and keys": (settings("Bots and keys"), ("settings/Settings.svelte",)),
    "bot": (a_bot, ("bots/BotDialog.svelte",)),
    "endpoint": (an_endpoint, ("endpoints/EndpointDialog.svelte",)),
    "picture": (cut_picture, ("profile/PictureCutter.svelte",)),
    "add contact": (addressed("add-contact", "Add contact"), ("contacts/AddContact.svelte",)),
    "new group": (addressed("new-group", "New group"), ("groups/NewGroup.svelte",)),
    "devices": (addressed("devices", "Devices"), ("account/Devices.svelte",)),
    "saved": (addressed("saved", "Saved messages"), ("saved/SavedMessages.svelte",)),
    "switcher": (addressed("switch", "Go to"), ("switcher/QuickSwitcher.svelte",)),
    "help": (addressed("help", "Keyboard shortcuts"), ("help/HelpSheet.svelte",)),
    "unsent": (addressed("unsent", "Not sent"), ("sending/UnsentDialog.svelte",)),
}


# Why a component that looks like a panel has no way of its own.
NO_PANEL = {
    **{
        f"administration/{name}.svelte": "needs an owner: test_administration_live.py counts there"
        for name in (
            "Administration",
            "AnnouncementForm",
            "CreatePerson",
            "DecideReport",
            "ManagePerson",
        )
    },
    "administration/QuotaDialog.svelte": "needs an owner: test_server_storage_page.py looks there",
    "security/RecoveryCodes.svelte": "shows codes that were just made: test_second_factor.py",
    "reference/Reference.svelte": "is a page of its own: test_reference.py",
    "account/ProveDialog.svelte": "needs an old session: test_administration_room.py looks there",
    "announcements/Banners.svelte": "needs an announcement: test_announcements.py looks there",
    **{
        f"bots/{name}.svelte": "needs a bot that answers: test_commands_and_buttons.py looks there"
        for name in ("Answers", "Buttons", "CommandBar")
    },
    "app/Panels.svelte": "only says which panel is open",
    "notices/Toasts.svelte": "shows what was done, by itself",
    "contacts/Directory.svelte": "needs a server with a directory: test_directory.py counts there",
    "contacts/AskPerson.svelte": "shows a field, for members who are no contacts",
}


def void(_: Locator) -> None:
    """Forget what was found: a way only leads there."""
