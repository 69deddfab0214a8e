"""What announces a message on another page: title, badge, notification, and why (not)."""

import re
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Page, expect

from tests.browser.acts import choose, listed
from tests.browser.cast import Cast
from tests.browser.notices import NOTE_SHOWN, SHOWN
from tests.browser.people import Pair, Someone

pytestmark = pytest.mark.service_worker

GONE = """async (tag) => {
    const registration = await navigator.serviceWorker.ready;
    for (let tries = 0; tries < 300; tries += 1) {
        if ((await registration.getNotifications({ tag })).length === 0) return true;
        await new Promise((done) => setTimeout(done, 30));
    }
    return false;
}"""
DECIDED = """async (path) => {
    for (let tries = 0; tries < 100; tries += 1) {
        const { notification } = await (await fetch(path)).json();
        if (notification.at !== null) return true;
        await new Promise((done) => setTimeout(done, 100));
    }
    return false;
}"""
NOT_LOOKED_AT = """async () => {
    for (let tries = 0; tries < 300 && document.hasFocus(); tries += 1) {
        await new Promise((done) => setTimeout(done, 50));
    }
    return !document.hasFocus();
}"""
QUIET_ALL_DAY: dict[str, Any] = {"quiet_from": 0, "quiet_to": 1440 - 1, "time_zone": "UTC"}
LOUD: dict[str, Any] = {"quiet_from": None, "quiet_to": None, "notify": None}


def look_elsewhere(page: Page) -> None:
    """Have another tab before the page; Playwright's pages claim the focus unless told not to."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setFocusEmulationEnabled", {"enabled": False})
    page.context.new_page().bring_to_front()
    assert page.evaluate(NOT_LOOKED_AT), "the page still has the focus"


def counts(person: Someone, unread: int) -> None:
    """See a number in the title of the page."""
    title = f"({unread}) EchoSphere" if unread > 0 else "EchoSphere"
    expect(person.page).to_have_title(title)


def set_own(person: Someone, conversation: str, **fields: Any) -> None:
    person.call("PATCH", f"/conversations/{conversation}", fields)


def test_the_title_counts_what_is_new_and_leaves_out_what_is_muted_or_archived(
    cast: Cast,
) -> None:
    both = (cast.ada, cast.phone)
    for device in both:
        device.page.goto("/")
        counts(device, 0)
    cast.post(cast.ben, cast.group, "the first")
    cast.post(cast.cleo, cast.group, "the second")
    cast.post(cast.ben, cast.direct, "between us")
    for device in both:
        counts(device, 3)
        expect(listed(device, "Harbour")).to_contain_text("2 unread messages")
        expect(listed(device, "Harbour")).not_to_contain_text("You were mentioned")
    set_own(cast.ada, cast.group, muted=True)
    for device in both:
        counts(device, 1)
    cast.post(cast.cleo, cast.group, "@Ada, are you there?")
    for device in both:
        expect(listed(device, "Harbour")).to_contain_text("You were mentioned")
        counts(device, 2)
    set_own(cast.ada, cast.direct, archived=True)
    for device in both:
        counts(device, 1)
    listed(cast.ada, "Harbour").click()
    for device in both:
        counts(device, 0)
        expect(listed(device, "Harbour")).not_to_contain_text("unread")
        expect(listed(device, "Harbour")).not_to_contain_text("You were mentioned")


def test_a_notification_is_shown_to_whoever_looks_elsewhere_and_only_when_it_is_wanted(
    cast: Cast,
) -> None:
    ada, page = cast.ada, cast.ada.page
    page.context.grant_permissions(["notifications"])
    page.add_init_script(f"({NOTE_SHOWN})()")
    cast.at(cast.direct, ada)
    cast.post(cast.ben, cast.direct, "seen at once")
    ada.hears("seen at once")
    look_elsewhere(page)

    set_own(ada, cast.group, muted=True)
    cast.post(cast.cleo, cast.group, "while muted")
    expect(listed(ada, "Harbour")).to_contain_text("while muted")
    set_own(ada, cast.group, muted=False, notify="mentions")
    cast.post(cast.cleo, cast.group, "for nobody")
    expect(listed(ada, "Harbour")).to_contain_text("for nobody")
    set_own(ada, cast.group, notify="default")
    ada.call("PATCH", "/me", {"settings": {"notify": "none"}})
    cast.post(cast.cleo, cast.group, "@Ada, but she wants none")
    expect(listed(ada, "Harbour")).to_contain_text("but she wants none")
    ada.call("PATCH", "/me", {"settings": LOUD | QUIET_ALL_DAY})
    cast.post(cast.cleo, cast.group, "at night")
    expect(listed(ada, "Harbour")).to_contain_text("at night")
    ada.call("PATCH", "/me", {"settings": LOUD})

    seq = cast.post(cast.ben, cast.direct, "look here")
    theirs = {"title": "Ben", "body": "look here", "tag": cast.direct}
    theirs["url"] = f"/c/{cast.direct}?m={seq}"
    assert page.evaluate(SHOWN, 1) == [theirs]
    ada.call("PATCH", "/me", {"settings": {"notify_content": False}})
    seq = cast.post(cast.cleo, cast.group, "a secret")
    told = page.evaluate(SHOWN, 2)
    hidden = {"title": "EchoSphere", "body": "New message", "tag": cast.group}
    hidden["url"] = f"/c/{cast.group}?m={seq}"
    assert hidden in told
    assert len(told) == 2

    page.bring_to_front()
    listed(ada, "Harbour").click()
    assert page.evaluate(GONE, cast.group)


def subscribe(person: Someone) -> None:
    """Have the server tell a browser of the person that takes no notifications in the end."""
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    given = {"p256dh": raw, "auth": bytes(16)}
    keys = {name: urlsafe_b64encode(key).decode().rstrip("=") for name, key in given.items()}
    endpoint = "https://push.example.org/of-a-test"
    person.call("POST", "/notifications/subscriptions", {"endpoint": endpoint, "keys": keys})


def test_one_can_ask_why_one_was_not_notified(cast: Cast) -> None:
    ada = cast.ada
    subscribe(ada)
    ada.page.goto("/")
    wishes: dict[str, dict[str, Any]] = {
        "You have muted this conversation.": {"muted": True},
        "You are notified only of mentions here": {"muted": False, "notify": "mentions"},
        "You have turned notifications off": {"notify": "none"},
    }
    for number, wish in enumerate(wishes.values()):
        set_own(ada, cast.group, **wish)
        seq = cast.post(cast.ben, cast.group, f"message {number}")
        decided(ada, cast.group, seq)
    cast.at(cast.group, ada)
    ada.hears("message 2")
    seq = cast.post(cast.ben, cast.group, "message 3")
    decided(ada, cast.group, seq)
    reasons: list[str | re.Pattern[str]] = [
        *wishes,
        re.compile("You had already read it|You had this conversation open"),
    ]
    dialog = ada.page.get_by_role("dialog", name="Why was I notified?")
    for number, reason in enumerate(reasons):
        choose(ada, f"message {number}", "Why was I notified?")
        expect(dialog).to_contain_text("You were not notified.")
        expect(dialog).to_contain_text(reason)
        ada.page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)


def decided(person: Someone, conversation: str, seq: int) -> None:
    """Wait until it is decided for good whether a person is notified of a message."""
    path = f"/api/v1/conversations/{conversation}/messages/{seq}/notification"
    assert person.page.evaluate(DECIDED, path), f"nothing was decided about {seq}"


def test_the_settings_of_notifications_hold_on_all_devices_and_can_be_tried(
    pair: Pair,
) -> None:
    ada, _ = pair(alone=True)
    page = ada.page
    page.goto("/#settings")
    settings = page.get_by_role("dialog", name="Settings")
    settings.get_by_role("tab", name="Notifications").click()
    for name in ("Show message text", "Sound", "E-mail about missed messages"):
        toggle = settings.get_by_role("switch", name=name)
        expect(toggle).to_be_checked()
        toggle.click()
    settings.get_by_role("radio", name="Mentions, replies and direct messages").check(force=True)
    settings.get_by_role("switch", name="Quiet hours").click()
    settings.get_by_label("From").fill("23:30")
    settings.get_by_label("To", exact=True).fill("06:15")
    settings.get_by_label("To", exact=True).blur()
    test = settings.get_by_role("button", name="Send a test notification")
    test.click()
    expect(page.get_by_role("status").get_by_text("None of your devices")).to_be_visible()
    subscribe(ada)
    test.click()
    expect(page.get_by_role("status").get_by_text("Sent to your devices")).to_be_visible()
    page.reload()
    settings.get_by_role("tab", name="Notifications").click()
    for name in ("Show message text", "Sound", "E-mail about missed messages"):
        expect(settings.get_by_role("switch", name=name)).not_to_be_checked()
    expect(
        settings.get_by_role("radio", name="Mentions, replies and direct messages")
    ).to_be_checked()
    expect(settings.get_by_label("From")).to_have_value("23:30")
    expect(settings.get_by_label("To", exact=True)).to_have_value("06:15")
    ada.call("PATCH", "/me", {"settings": {"notify_sound": True}})
    expect(settings.get_by_role("switch", name=re.compile("Sound"))).to_be_checked()
