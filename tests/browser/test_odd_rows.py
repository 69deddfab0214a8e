"""Wrong clocks, simultaneous edits and rows that cannot be drawn: everything else stays."""

import sqlite3
from contextlib import closing

from playwright.sync_api import Page, expect

from tests.browser.cast import Cast
from tests.served import Served

DAY = 86_400_000


def alter(served: Served, statement: str, *values: object) -> None:
    """Change what is stored behind the server's back, as a wrong clock would have left it."""
    with closing(sqlite3.connect(served.data / "app.db", timeout=10)) as database, database:
        database.execute(statement, values)


def moved(served: Served, conversation: str, seq: int, to: str) -> None:
    alter(
        served,
        f"UPDATE messages SET created_at = {to} WHERE conversation_id = ? AND seq = ?",
        conversation,
        seq,
    )


def test_a_day_that_comes_twice_leaves_the_conversation_as_it_is(
    cast: Cast, served: Served
) -> None:
    seqs = [cast.post(cast.ben, cast.group, f"Words {number}") for number in range(4)]
    moved(served, cast.group, seqs[1], f"created_at + {DAY}")
    cast.at(cast.group, cast.ada)
    for number in range(4):
        cast.ada.hears(f"Words {number}")
    cast.post(cast.ben, cast.group, "And on")
    cast.ada.hears("And on")


def test_what_waits_stands_below_a_message_of_another_day(cast: Cast, served: Served) -> None:
    seq = cast.post(cast.ben, cast.group, "From tomorrow")
    moved(served, cast.group, seq, f"created_at + {DAY}")
    cast.post(cast.ben, cast.group, "From today")
    cast.at(cast.group, cast.ada)
    cast.ada.hears("From today")
    cast.ada.page.context.set_offline(True)
    cast.ada.say("It waits")
    cast.ada.sees("img", "Pending")
    for words in ("From tomorrow", "From today", "It waits"):
        cast.ada.hears(words)
    cast.ada.page.context.set_offline(False)


def test_a_row_that_cannot_be_drawn_leaves_a_note_and_the_others(
    cast: Cast, served: Served
) -> None:
    cast.post(cast.ben, cast.group, "Before it")
    seq = cast.post(cast.ben, cast.group, "No calendar has this day")
    cast.post(cast.ben, cast.group, "After it")
    moved(served, cast.group, seq, "9000000000000000")
    page = cast.ada.page.context.new_page()
    logged: list[str] = []
    page.on("console", lambda said: logged.append(said.text))
    page.goto(f"/c/{cast.group}")
    log = page.get_by_role("log")
    for words in ("Before it", "After it"):
        expect(log.get_by_text(words)).to_be_visible()
    expect(log.get_by_text("This cannot be shown.").first).to_be_visible()
    assert any("could not be drawn" in line for line in logged)
    goes_on(cast, page)


def goes_on(cast: Cast, page: Page) -> None:
    cast.post(cast.ben, cast.group, "Still alive")
    expect(page.get_by_role("log").get_by_text("Still alive")).to_be_visible()


def test_edits_of_one_millisecond_are_all_among_the_earlier_versions(
    cast: Cast, served: Served
) -> None:
    seq = cast.post(cast.ada, cast.group, "Version 0")
    for number in range(1, 13):
        path = f"/conversations/{cast.group}/messages/{seq}"
        cast.ada.call("PATCH", path, {"body": f"Version {number}"})
    alter(served, "UPDATE message_versions SET created_at = 1 WHERE seq = ?", seq)
    cast.at(cast.group, cast.ada)
    page = cast.ada.page
    page.get_by_role("button", name="Edited. Show earlier versions").click()
    said = page.get_by_role("dialog").get_by_role("listitem")
    expect(said).to_have_count(13)
    for place in range(13):
        expect(said.nth(place)).to_contain_text(f"Version {12 - place}")
