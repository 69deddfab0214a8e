"""Two people in two browsers: they meet, talk, exchange files, and all is there after a reload."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.people import NARROW, WIDE, Open, Pair, Someone, meet
from tests.browser.proxy import Proxy


@pytest.mark.parametrize(
    "options",
    [
        {"viewport": WIDE},
        {"viewport": WIDE, "color_scheme": "dark"},
        {"viewport": NARROW, "has_touch": True, "is_mobile": True},
    ],
    ids=["light", "dark", "narrow"],
)
def test_two_people_meet_and_talk_with_files(
    someone: Open, image: Path, document: Path, options: dict[str, Any]
) -> None:
    talk_with_files(someone("Ada", **options), someone("Ben", **options), image, document)


def test_where_no_websocket_gets_through_they_talk_all_the_same(
    someone: Open, proxy: Proxy, image: Path, document: Path
) -> None:
    ada = someone("Ada", base_url=proxy.address)
    ben = someone("Ben", base_url=proxy.address)
    talk_with_files(ada, ben, image, document)
    assert proxy.refused > 0


def talk_with_files(ada: Someone, ben: Someone, image: Path, document: Path) -> None:
    meet(ada, ben)
    ada.say("Hello Ben")
    ben.hears("Hello Ben")
    ben.say("Hello Ada")
    ada.hears("Hello Ada")
    ada.attach(image, document)
    ada.say("The sun and the plan")
    ben.hears("The sun and the plan")
    for person in (ada, ben):
        person.sees("img", "Image sun.jpg")
        person.sees("img", "First page of plan.pdf")
        person.no_sideways_scrolling()
    for person in (ada, ben):
        person.page.reload()
        for text in ("Hello Ben", "Hello Ada", "The sun and the plan"):
            person.hears(text)
        person.sees("img", "Image sun.jpg")
        person.sees("img", "First page of plan.pdf")


def test_an_image_opens_in_the_viewer(pair: Pair, image: Path) -> None:
    ada, ben = pair()
    ada.attach(image)
    ada.say("Look")
    ben.page.get_by_role("button", name="Open image sun.jpg").click()
    viewer = ben.page.get_by_role("dialog")
    expect(viewer.get_by_role("img")).to_be_visible()
    expect(viewer.get_by_role("link", name="Download")).to_be_visible()
    ben.page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()


def test_unread_counts_show_in_the_list_and_vanish_on_reading(pair: Pair) -> None:
    ada, ben = pair()
    ben.show("Contacts")
    ben.page.goto("/")
    for number in range(3):
        ada.say(f"message {number}")
    entry = ben.page.get_by_role("link", name="3 unread messages")
    expect(entry).to_be_visible()
    entry.click()
    ben.hears("message 2")
    expect(ben.page.get_by_role("link", name="unread")).to_have_count(0)


def test_a_message_sent_offline_waits_survives_a_reload_and_arrives_once(pair: Pair) -> None:
    ada, ben = pair()
    ada.say("before")
    ben.hears("before")
    drop: list[Route] = []

    def swallow(route: Route) -> None:
        drop.append(route)
        route.abort()

    api = "**/api/v1/conversations/*/messages"
    context = ada.page.context
    context.set_offline(True)
    context.route(api, swallow)
    ada.say("written offline")
    ada.sees("img", "Pending")
    ada.keeps("outbox", "rows.length === 1")
    context.unroute(api)
    context.set_offline(False)
    ada.page.reload()
    ada.hears("written offline")
    ben.hears("written offline")
    ada.page.reload()
    ada.hears("written offline")


def test_a_draft_stays_in_its_conversation_over_a_reload(pair: Pair) -> None:
    ada, _ = pair(alone=True)
    box = ada.page.get_by_role("textbox", name="Message")
    box.fill("half a thou")
    ada.keeps("drafts", "rows.some(({ text }) => text === 'half a thou')")
    ada.page.reload()
    expect(box).to_have_value("half a thou")


def test_markup_in_messages_and_names_stays_text(pair: Pair) -> None:
    ada, ben = pair()
    evil = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>"
    ada.say(evil)
    ben.hears(evil)
    ada.say("javascript:alert(1) and https://example.org/ok")
    link = ben.page.get_by_role("log").get_by_role("link")
    expect(link).to_have_count(1)
    expect(link).to_have_attribute("href", "https://example.org/ok")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    assert "owned" not in ben.page.title()
