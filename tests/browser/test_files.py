"""Files on their way into a message: pasted, dropped, taken away again, cancelled."""

import base64
from pathlib import Path

from playwright.sync_api import JSHandle, Locator, Page, expect

from tests.browser.people import Pair, Someone


def carried(page: Page, *files: Path) -> JSHandle:
    """Make what a browser hands over when someone pastes or drops these files."""
    contents = [[file.name, base64.b64encode(file.read_bytes()).decode("ascii")] for file in files]
    return page.evaluate_handle(
        """(files) => {
            const transfer = new DataTransfer();
            for (const [name, content] of files) {
                const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
                const type = name.endsWith('.jpg') ? 'image/jpeg' : 'application/pdf';
                transfer.items.add(new File([bytes], name, { type }));
            }
            return transfer;
        }""",
        contents,
    )


def tray(person: Someone) -> Locator:
    return person.page.get_by_role("list", name="Files to send").get_by_role("listitem")


def test_pasted_and_dropped_files_wait_in_the_tray_until_they_are_sent(
    pair: Pair, image: Path, document: Path
) -> None:
    ada, ben = pair()
    page = ada.page
    page.get_by_role("textbox", name="Message").evaluate(
        """(box, clipboardData) => box.dispatchEvent(
            new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
        )""",
        carried(page, image),
    )
    expect(tray(ada)).to_have_count(1)
    log = page.get_by_role("log")
    dropped = {"dataTransfer": carried(page, document)}
    hint = page.get_by_text("Drop files to attach them")
    log.dispatch_event("dragenter", dropped)
    expect(hint).to_be_visible()
    log.dispatch_event("drop", dropped)
    expect(hint).to_have_count(0)
    expect(tray(ada)).to_have_count(2)
    page.get_by_role("button", name="Send").click()
    expect(tray(ada)).to_have_count(0)
    for person in (ada, ben):
        person.sees("img", "Image sun.jpg")
        person.sees("img", "First page of plan.pdf")


def test_files_in_the_tray_survive_a_reload_and_one_taken_away_is_not_sent(
    pair: Pair, image: Path, document: Path
) -> None:
    ada, ben = pair()
    ada.attach(image, document)
    expect(tray(ada)).to_have_count(2)
    ada.page.get_by_role("button", name="Remove sun.jpg").click()
    expect(tray(ada)).to_have_count(1)
    ada.keeps("drafts", "rows.length === 1 && rows[0].files.length === 1")
    ada.page.reload()
    expect(tray(ada)).to_have_count(1)
    expect(tray(ada)).to_contain_text("plan.pdf")
    ada.say("Only the plan")
    ben.hears("Only the plan")
    ben.sees("img", "First page of plan.pdf")
    for person in (ada, ben):
        expect(person.page.get_by_role("log").get_by_role("img", name="sun.jpg")).to_have_count(0)


def test_a_message_whose_upload_is_cancelled_is_not_sent(pair: Pair, tmp_path: Path) -> None:
    ada, ben = pair()
    tape = tmp_path / "tape.bin"
    tape.write_bytes(b"\x00echo" * 400_000)
    network = ada.page.context.new_cdp_session(ada.page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 20_000}
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", slow)
    ada.attach(tape)
    expect(tray(ada)).to_contain_text("Uploading")
    ada.say("The tape")
    ada.hears("The tape")
    ada.page.get_by_role("button", name="Cancel upload of tape.bin").click()
    expect(ada.page.get_by_role("log").get_by_text("The tape")).to_have_count(0)
    network.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": -1})
    ada.say("Never mind")
    ben.hears("Never mind")
    ada.page.reload()
    for person in (ada, ben):
        person.hears("Never mind")
        expect(person.page.get_by_role("log").get_by_text("The tape")).to_have_count(0)
        expect(person.page.get_by_role("log").get_by_text("tape.bin")).to_have_count(0)
