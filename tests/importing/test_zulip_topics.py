"""Topics of Zulip: a channel becomes one conversation, in which they stay to be seen."""

import json
from pathlib import Path
from typing import Any

from echosphere.database import Database
from echosphere.richtext import parse_segments
from tests.importing.conftest import Import
from tests.importing.imported import imported_conversations, messages_of
from tests.product.conftest import Running

BEGIN = 1_700_000_000
DEPLOYS, GARDEN, PERSONAL = 101, 102, 203
ODD = "a_b *c* [d](https://e.example) <f> `g`"

SAID: list[tuple[int, str, str]] = [
    (DEPLOYS, "nightly build", "It is red"),
    (DEPLOYS, "nightly build", "I look at it"),
    (GARDEN, "nightly build", "Not here"),
    (DEPLOYS, "lunch", "Who comes?"),
    (PERSONAL, "", "Between us"),
    (DEPLOYS, "nightly build", "Green"),
    (DEPLOYS, "", "By the way"),
    (DEPLOYS, ODD, "Odd"),
    (DEPLOYS, ODD, "[notes.txt](/user_uploads/2/notes.txt)"),
    (DEPLOYS, "✔ lunch", "[notes.txt](/user_uploads/2/notes.txt)"),
    (GARDEN, "nightly build", "Still not"),
    (PERSONAL, "\x07", "Still between us"),
]


def export(path: Path, said: list[tuple[int, str, str]] = SAID) -> Path:
    """Write an unpacked export."""
    (path / "uploads" / "2").mkdir(parents=True, exist_ok=True)
    (path / "uploads" / "2" / "notes.txt").write_text("Notes")
    users = [{"id": one, "full_name": name} for one, name in ((1, "Ada"), (2, "Ben"))]
    tables: dict[str, Any] = {
        "zerver_realm": [{"id": 2, "string_id": "test"}],
        "zerver_userprofile": users,
        "zerver_stream": [
            {"id": 1, "name": "deploys", "date_created": BEGIN},
            {"id": 2, "name": "garden", "date_created": BEGIN},
        ],
        "zerver_recipient": [
            {"id": DEPLOYS, "type": 2, "type_id": 1},
            {"id": GARDEN, "type": 2, "type_id": 2},
            {"id": PERSONAL, "type": 1, "type_id": 2},
        ],
    }
    messages = [
        {
            "id": 1_000 + number,
            "sender": 1,
            "recipient": recipient,
            "subject": topic,
            "content": text,
            "date_sent": BEGIN + number * 60,
            "last_edit_time": BEGIN + number * 60 + 5 if number == 3 else None,
            "edit_history": json.dumps(
                [{"prev_content": "Who?", "timestamp": BEGIN + 185}] if number == 3 else []
            ),
        }
        for number, (recipient, topic, text) in enumerate(said)
    ]
    (path / "realm.json").write_text(json.dumps(tables))
    (path / "messages-000001.json").write_text(json.dumps({"zerver_message": messages}))
    return path


async def texts(database: Database, room: str) -> list[str]:
    here = (await imported_conversations(database))[room]
    return [one["text"] for one in await database.read(messages_of, here)]


async def test_a_line_says_where_another_topic_begins(
    tmp_path: Path, running: Running, do_import: Import
) -> None:
    database = running.application.database
    path = export(tmp_path / "zulip")
    await do_import(path)
    found = await texts(database, "stream-1")
    assert found == [
        "**nightly build**\nIt is red",
        "I look at it",
        "**lunch**\nWho comes?",
        "**nightly build**\nGreen",
        "**general chat**\nBy the way",
        "**a_b \\*c\\* \\[d](https://e.example) <f> \\`g\\`**\nOdd",
        "",
        "**✔ lunch**",
    ]
    assert "".join(one.text for one in parse_segments(found[5])) == f"{ODD}\nOdd"
    assert await texts(database, "stream-2") == ["**nightly build**\nNot here", "Still not"]
    assert await texts(database, "direct-1-2") == ["Between us", "Still between us"]
    here = (await imported_conversations(database))["stream-1"]
    rows = await database.read(messages_of, here)
    assert rows[2]["earlier"] == ["**lunch**\nWho?"]
    assert [one["files"] for one in rows[-2:]] == [[("notes.txt", 5)], [("notes.txt", 5)]]


async def test_a_later_import_goes_on_in_the_topic_that_was(
    tmp_path: Path, running: Running, do_import: Import
) -> None:
    path = export(tmp_path / "zulip", SAID[:2])
    await do_import(path)
    later = [*SAID[:2], (DEPLOYS, "nightly build", "Going on"), (DEPLOYS, "lunch", "Who comes?")]
    report = await do_import(export(path, later))
    assert (report.messages, report.known) == (2, 2)
    assert await texts(running.application.database, "stream-1") == [
        "**nightly build**\nIt is red",
        "I look at it",
        "Going on",
        "**lunch**\nWho comes?",
    ]


async def test_channels_without_topics_stay_as_they_are(
    tmp_path: Path, running: Running, do_import: Import
) -> None:
    await do_import(export(tmp_path / "zulip", [(DEPLOYS, "", "One"), (DEPLOYS, "", "Two")]))
    assert await texts(running.application.database, "stream-1") == ["One", "Two"]
