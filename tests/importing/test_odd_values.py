"""What strangers write into exports: it is kept as far as it can be, and stops nothing."""

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import msgspec
import pytest

from echosphere.importing import Losses, open_source
from echosphere.importing.json_values import decode_json
from echosphere.importing.source import UNFIT
from tests.importing.conftest import Import
from tests.importing.imported import imported_conversations, messages_of
from tests.importing.samples import SAMPLES
from tests.importing.samples.sample import Sample
from tests.importing.story import Story
from tests.importing.written import ADA, BEN, message, write_import
from tests.product.conftest import Running

NUL, HALF = "a\0b", "a\ud83d"
FIELDS: list[dict[str, Any]] = [
    {"text": NUL},
    {"text": HALF, "files": [{"path": "notes.txt", "name": HALF}]},
    {"text": "", "files": [{"path": "notes.txt", "name": NUL}]},
    {"id": NUL},
    {"reply_to": NUL},
    {"earlier": [{"text": NUL, "at": 1}, {"text": HALF, "at": 2}], "edited_at": 5},
    {"mentions": [{"text": NUL, "person": "ben"}, {"text": HALF}]},
    {"reactions": [{"emoji": NUL, "people": ["ben"]}]},
    {"edited_at": 2**53 - 1, "pinned": {"at": 2**53 - 1}},
]
PEOPLE: list[dict[str, Any]] = [
    {"id": NUL, "name": NUL, "email": f"{NUL}@example.org"},
    {"id": HALF, "name": HALF},
    {"id": "nobody", "name": ""},
    {"id": "picture", "name": "Picture", "avatar": "../../etc/passwd"},
    BEN | {"name": "Ben again"},
]


async def test_odd_characters_in_one_message_hold_up_no_other(
    tmp_path: Path, running: Running, do_import: Import
) -> None:
    odd = [message(number) | more for number, more in enumerate(FIELDS, 2)]
    path = write_import(
        tmp_path / "odd",
        [message(1), *odd, message(99)],
        [ADA, BEN, *PEOPLE],
        id=NUL,
        title=NUL,
        description=HALF,
    )
    (path / "notes.txt").write_text("some notes")
    report = await do_import(path)
    assert (report.messages, report.files) == (len(FIELDS) + 2, 2)
    database = running.application.database
    here = (await imported_conversations(database))["a\ufffdb"]
    texts = [one["text"] for one in await database.read(messages_of, here)]
    assert texts[:3] == ["Text 1", "a\ufffdb", "a\ufffd"]
    again = await do_import(path)
    assert (again.messages, again.known) == (0, report.messages)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_json_of_strangers_is_decoded(mark: str) -> None:
    plain = {"text": "naïve 😀 \\u0000", "list": [1, None, True]}
    for line in (json.dumps(plain), json.dumps(plain, ensure_ascii=False)):
        assert decode_json(f"{mark}{line}".encode()) == plain
    assert decode_json(b'{"\\u0000": ["\\ud83d", "caf\xe9", "\\uD83D\\uDE00"]}') == {
        "\ufffd": ["\ufffd", "caf\ufffd", "😀"]
    }
    for broken in (b"{", b'{"a": "\\u0000"', b"[" * 100_000 + b'"\\u0000"', b"\xff\xfe{\0}\0"):
        with pytest.raises(msgspec.DecodeError):
            decode_json(broken)


async def test_what_comes_twice_is_there_once(
    tmp_path: Path, running: Running, do_import: Import
) -> None:
    file = {"path": "notes.txt", "name": "notes.txt"}
    path = write_import(
        tmp_path / "twice",
        [message(1, files=[file]), message(1, files=[file]), message(2)],
        [ADA, BEN, BEN],
    )
    (path / "notes.txt").write_text("only once")
    report = await do_import(path)
    assert (report.messages, report.files) == (2, 1)
    stored = [one for one in (tmp_path / "data").rglob("*") if one.is_file()]
    assert [one.read_bytes() for one in stored].count(b"only once") == 1


def telegram(path: Path, *messages: dict[str, Any]) -> Path:
    """Write a chat of Telegram."""
    path.mkdir()
    chat = {"name": "Tea", "type": "private_group", "id": 7, "messages": messages}
    (path / "result.json").write_text(json.dumps(chat))
    return path


def test_what_no_message_may_be_is_counted_and_the_others_are_read(tmp_path: Path) -> None:
    said = {"type": "message", "from": "Ada", "from_id": "user1", "text": HALF}
    path = telegram(
        tmp_path / "telegram",
        said | {"id": 1, "date_unixtime": "-7"},
        said | {"id": 2, "date_unixtime": "9" * 15},
        said | {"id": "3" * 300, "date_unixtime": "10"},
        said | {"id": 4, "date_unixtime": "10", "from_id": "user" * 100},
        said | {"id": 5, "date_unixtime": "10"},
    )
    losses = Losses()
    source = open_source(path, None, losses)
    try:
        [here] = source.conversations()
        assert [one.text for one in source.messages(here)] == ["a\ufffd"]
        assert [one.id for one in source.people()] == ["user1"]
    finally:
        source.close()
    assert losses[UNFIT] >= 4


MARKS = {
    "slack": "ts",
    "mattermost": "post",
    "rocketchat": "msg",
    "zulip": "date_sent",
    "discord": "timestamp",
    "telegram": "date_unixtime",
    "matrix": "origin_server_ts",
}
"""What each message has, by the system."""


def with_odd_messages(value: Any, mark: str) -> Any:
    """Return a decoded document with odd messages in each list of messages."""
    if isinstance(value, dict):
        return {name: with_odd_messages(one, mark) for name, one in value.items()}
    if not isinstance(value, list):
        return value
    said = [one for one in value if isinstance(one, dict) and mark in one]
    return (
        [*odd_messages(said[0], mark), *value]
        if said
        else [with_odd_messages(one, mark) for one in value]
    )


def odd_messages(model: dict[str, Any], mark: str) -> list[Any]:
    """Return what could stand in the place of a message."""
    kind = {"type": model.get("type")}
    without = dict.fromkeys(model, None) | kind
    numbers = dict.fromkeys(model, 7) | kind
    lists: dict[str, Any] = {name: [[[]]] for name in model} | kind
    return [{}, without, numbers, lists, kind | {mark: "never"}, {mark: {}}]


def odd_lines(lines: list[bytes], mark: str) -> list[bytes]:
    """Return a document of lines with odd messages among them."""
    first = next((json.loads(one) for one in lines if mark in json.loads(one)), None)
    odd = [] if first is None else odd_messages(first, mark)
    return [*lines, *(json.dumps(one).encode() for one in odd)]


def make_odd(name: str, content: bytes, mark: str) -> bytes:
    """Return a file of an export with odd messages."""
    if not name.endswith((".json", ".jsonl")):
        return content
    try:
        return json.dumps(with_odd_messages(json.loads(content), mark)).encode()
    except ValueError:
        return b"\n".join(odd_lines(content.splitlines(), mark))


def texts_in(path: Path, system: str) -> tuple[list[list[str]], Losses]:
    """Return what is said in each conversation of an export, and what is lost of it."""
    losses = Losses()
    source = open_source(path, system, losses)
    try:
        rooms = source.conversations()
        return [[one.text for one in source.messages(room)] for room in rooms], losses
    finally:
        source.close()


@pytest.mark.parametrize(
    "sample", [one for one in SAMPLES if one.system in MARKS], ids=lambda one: one.system
)
def test_a_message_of_another_shape_holds_up_no_other(sample: Sample, tmp_path: Path) -> None:
    path, mark = sample.write(Story(30), tmp_path), MARKS[sample.system]
    said, before = texts_in(path, sample.system)
    odd = tmp_path / "odd"
    if path.is_dir():
        for file in [one for one in path.rglob("*") if one.is_file()]:
            target = odd / file.relative_to(path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(make_odd(file.name, file.read_bytes(), mark))
    else:
        with ZipFile(path) as given, ZipFile(odd, "w") as out:
            for name in given.namelist():
                out.writestr(name, make_odd(name, given.read(name), mark))
    found, lost = texts_in(odd, sample.system)
    everything = {text for texts in said for text in texts}
    kept = [[text for text in texts if text in everything] for texts in found]
    assert [one for one in kept if one] == [one for one in said if one]
    assert lost[UNFIT] > before[UNFIT]


async def test_dates_within_messages_of_whatsapp_are_not_those_of_messages(tmp_path: Path) -> None:
    lines = [
        "31.12.23, 10:00 - Messages and calls are end-to-end encrypted.",
        "31.12.23, 10:01 - Ada: The log says:",
        "2023-11-14 10:00:00 ERROR: it is full",
        "[14.11.23, 10:00:00] Cara: pasted",
        "99/99/99, 10:00 - as well",
        "31.02.24, 10:02 - Ada: on a day that there is not",
        "01.01.24, 10:03 - Ben: Delete something",
    ]
    (tmp_path / "WhatsApp Chat with Ben.txt").write_text("\n".join(lines))
    [said], lost = texts_in(tmp_path, "whatsapp")
    assert said == ["\n".join(["The log says:", *lines[2:5]]), "Delete something"]
    assert lost[UNFIT] == 1
