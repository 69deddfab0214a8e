"""Addresses that people knew before, and the front door, lead to the right place."""

import pytest
from playwright.sync_api import expect

from tests.browser.people import Open, Pair, Someone


def lose_session(person: Someone) -> None:
    """Forget the cookies while no page is open that would notice."""
    person.page.goto("about:blank")
    person.page.context.clear_cookies()


def test_a_stranger_is_led_to_the_sign_in_page_and_can_go_on_to_register(newcomer: Open) -> None:
    page = newcomer("Ada").page
    for address in ("/", "/login"):
        page.goto(address)
        expect(page).to_have_url("/login")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_role("link", name="Create an account").click()
    expect(page).to_have_url("/register")
    expect(page.get_by_role("heading", name="Create an account")).to_be_visible()


@pytest.mark.parametrize("address", ["/register", "/login", "/"])
def test_signed_in_users_are_led_to_the_messenger(newcomer: Open, address: str) -> None:
    ada = newcomer("Ada")
    ada.join()
    ada.page.goto(address)
    expect(ada.page).to_have_url("/")
    expect(ada.page.get_by_role("heading", name="Welcome, Ada")).to_be_visible()


def test_the_old_address_for_adding_contacts_opens_the_dialog(newcomer: Open) -> None:
    ada = newcomer("Ada")
    dialog = ada.page.get_by_role("dialog", name="Add contact")
    ada.join()
    ada.page.goto("/contacts/add")
    expect(dialog).to_be_visible()
    lose_session(ada)
    ada.page.goto("/contacts/add")
    expect(dialog).to_have_count(0)
    ada.sign_in()
    expect(dialog.get_by_label("E-mail address")).to_be_focused()


def test_the_old_address_of_a_conversation_opens_it(pair: Pair) -> None:
    ada, _ = pair()
    ada.say("Here I was")
    ada.sees("img", "Read")
    conversation = ada.page.url.rsplit("/", 1)[1]
    ada.page.goto(f"/messages/{conversation}")
    expect(ada.page).to_have_url(f"/c/{conversation}")
    ada.hears("Here I was")
    lose_session(ada)
    ada.page.goto(f"/messages/{conversation}")
    ada.sign_in()
    expect(ada.page).to_have_url(f"/c/{conversation}")
    ada.hears("Here I was")


def test_an_old_address_tells_nothing_of_other_peoples_conversations(
    pair: Pair, newcomer: Open
) -> None:
    ada, _ = pair()
    ada.say("Between us")
    conversation = ada.page.url.rsplit("/", 1)[1]
    outsider = newcomer("Eve")
    outsider.join()
    for unseen in (conversation, "never-there"):
        outsider.page.goto(f"/messages/{unseen}")
        expect(outsider.page.get_by_text("Conversation not found")).to_be_visible()
        expect(outsider.page.get_by_text("Between us")).to_have_count(0)
