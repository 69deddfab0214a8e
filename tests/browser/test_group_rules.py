"""Moderation in groups: who writes, how often, who is removed with their messages, who is banned."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.acts import bubble, details, react, taken_by_the_server, told
from tests.browser.cast import Cast, gather
from tests.browser.people import NARROW, WIDE, Open, Someone
from tests.browser.proxy import Proxy


def settings_of(person: Someone) -> Locator:
    """Open the settings of the group."""
    details(person).get_by_role("button", name="Edit group").click()
    dialog = person.page.get_by_role("dialog", name="Group settings")
    expect(dialog).to_be_visible()
    return dialog


def choose(cast: Cast, dialog: Locator, setting: str, value: str) -> None:
    """Have Ada choose a value of a setting of the group."""
    with taken_by_the_server(cast.ada, cast.group):
        dialog.get_by_role("group", name=setting).get_by_role("radio", name=value).click()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_where_only_admins_write_the_others_read_and_react(
    newcomer: Open, proxy: Proxy, viewport: dict[str, int]
) -> None:
    cast = gather(newcomer, proxy, viewport=viewport)
    cast.post(cast.ada, cast.group, "high water at noon")
    cast.at(cast.group)
    dialog = settings_of(cast.ada)
    choose(cast, dialog, "Who can write", "Owner and admins")
    expect(dialog.get_by_role("combobox", name="Slow mode")).to_have_count(0)
    note = cast.ben.page.get_by_text("Only the owner and admins can write here.")
    expect(note).to_be_visible()
    expect(cast.ben.page.get_by_role("textbox", name="Message")).to_have_count(0)
    told(cast.ben, "Ada lets only the owner and admins write")
    cast.ben.no_sideways_scrolling()
    react(cast.ben, "high water at noon", "👍")
    cast.cleo.sees("button", "👍 by Ben")
    cast.ben.page.reload()
    expect(note).to_be_visible()
    choose(cast, dialog, "Who can react", "Owner and admins")
    told(cast.ben, "Ada lets only the owner and admins react")
    bubble(cast.ben, "high water at noon").click(button="right")
    menu = cast.ben.page.get_by_role("menu", name="Message actions")
    expect(menu.get_by_role("menuitem", name="Copy text")).to_be_visible()
    for gone in ("Reply", "Pin"):
        expect(menu.get_by_role("menuitem", name=gone, exact=True)).to_have_count(0)
    expect(menu.get_by_role("menuitemcheckbox")).to_have_count(0)
    cast.ben.page.keyboard.press("Escape")
    choose(cast, dialog, "Who can write", "All members")
    cast.ben.say("at last")
    cast.cleo.hears("at last")


def test_in_slow_mode_the_composer_counts_down_and_keeps_the_text(cast: Cast) -> None:
    cast.at(cast.group, cast.ada, cast.ben)
    dialog = settings_of(cast.ada)
    with taken_by_the_server(cast.ada, cast.group):
        dialog.get_by_role("combobox", name="Slow mode").select_option(label="5 seconds")
    told(cast.ben, "Ada turned slow mode on (5 seconds)")
    dialog.get_by_role("button", name="Close").click()
    cast.ben.say("first")
    cast.ada.hears("first")
    field = cast.ben.page.get_by_role("textbox", name="Message")
    expect(cast.ben.page.get_by_role("timer")).to_contain_text("you can write again in 0:0")
    field.fill("later words")
    field.press("Enter")
    expect(field).to_have_value("later words")
    send = cast.ben.page.get_by_role("button", name="Send", exact=True)
    expect(send).to_be_disabled()
    expect(send).to_be_enabled(timeout=15_000)
    expect(cast.ben.page.get_by_role("timer")).to_have_count(0)
    field.press("Enter")
    cast.ada.hears("later words")
    # The owner need not wait.
    for text in ("one", "two"):
        cast.ada.say(text)
        cast.ben.hears(text)


def test_what_waits_offline_goes_at_the_pace_of_slow_mode(cast: Cast) -> None:
    cast.ada.call("PATCH", f"/conversations/{cast.group}", {"slow_seconds": 5})
    cast.at(cast.group, cast.ada, cast.ben)
    cast.ben.page.context.set_offline(True)
    for text in ("while away", "and still away"):
        cast.ben.say(text)
    cast.ben.page.context.set_offline(False)
    cast.ada.hears("while away")
    bubble(cast.ada, "and still away").wait_for(timeout=30_000)
    expect(bubble(cast.ben, "and still away")).to_be_visible()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_someone_is_removed_with_their_messages_banned_and_let_in_again(
    newcomer: Open, proxy: Proxy, viewport: dict[str, int]
) -> None:
    cast = gather(newcomer, proxy, viewport=viewport)
    cast.post(cast.cleo, cast.group, "buy my boat")
    cast.post(cast.ben, cast.group, "no thanks")
    cast.at(cast.group, cast.ada, cast.ben)
    cast.ben.hears("buy my boat")
    details(cast.ada).get_by_role("button", name="Options for Cleo").click()
    cast.ada.page.get_by_role("menuitem", name="Remove from the group").click()
    dialog = cast.ada.page.get_by_role("dialog", name="Remove Cleo from the group?")
    dialog.get_by_role("combobox", name="Delete their messages").select_option("all")
    dialog.get_by_role("checkbox", name="Ban from the group").check()
    cast.ada.no_sideways_scrolling()
    dialog.get_by_role("button", name="Remove from the group", exact=True).click()
    expect(dialog).to_have_count(0)
    for person in (cast.ada, cast.ben):
        told(person, "Ada removed and banned Cleo")
        expect(person.page.get_by_role("log").get_by_text("buy my boat")).to_have_count(0)
        person.hears("no thanks")
    cleo = cast.id_of(cast.cleo)
    members = f"/conversations/{cast.group}/members"
    refused = cast.ada.request("POST", f"/api/v1{members}", {"user": cleo})
    assert refused.status == 403
    details(cast.ada).get_by_role("button", name="Banned people").click()
    banned = cast.ada.page.get_by_role("dialog", name="Banned people")
    expect(banned.get_by_text("Cleo", exact=True)).to_be_visible()
    expect(banned.get_by_text("By Ada")).to_be_visible()
    cast.ada.no_sideways_scrolling()
    banned.get_by_role("button", name="Unban Cleo").click()
    expect(banned.get_by_text("No one is banned from this group.")).to_be_visible()
    cast.ada.call("POST", members, {"user": cleo})
    told(cast.ben, "Ada added Cleo")


def test_what_the_filter_holds_waits_for_a_decision_and_is_posted_or_refused(cast: Cast) -> None:
    cast.at(cast.group, cast.ada, cast.ben, cast.cleo)
    pane = details(cast.ada)
    expect(pane.get_by_role("button", name="Banned people")).to_be_visible()
    for name in ("Word filter", "Held messages"):  # where there is no filter, nothing is held
        expect(pane.get_by_role("button", name=name)).to_have_count(0)
    pane.get_by_role("button", name="Edit group").click()
    cast.ada.page.get_by_role("dialog").get_by_role("button", name="Word filter").click()
    dialog = cast.ada.page.get_by_role("dialog", name="Word filter")
    dialog.get_by_role("textbox", name="Words and phrases").fill("boat\nfree money")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    waiting = cast.ben.page.get_by_role("group", name="Held messages")
    for text in ("buy my boat", "free   Money for all"):
        cast.ben.say(text)
        expect(waiting.get_by_text(text)).to_be_visible()
    expect(waiting.get_by_text("Held by the filter").first).to_be_visible()
    cast.ben.page.reload()
    expect(waiting.get_by_text("buy my boat")).to_be_visible()
    expect(cast.cleo.page.get_by_role("group", name="Held messages")).to_have_count(0)
    cast.ada.page.get_by_role("button", name="2 messages to review").click()
    held = cast.ada.page.get_by_role("dialog", name="Held messages")
    boat = held.get_by_role("listitem").filter(has_text="buy my boat")
    expect(boat.get_by_text("Ben")).to_be_visible()
    boat.get_by_role("button", name="Post").click()
    for person in (cast.ada, cast.ben, cast.cleo):
        person.hears("buy my boat")
    expect(boat).to_have_count(0)
    held.get_by_role("button", name="Reject").click()
    held.get_by_role("textbox", name="Reason").fill("No advertising")
    held.get_by_role("button", name="Reject").click()
    expect(held.get_by_text("No messages to review.")).to_be_visible()
    expect(waiting.get_by_text("Not posted: No advertising")).to_be_visible()
    waiting.get_by_role("button", name="Dismiss").click()
    expect(waiting).to_have_count(0)
    expect(cast.cleo.page.get_by_role("log").get_by_text("for all")).to_have_count(0)
