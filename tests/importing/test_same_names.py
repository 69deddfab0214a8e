"""Chats that are called the same where they come from, and are not the same."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.importing.conftest import Import
from tests.importing.imported import messages_of, rows_of
from tests.product.conftest import Running

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
