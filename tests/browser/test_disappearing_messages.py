"""Disappearing messages and retention: chosen in the details, told to all, shown in the head."""

import pytest
from playwright.sync_api import expect

from tests.browser.acts import details, taken_by_the_server, told
from tests.browser.cast import gather
from tests.browser.people import NARROW, WIDE, Open
from tests.browser.proxy import Proxy


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_two_people_choose_when_messages_disappear(
    newcomer: Open, proxy: Proxy, viewport: dict[str, int]
) -> None:
    cast = gather(newcomer, proxy, viewport=viewport)
    cast.at(cast.direct, cast.ada, cast.ben)
    chosen = details(cast.ben).get_by_role("combobox", name="Disappearing messages")
    with taken_by_the_server(cast.ben, cast.direct):
        chosen.select_option(label="1 day")
    for person in (cast.ada, cast.ben):
        told(person, "Ben set new messages to disappear after 1 day")
        shown = person.page.get_by_role("banner").or_(person.page.locator("header"))
        expect(shown.get_by_text("messages disappear after 1 day").first).to_be_attached()
        person.no_sideways_scrolling()
    expect(details(cast.ada).get_by_role("combobox", name="Disappearing messages")).to_have_value(
        "86400"
    )


def test_only_those_who_may_choose_how_long_messages_stay(newcomer: Open, proxy: Proxy) -> None:
    cast = gather(newcomer, proxy)
    cast.at(cast.group, cast.ada, cast.ben)
    expect(details(cast.ben).get_by_role("button", name="Leave the group")).to_be_visible()
    select = details(cast.ben).get_by_role("combobox", name="Disappearing messages")
    expect(select).to_have_count(0)
    details(cast.ada).get_by_role("button", name="Edit group").click()
    dialog = cast.ada.page.get_by_role("dialog", name="Group settings")
    with taken_by_the_server(cast.ada, cast.group):
        dialog.get_by_role("combobox", name="Keep messages").select_option(label="30 days")
    told(cast.ben, "Ada set messages to be deleted after 30 days")
