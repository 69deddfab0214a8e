"""One browser, two people after each other: neither speaks in the other's name."""

from playwright.sync_api import expect

from tests.browser.cast import Cast
from tests.browser.people import PASSWORD, Someone


def take_over(browser: Someone, person: Someone) -> None:
    """Sign someone in, without a page, in the browser that another person uses."""
    browser.call("POST", "/sessions", {"email": person.email, "password": PASSWORD})


def test_what_waited_is_not_sent_in_the_name_of_whoever_signed_in_since(cast: Cast) -> None:
    ada, ben = cast.ada, cast.ben
    cast.at(cast.direct, ada, ben)
    ada.page.context.set_offline(True)
    ada.say("from Ada's hand")
    ada.keeps("outbox", "rows.length === 1")
    take_over(ada, ben)
    ada.page.context.set_offline(False)
    # The page begins again as Ben's by itself; his conversation is with Ada.
    expect(ada.page.get_by_role("region", name="Ada", exact=True)).to_be_visible()
    ada.page.get_by_role("button", name="Your menu").click()
    expect(ada.page.get_by_role("menu")).to_contain_text("Ben")
    history = ben.call("GET", f"/conversations/{cast.direct}/messages")["messages"]
    assert history == []

    # Without a page meanwhile: one that is open as Ben goes to the sign-in page by itself.
    ada.page.goto("about:blank")
    take_over(ada, ada)
    ada.page.goto(f"/c/{cast.direct}")
    ben.hears("from Ada's hand")
    [message] = ben.call("GET", f"/conversations/{cast.direct}/messages")["messages"]
    assert message["author"] == cast.id_of(ada)
