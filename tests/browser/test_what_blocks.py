"""Nothing that cannot be sent blocks the rest: folders, lost files, slow uploads, blocked people."""

from pathlib import Path

from playwright.sync_api import Route, expect

from tests.browser.acts import bubble
from tests.browser.people import Pair, Someone


def drop(person: Someone, *paths: Path) -> None:
    """Drop something from the person's disk onto the conversation."""
    box = person.page.get_by_role("log").bounding_box()
    assert box is not None
    session = person.page.context.new_cdp_session(person.page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send(
            "Input.dispatchDragEvent",
            {
                "type": kind,
                "x": box["x"] + box["width"] / 2,
                "y": box["y"] + box["height"] / 2,
                "data": {
                    "items": [],
                    "files": [str(one) for one in paths],
                    "dragOperationsMask": 1,
                },
            },
        )


def test_a_folder_is_refused_with_a_sentence_and_the_files_beside_it_are_taken(
    pair: Pair, tmp_path: Path, image: Path
) -> None:
    ada, ben = pair()
    folder = tmp_path / "Holiday"
    folder.mkdir()
    (folder / "inside.txt").write_text("words")
    drop(ada, folder, image)
    expect(ada.page.get_by_text("“Holiday” is a folder.")).to_be_visible()
    expect(
        ada.page.get_by_role("list", name="Files to send").get_by_role("listitem")
    ).to_have_count(1)
    ada.say("The sun")
    ben.hears("The sun")


def test_a_text_does_not_wait_for_the_files_of_the_message_before_it(
    pair: Pair, image: Path
) -> None:
    ada, ben = pair()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    ada.page.route("**/api/v1/attachments*", hold)
    ada.attach(image)
    ada.say("With a picture")
    ada.sees("img", "Pending")
    ada.say("Only words")
    ben.hears("Only words")
    # The upload ahead, which the message has joined, goes on.
    for route in held:
        route.continue_()
    ben.hears("With a picture")


def test_a_file_that_is_gone_fails_alone_and_can_be_discarded(pair: Pair, tmp_path: Path) -> None:
    ada, ben = pair()
    lost = tmp_path / "lost.txt"
    lost.write_text("words")
    ada.page.route("**/api/v1/attachments*", lambda route: route.abort())
    ada.attach(lost)
    tray = ada.page.get_by_role("list", name="Files to send")
    expect(tray.get_by_text("lost.txt")).to_be_visible()
    ada.page.wait_for_timeout(500)
    lost.unlink()
    ada.page.unroute("**/api/v1/attachments*")
    ada.say("My words")
    failure = ada.page.get_by_role("group", name="Failed")
    expect(failure.get_by_text("A file can no longer be read.")).to_be_visible()
    expect(failure.get_by_role("button", name="Retry")).to_be_visible()
    ada.say("Further words")
    ben.hears("Further words")
    failure.get_by_role("button", name="Discard").click()
    expect(failure).to_have_count(0)


def test_no_one_is_told_to_try_again_with_someone_who_blocked_them(pair: Pair) -> None:
    ada, ben = pair()
    ada.say("Before")
    ben.hears("Before")
    (me,) = [one["user"]["id"] for one in ben.call("GET", "/contacts")["contacts"]]
    ben.call("PUT", f"/blocks/{me}")
    ada.page.get_by_role("textbox", name="Message").fill("Are you there?")
    ada.page.get_by_role("button", name="Send").click()
    failure = ada.page.get_by_role("group", name="Failed")
    expect(failure.get_by_role("button", name="Discard")).to_be_visible()
    expect(failure.get_by_role("button", name="Retry")).to_have_count(0)


def test_the_wheel_scrolls_the_messages_whatever_is_under_the_pointer(pair: Pair) -> None:
    ada, _ = pair(alone=True)
    page = ada.page
    code = "\n".join(f"line {number} " + "x" * 200 for number in range(40))
    ada.say(f"```\n{code}\n```")
    ada.say("- a\n- b\n\n> quoted\n\n`code`")
    for number in range(12):
        ada.say(f"After {number}")
    bubble(ada, "After 11")
    log = page.get_by_role("log")
    block = log.locator("pre").first
    log.evaluate("(log) => { log.scrollTop = 0; }")
    block.hover()
    page.mouse.wheel(0, 300)
    expect(log).not_to_have_js_property("scrollTop", 0)
    page.get_by_role("button", name="Show all 40 lines").click()
    log.evaluate("(log) => { log.scrollTop = 0; }")
    block.hover(position={"x": 40, "y": 60})
    page.mouse.wheel(0, 300)
    expect(log).not_to_have_js_property("scrollTop", 0)
    assert block.evaluate("(block) => block.scrollTop") == 0


def test_unread_messages_show_beside_the_contacts(pair: Pair) -> None:
    ada, ben = pair()
    ben.page.goto("/#contacts")
    ada.say("One")
    ada.say("Two")
    tab = ben.page.get_by_role("tab", name="Conversations")
    expect(tab).to_contain_text("2 unread messages")


PASTED = """(field, [text, name, type]) => {
    const transfer = new DataTransfer();
    if (text !== '') transfer.setData('text/plain', text);
    transfer.items.add(new File(['x'], name, { type }));
    const pasted = new ClipboardEvent('paste',
        { clipboardData: transfer, bubbles: true, cancelable: true });
    return field.dispatchEvent(pasted);
}"""


def test_cells_of_a_spreadsheet_are_pasted_as_text(pair: Pair) -> None:
    ada, _ = pair(alone=True)
    field = ada.page.get_by_role("textbox", name="Message")
    assert field.evaluate(PASTED, ["a\tb\nc\td", "image.png", "image/png"])
    tray = ada.page.get_by_role("list", name="Files to send")
    expect(tray).to_have_count(0)
    assert not field.evaluate(PASTED, ["", "image.png", "image/png"])
    expect(tray.get_by_role("listitem")).to_have_count(1)


COMPOSED = """(field) => {
    const press = (type, more) => new KeyboardEvent(type,
        { key: 'Enter', code: 'Enter', bubbles: true, cancelable: true, ...more });
    field.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: '日本' }));
    const first = press('keydown');
    field.dispatchEvent(first);
    field.dispatchEvent(press('keyup'));
    const second = press('keydown', { isComposing: true });
    field.dispatchEvent(second);
    return [first.defaultPrevented, second.defaultPrevented];
}"""


def test_the_enter_that_ends_a_composition_does_nothing_in_any_field(pair: Pair) -> None:
    ada, ben = pair()
    page = ada.page
    box = page.get_by_role("textbox", name="Message")
    box.fill("日本")
    assert box.evaluate(COMPOSED) == [True, False]
    expect(box).to_have_value("日本")
    box.press("Enter")
    ben.hears("日本")
    for address, role, name in (
        ("#switch", "combobox", "Name of a person or group"),
        ("#new-group", "textbox", "Name"),
        ("#add-contact", "textbox", "E-mail address"),
    ):
        page.evaluate("(hash) => { location.hash = hash; }", address)
        field = page.get_by_role("dialog").get_by_role(role, name=name)  # type: ignore[arg-type]
        assert field.evaluate(COMPOSED) == [True, False]
        expect(field).to_be_visible()
        page.keyboard.press("Escape")
