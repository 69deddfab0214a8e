"""Contacts in the browser: declining, removing, blocking, and requests that wait for someone."""

from playwright.sync_api import Locator, expect

from tests.browser.people import Open, Pair, Someone


def choose(person: Someone, other: Someone, action: str) -> None:
    """Choose an action from the menu of a contact, and confirm it."""
    person.show("Contacts")
    person.page.get_by_role("button", name=f"Options for {other.name}").click()
    person.page.get_by_role("menuitem", name=action).click()
    person.page.get_by_role("dialog").get_by_role("button", name=action).click()
    expect(person.page.get_by_role("dialog")).to_have_count(0)


def failure(person: Someone) -> Locator:
    return person.page.get_by_role("log").get_by_role("group", name="Failed")


def test_a_request_waits_until_its_person_registers_and_can_be_declined(newcomer: Open) -> None:
    ada, ben = newcomer("Ada"), newcomer("Ben")
    ada.join()
    ada.page.goto("/")
    ada.ask(ben)
    ben.join()
    ben.page.goto("/#contacts")
    ben.page.get_by_role("button", name="Decline Ada").click()
    expect(ben.page.get_by_text("Request declined")).to_be_visible()
    ben.page.reload()
    expect(ben.page.get_by_text("No contacts yet", exact=True)).to_be_visible()
    expect(ben.page.get_by_text("wants to connect")).to_have_count(0)
    ada.page.reload()
    expect(ada.page.get_by_text("No contacts yet", exact=True)).to_be_visible()


def test_a_removed_contact_is_gone_for_both_and_their_conversation_stays(pair: Pair) -> None:
    ada, ben = pair()
    ada.say("before")
    ben.hears("before")
    ada.show("Contacts")
    expect(ada.contact("Ben")).to_be_visible()
    choose(ben, ada, "Remove contact")
    for person in (ben, ada):
        expect(person.page.get_by_text("No contacts yet", exact=True)).to_be_visible()
        person.hears("before")


def test_who_was_blocked_sees_why_the_message_failed(pair: Pair) -> None:
    ada, ben = pair()
    ada.say("before")
    ben.hears("before")
    choose(ben, ada, "Block")
    expect(ben.contact("Ada")).to_have_count(0)

    ada.say("after")
    expect(failure(ada)).to_contain_text("Not sent. You cannot write to this person.")
    ada.page.reload()
    expect(failure(ada)).to_contain_text("Not sent.")
    expect(failure(ada).get_by_role("button", name="Retry")).to_have_count(0)
    ada.hears("after")
    failure(ada).get_by_role("button", name="Discard").click()
    expect(ada.page.get_by_role("log").get_by_text("after")).to_have_count(0)
    for person in (ada, ben):
        person.page.reload()
        person.hears("before")
        expect(person.page.get_by_role("log").get_by_text("after")).to_have_count(0)


def test_after_unblocking_and_a_new_request_a_failed_message_can_be_sent_again(pair: Pair) -> None:
    ada, ben = pair()
    choose(ben, ada, "Block")
    ada.say("at last")
    expect(failure(ada)).to_contain_text("Not sent.")
    ben.page.get_by_role("button", name="Unblock Ada").click()
    expect(ben.page.get_by_role("button", name="Unblock Ada")).to_have_count(0)
    ben.ask(ada)
    ada.accept(ben)
    ada.write_to(ben)
    failure(ada).get_by_role("button", name="Retry").click()
    expect(failure(ada)).to_have_count(0)
    ben.hears("at last")
    ada.hears("at last")
