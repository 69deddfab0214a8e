"""Several messages are selected and copied, forwarded, saved or deleted together."""

from playwright.sync_api import Locator, expect

from tests.browser.acts import bubble, choose
from tests.browser.cast import Cast
from tests.browser.fingers import rest_on
from tests.browser.people import NARROW, Pair, Someone

WORDS = ("first", "second", "third", "fourth")


def rows(person: Someone) -> Locator:
    """The messages of a conversation in which messages are being selected."""
    return person.page.get_by_role("log").get_by_role("checkbox")


def row(person: Someone, text: str) -> Locator:
    return person.page.get_by_role("log").get_by_role("checkbox", name=text)


def bar(person: Someone) -> Locator:
    return person.page.get_by_role("group", name="Selected messages")


def press(person: Someone, action: str) -> None:
    bar(person).get_by_role("button", name=action, exact=True).click()


def are_selected(person: Someone, *texts: str) -> None:
    """See which messages are selected, and that their number is told."""
    expect(rows(person).and_(person.page.locator("[aria-checked=true]"))).to_have_count(len(texts))
    for text in texts:
        expect(row(person, text)).to_be_checked()
    expect(bar(person).get_by_role("status")).to_have_text(f"{len(texts)} selected")


def is_over(person: Someone) -> None:
    """See that messages are messages again, and that one can write."""
    expect(bar(person)).to_have_count(0)
    expect(rows(person)).to_have_count(0)
    expect(person.page.get_by_role("textbox", name="Message")).to_be_visible()


def wrote(cast: Cast, author: Someone, *texts: str) -> None:
    for text in texts:
        cast.post(author, cast.group, text)
    cast.at(cast.group, cast.ada)
    for text in texts:
        cast.ada.hears(text)


def test_clicks_select_one_more_and_with_shift_a_range_and_escape_ends_it(cast: Cast) -> None:
    ada = cast.ada
    wrote(cast, cast.ben, *WORDS)
    ada.page.get_by_role("textbox", name="Message").fill("half a thought")
    choose(ada, "second", "Select")
    are_selected(ada, "second")
    expect(row(ada, "second")).to_be_focused()
    expect(ada.page.get_by_role("textbox", name="Message")).to_be_hidden()
    row(ada, "fourth").click(modifiers=["Shift"])
    are_selected(ada, "second", "third", "fourth")
    row(ada, "third").click()
    are_selected(ada, "second", "fourth")
    ada.page.keyboard.press("Escape")
    is_over(ada)
    expect(ada.page.get_by_role("textbox", name="Message")).to_have_value("half a thought")


def test_what_is_in_a_message_is_not_pressed_while_messages_are_selected(cast: Cast) -> None:
    ada = cast.ada
    seq = cast.post(ada, cast.group, "see https://example.org/map")
    cast.ben.call("PUT", f"/conversations/{cast.group}/messages/{seq}/reactions/👍")
    wrote(cast, cast.ben, "second")
    choose(ada, "second", "Select")
    link = ada.page.get_by_role("log").locator("a")
    link.click(force=True)
    are_selected(ada, "see", "second")
    assert ada.page.url.endswith(cast.group)
    row(ada, "second").focus()
    ada.page.keyboard.press("Tab")
    expect(bar(ada).get_by_role("button", name="Stop selecting")).to_be_focused()


def test_by_keyboard_the_arrows_move_space_selects_and_the_message_keeps_the_focus(
    cast: Cast,
) -> None:
    ada, keys = cast.ada, cast.ada.page.keyboard
    wrote(cast, ada, *WORDS)
    bubble(ada, "second").focus()
    keys.press("Enter")
    menu = ada.page.get_by_role("menu", name="Message actions")
    expect(menu.get_by_role("menuitemcheckbox").first).to_be_focused()
    menu.get_by_role("menuitem", name="Select").focus()
    keys.press("Enter")
    expect(row(ada, "second")).to_be_focused()
    keys.press("Space")
    expect(row(ada, "second")).not_to_be_checked()
    expect(bar(ada).get_by_role("button", name="Delete")).to_be_disabled()
    keys.press("ArrowDown")
    keys.press("Space")
    are_selected(ada, "third")
    keys.press("Shift+ArrowDown")
    are_selected(ada, "third", "fourth")
    keys.press("Home")
    expect(row(ada, "first")).to_be_focused()
    keys.press("Shift+Space")
    are_selected(ada, *WORDS)
    keys.press("Escape")
    is_over(ada)
    expect(bubble(ada, "first")).to_be_focused()


def test_several_are_copied_with_who_wrote_them(pair: Pair) -> None:
    ada, ben = pair(permissions=["clipboard-read", "clipboard-write"])
    ben.say("What is the code?")
    ada.hears("What is the code?")
    ada.say("It is 4711")
    ada.hears("It is 4711")
    choose(ada, "What is the code?", "Select")
    row(ada, "4711").click()
    press(ada, "Copy")
    is_over(ada)
    copied = ada.page.evaluate("navigator.clipboard.readText()")
    asked, answered = copied.split("\n\n")
    assert asked.startswith("Ben, ")
    assert asked.endswith("\nWhat is the code?")
    assert answered.startswith("Ada, ")
    assert answered.endswith("\nIt is 4711")


def test_own_messages_are_deleted_for_everyone_and_those_of_others_only_for_oneself(
    cast: Cast,
) -> None:
    ben = cast.ben
    cast.post(cast.ada, cast.group, "hers")
    for text in ("mine", "mine as well"):
        cast.post(ben, cast.group, text)
    cast.at(cast.group, cast.ada, ben)
    choose(ben, "hers", "Select")
    row(ben, "mine as well").click()
    press(ben, "Delete")
    dialog = ben.page.get_by_role("dialog", name="Delete 2 messages?")
    expect(dialog.get_by_role("button", name="Delete for everyone")).to_have_count(0)
    expect(dialog.get_by_text("cannot delete some of them")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    row(ben, "hers").click()
    ben.page.get_by_role("log").get_by_role("checkbox", name="mine", exact=False).first.click()
    press(ben, "Delete")
    ben.page.get_by_role("button", name="Delete for everyone").click()
    is_over(ben)
    for person in (cast.ada, ben):
        log = person.page.get_by_role("log")
        expect(log.get_by_text("This message was deleted.")).to_have_count(2)
        expect(log.get_by_text("mine")).to_have_count(0)
    choose(ben, "hers", "Select")
    press(ben, "Delete")
    ben.page.get_by_role("button", name="Delete for me").click()
    is_over(ben)
    expect(ben.page.get_by_role("log").get_by_text("hers")).to_have_count(0)
    cast.ada.hears("hers")


def test_several_that_were_deleted_for_oneself_come_back_by_undo(cast: Cast) -> None:
    ada = cast.ada
    wrote(cast, cast.ben, *WORDS)
    choose(ada, "first", "Select")
    for words in ("third", "fourth"):
        row(ada, words).click()
    press(ada, "Delete")
    ada.page.get_by_role("button", name="Delete for me").click()
    is_over(ada)
    articles = ada.page.get_by_role("log").get_by_role("article")
    expect(articles).to_have_count(1)
    expect(ada.page.get_by_text("3 messages deleted for you")).to_be_visible()
    ada.page.get_by_role("button", name="Undo").click()
    expect(articles).to_contain_text(list(WORDS))


def test_several_are_forwarded_in_their_order_and_saved(cast: Cast) -> None:
    ada = cast.ada
    wrote(cast, cast.ben, *WORDS)
    choose(ada, "third", "Select")
    row(ada, "first").click()
    press(ada, "Save")
    is_over(ada)
    choose(ada, "first", "Select")
    row(ada, "third").click()
    expect(bar(ada).get_by_role("button", name="Remove from saved")).to_be_visible()
    row(ada, "fourth").click()
    press(ada, "Forward")
    dialog = ada.page.get_by_role("dialog", name="Forward to")
    dialog.get_by_role("checkbox", name="Ben").check()
    dialog.get_by_role("button", name="Forward to 1 conversation").click()
    expect(ada.page.get_by_text("3 messages forwarded to 1 conversation")).to_be_visible()
    is_over(ada)
    cast.at(cast.direct, ada)
    expect(ada.page.get_by_role("log").get_by_role("article")).to_contain_text(
        ["first", "third", "fourth"]
    )


def test_what_did_not_work_without_a_network_is_told_and_stays_selected(
    pair: Pair,
) -> None:
    ada, ben = pair()
    for text in WORDS:
        ada.say(text)
        ben.hears(text)
    choose(ada, "first", "Select")
    row(ada, "fourth").click(modifiers=["Shift"])
    are_selected(ada, *WORDS)
    ada.page.context.set_offline(True)
    expect(ada.page.get_by_role("status").get_by_text("No connection")).to_be_visible()
    press(ada, "Delete")
    ada.page.get_by_role("button", name="Delete for everyone").click()
    expect(ada.page.get_by_text("This worked for none of 4 messages.")).to_be_visible()
    are_selected(ada, *WORDS)
    ada.page.context.set_offline(False)
    expect(ada.page.get_by_role("status").get_by_text("No connection")).to_have_count(0)
    press(ada, "Delete")
    ada.page.get_by_role("button", name="Delete for everyone").click()
    is_over(ada)
    expect(ben.page.get_by_role("log").get_by_text("This message was deleted.")).to_have_count(4)


def test_what_the_other_deletes_meanwhile_is_no_longer_selected(pair: Pair) -> None:
    ada, ben = pair()
    for text in ("staying", "going"):
        ben.say(text)
        ada.hears(text)
    choose(ada, "staying", "Select")
    row(ada, "going").click()
    are_selected(ada, "staying", "going")
    choose(ben, "going", "Delete")
    ben.page.get_by_role("button", name="Delete for everyone").click()
    are_selected(ada, "staying")


def test_no_more_than_a_hundred_are_selected_and_the_person_is_told(pair: Pair) -> None:
    ada, ben = pair(alone=True)
    conversation = ada.page.url.rsplit("/", 1)[1]
    path = f"/conversations/{conversation}/messages"
    for number in range(102):
        ben.call("POST", path, {"key": f"number-{number:04}", "body": f"number {number}."})
    ada.hears("number 101.")
    choose(ada, "number 101.", "Select")
    ada.page.keyboard.press("Home")
    expect(row(ada, "number 0.")).to_be_focused()
    ada.page.keyboard.press("Shift+Space")
    expect(bar(ada).get_by_role("status")).to_have_text("100 selected")
    expect(ada.page.get_by_text("You can select up to 100 messages.")).to_be_visible()
    expect(row(ada, "number 0.")).not_to_be_checked()


def test_a_finger_selects_by_tapping_and_by_resting_through_a_range(pair: Pair) -> None:
    ada, ben = pair(viewport=NARROW, has_touch=True, is_mobile=True)
    for text in WORDS:
        ben.say(text)
        ada.hears(text)
    menu = ada.page.get_by_role("menu", name="Message actions")
    rest_on(ada, bubble(ada, "first"), expect(menu).to_be_visible)
    menu.get_by_role("menuitem", name="Select").tap()
    are_selected(ada, "first")
    row(ada, "second").tap()
    row(ada, "second").tap()
    are_selected(ada, "first")
    row(ada, "first").tap()
    row(ada, "second").tap()
    rest_on(ada, row(ada, "fourth"), lambda: are_selected(ada, "second", "third", "fourth"))
    are_selected(ada, "second", "third", "fourth")
    ada.no_sideways_scrolling()
    bar(ada).get_by_role("button", name="Stop selecting").tap()
    is_over(ada)
