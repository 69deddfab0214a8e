"""Chats and servers that are called the same where they come from, and are not the same."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from echosphere.core.errors import Invalid
from tests.importing.conftest import Import
from tests.importing.imported import messages_of, rows_of
from tests.importing.written import message, write_import
from tests.product.conftest import Running

Lines = dict[str, list[dict[str, Any]]]

CARA = 7
CHATS = "SELECT conversation_id FROM imported_conversations"


def telegram(path: Path, me: str, said: str, count: int = 1) -> Path:
    """Write the chat of somebody with Cara, as Telegram calls it: like her."""
    folder = path / f"telegram-{me}-{count}"
    folder.mkdir()
    messages: list[dict[str, Any]] = [
        {
            "id": number,
            "type": "message",
            "date_unixtime": str(1_700_000_000 + number),
            "from": name,
            "from_id": user,
            "text": f"{said} {number}",
        }
        for number in range(count)
        for name, user in [(me, f"user{me}") if number % 2 == 0 else ("Cara", f"user{CARA}")]
    ]
    chat = {"name": "Cara", "type": "personal_chat", "id": CARA, "messages": messages}
    (folder / "result.json").write_text(json.dumps(chat))
    return folder


def _whatsapp(path: Path, me: str, said: str, count: int, name: str, text: str) -> Path:
    target = path / f"{me}-{count}" / name
    target.parent.mkdir()
    lines = ["[31.12.23, 10:00:00] Cara: \u200eMessages and calls are end-to-end encrypted."]
    lines += [f"[01.01.24, 10:00:{number:02}] {me}: {said} {number}" for number in range(count)]
    with ZipFile(target, "w") as out:
        out.writestr(text, "\n".join(lines) + "\n")
    return target


def iphone(path: Path, me: str, said: str, count: int = 1) -> Path:
    """Write the chat of somebody with Cara, as an iPhone does."""
    return _whatsapp(path, me, said, count, "WhatsApp Chat - Cara.zip", "_chat.txt")


def android(path: Path, me: str, said: str, count: int = 1) -> Path:
    """Write it as Android does."""
    return _whatsapp(path, me, said, count, "export.zip", "WhatsApp Chat with Cara.txt")


@pytest.mark.parametrize("write", [telegram, iphone, android])
async def test_what_two_people_wrote_to_a_third_is_not_one_conversation(
    tmp_path: Path, running: Running, do_import: Import, write: Callable[..., Path]
) -> None:
    database = running.application.database
    await do_import(write(tmp_path, "Ada", "From Ada"))
    await do_import(write(tmp_path, "Ben", "From Ben"))
    chats = [row[0] for row in await database.read(lambda read: rows_of(read, CHATS))]
    texts = [
        {one["text"].rpartition(" ")[0] for one in await database.read(messages_of, chat)}
        - {"Messages and calls are end-to-end"}
        for chat in chats
    ]
    assert sorted(map(sorted, texts)) == [["From Ada"], ["From Ben"]]
    # Exported once more, later, it is the same chat.
    again = await do_import(write(tmp_path, "Ada", "From Ada", 5))
    assert again.messages == 4
    assert len(await database.read(lambda read: rows_of(read, CHATS))) == 2


def _lines(path: Path, files: Lines) -> Path:
    path.mkdir()
    for name, lines in files.items():
        (path / name).write_text("\n".join(map(json.dumps, lines)))
    return path


def rocketchat(path: Path, said: str, settings: list[dict[str, Any]] | None = None) -> Path:
    """Write the room that every Rocket.Chat has under the same id."""
    by = {"_id": "rocket.cat", "username": "rocket.cat", "name": said}
    at = {"$date": "2024-01-01T10:00:00Z"}
    files: Lines = {
        "users.json": [by],
        "rocketchat_room.json": [{"_id": "GENERAL", "t": "c", "name": "general"}],
        "rocketchat_message.json": [
            {"_id": said, "rid": "GENERAL", "msg": said, "ts": at, "u": by}
        ],
    }
    return _lines(path / said, files | ({"rocketchat_settings.json": settings} if settings else {}))


def mattermost(path: Path, said: str, members: list[str] | None = None) -> Path:
    """Write a team that is called like many others, and has somebody with a common name."""
    members = members or ["admin"]
    post = {"user": members[0], "message": said, "create_at": 1_700_000_000_000}
    channel = {"team": "main", "name": "town-square"}
    here: dict[str, Any] = (
        {"type": "direct_post", "direct_post": {"channel_members": members} | post}
        if len(members) > 1
        else {"type": "post", "post": {"team": "main", "channel": "town-square"} | post}
    )
    lines: list[dict[str, Any]] = [
        {"type": "version", "version": 1},
        {"type": "team", "team": {"name": "main"}},
        {"type": "channel", "channel": channel},
        *({"type": "user", "user": {"username": one, "nickname": said}} for one in members),
        here,
    ]
    return _lines(path / said, {"import.jsonl": lines})


async def said_in_each(running: Running) -> list[list[str]]:
    """Return what was said in each imported conversation."""
    database = running.application.database
    chats = [row[0] for row in await database.read(lambda read: rows_of(read, CHATS))]
    said = [{one["text"] for one in await database.read(messages_of, chat)} for chat in chats]
    return sorted(map(sorted, said))


@pytest.mark.parametrize("write", [rocketchat, mattermost])
async def test_the_operator_tells_servers_apart_that_do_not_say_who_they_are(
    tmp_path: Path, running: Running, do_import: Import, write: Callable[..., Path]
) -> None:
    one, two = write(tmp_path, "Here"), write(tmp_path, "There")
    reports = [await do_import(one, name="old"), await do_import(two, name="new")]
    assert [report.source.partition(":")[2] for report in reports] == ["old", "new"]
    assert await said_in_each(running) == [["Here"], ["There"]]
    assert (await do_import(two, name="new")).messages == 0


async def test_rocketchat_servers_are_told_apart_by_their_settings(
    tmp_path: Path, running: Running, do_import: Import
) -> None:
    for said, setting in (("Here", "uniqueID"), ("There", "uniqueID"), ("Far", "Site_Url")):
        settings: list[dict[str, Any]] = [
            {"_id": "FileUpload_Enabled", "value": True},
            {"_id": setting, "value": said},
        ]
        report = await do_import(rocketchat(tmp_path, said, settings))
        assert report.source == f"rocketchat:{said}"
    assert await said_in_each(running) == [["Far"], ["Here"], ["There"]]


async def test_an_echosphere_says_itself_where_its_export_comes_from(
    tmp_path: Path, do_import: Import
) -> None:
    with pytest.raises(Invalid, match="already names its source"):
        await do_import(write_import(tmp_path / "own", [message(1)]), name="other")


async def test_long_names_of_members_do_not_make_two_groups_one(
    tmp_path: Path, running: Running, do_import: Import
) -> None:
    names = [f"{letter * 40}" for letter in "abcdefg"]
    await do_import(mattermost(tmp_path, "For seven", names))
    await do_import(mattermost(tmp_path, "For six", names[:6]))
    assert await said_in_each(running) == [["For seven"], ["For six"]]
