"""Leaving: signing out leaves nothing behind; a session ended elsewhere loses nothing."""

from playwright.sync_api import Page, expect

from tests.browser.people import Open, Pair, Someone

DATABASES = "async () => (await indexedDB.databases()).map(({ name }) => name)"


def databases(page: Page) -> list[str]:
    names: list[str] = page.evaluate(DATABASES)
    return names


def own_database(person: Someone) -> str:
    return f"echosphere-{person.call('GET', '/me')['user']['id']}"


def test_signing_out_erases_what_this_browser_kept_of_the_person(pair: Pair) -> None:
    ada, _ = pair(alone=True)
    page = ada.page
    page.get_by_role("textbox", name="Message").fill("half a thought")
    name = own_database(ada)
    assert databases(page) == [name]
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page).to_have_url("/login")
    assert databases(page) == []
    page.goto("/")
    expect(page).to_have_url("/login")


def test_before_signing_out_one_is_told_of_unsent_messages(pair: Pair) -> None:
    ada, ben = pair()
    page = ada.page
    ben.call("PUT", f"/blocks/{ada.call('GET', '/me')['user']['id']}")
    ada.say("not accepted")
    ada.sees("img", "Failed")
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("menuitem", name="Sign out").click()
    question = page.get_by_role("dialog", name="Sign out?")
    expect(question).to_contain_text("1 message has not been sent yet")
    question.get_by_role("button", name="Cancel").click()
    ada.hears("not accepted")
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("menuitem", name="Sign out").click()
    question.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url("/login")
    assert databases(page) == []


def test_a_session_ended_on_another_device_keeps_the_draft_for_the_next_sign_in(
    pair: Pair, newcomer: Open
) -> None:
    ada, _ = pair(alone=True)
    box = ada.page.get_by_role("textbox", name="Message")
    where = ada.page.url
    elsewhere = newcomer("Ada")
    elsewhere.page.goto("/login")
    elsewhere.sign_in()
    elsewhere.page.get_by_role("button", name="Your menu").click()
    elsewhere.page.get_by_role("menuitem", name="Devices").click()
    devices = elsewhere.page.get_by_role("dialog", name="Devices")
    expect(devices.get_by_role("listitem")).to_have_count(2)
    expect(devices.get_by_text("This device")).to_have_count(1)

    box.fill("half a thought")
    devices.get_by_role("button", name="Sign out").click()
    expect(devices.get_by_role("listitem")).to_have_count(1)
    expect(ada.page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(ada.page.get_by_text("You were signed out from another device")).to_be_visible()
    ada.sign_in()
    expect(ada.page).to_have_url(where)
    expect(box).to_have_value("half a thought")
