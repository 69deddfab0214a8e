"""A browser that saw data that a restored backup lacks."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.cast import in_touch, open_at
from tests.browser.people import Open, Someone
from tests.product.people import new_key
from tests.served import Served

NEWER = 25
GHOSTS = "rows.some(({ body }) => body.startsWith('lost'))"


def post(person: Someone, conversation: str, body: str) -> None:
    given = {"key": new_key(), "body": body}
    person.call("POST", f"/conversations/{conversation}/messages", given)


@pytest.mark.parametrize("stays", [False, True], ids=["comes back", "stays open"])
def test_what_the_backup_lacks_vanishes_from_the_screen_and_from_what_is_kept(
    newcomer: Open, own_served: Served, tmp_path: Path, *, stays: bool
) -> None:
    ada, ben = (newcomer(name, base_url=own_served.address) for name in ("Ada", "Ben"))
    ada.join()
    ben.join()
    conversation = in_touch(ada, ben)
    post(ada, conversation, "kept words")
    database, copy = own_served.data / "app.db", tmp_path / "copy.db"
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    for number in range(10):
        post(ada, conversation, f"lost {number}")
    open_at(f"/c/{conversation}", ben)
    ben.hears("lost 9")
    ben.keeps("messages", GHOSTS)
    if not stays:
        ben.page.goto("about:blank")

    own_served.stop()
    if stays:
        ben.say("waiting in the outbox")
    for beside in own_served.data.glob("app.db*"):
        beside.unlink()
    copy.rename(database)
    own_served.start()
    for number in range(NEWER):
        post(ada, conversation, f"newer {number}")

    if not stays:
        ben.page.goto(f"/c/{conversation}")
    ben.hears("kept words")
    ben.hears(f"newer {NEWER - 1}")
    expect(ben.page.get_by_role("log").get_by_text("lost")).to_have_count(0)
    ben.keeps("messages", f"rows.some(({{ body }}) => body === 'newer 0') && !{GHOSTS}")
    answer = ada.call("GET", f"/conversations/{conversation}/messages")
    bodies = [message["body"] for message in answer["messages"]]
    assert bodies.count("waiting in the outbox") == int(stays)
    assert not [body for body in bodies if body.startswith("lost")]
