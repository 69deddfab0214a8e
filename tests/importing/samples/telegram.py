"""An export of Telegram Desktop."""

import json
from pathlib import Path
from typing import Any

from tests.importing.samples.sample import Sample
from tests.importing.story import Room, Said, Story

NUMBERS = {"C0GENERAL": 1, "C0TEA": 2, "D0ADABEN": 3}


class TelegramSample(Sample):
    """A folder with all chats of an account."""

    system = "telegram"
    keeps = frozenset({"replies", "reactions", "edits", "pins", "mentions", "files"})

    def write(self, story: Story, path: Path) -> Path:
        """Write it."""
        target = path / "telegram"
        (target / "files").mkdir(parents=True, exist_ok=True)
        for room in story.rooms:
            for said in room.messages:
                if said.file is not None:
                    (target / "files" / said.file[0]).write_bytes(said.file[1])
        chats = [_chat(room) for room in story.rooms]
        result = {"about": "made up", "chats": {"about": "…", "list": chats}}
        (target / "result.json").write_text(json.dumps(result, ensure_ascii=False), "utf-8")
        return target

    def rooms(self, story: Story) -> list[Room]:
        """Return the rooms with the ids of the export."""
        return [
            Room(_id(room), room.title, room.members, room.messages, room.direct)
            for room in story.rooms
        ]


def _id(room: Room) -> str:
    """Return under which id a chat is imported: a direct one is that of the two who wrote in it."""
    here = str(NUMBERS[room.id])
    return ":".join([here, *sorted(_user(one.id) for one in room.members)]) if room.direct else here


def _chat(room: Room) -> dict[str, Any]:
    messages = []
    for said in room.messages:
        messages.append(_message(said))
        if said.pinned:
            service = {
                "id": 100_000 + said.number,
                "type": "service",
                "date": "2023-11-20T00:00:00",
            }
            messages.append(service | {"action": "pin_message", "message_id": said.number + 1})
    kind = "personal_chat" if room.direct else "private_group"
    return {"name": room.title or "Ben", "type": kind, "id": NUMBERS[room.id], "messages": messages}


def _message(said: Said) -> dict[str, Any]:
    text: Any = said.text
    if said.mentions is not None:
        before, _, after = said.text.partition(f"@{said.mentions.name}")
        user = int.from_bytes(said.mentions.id.encode())
        text = [
            before,
            {"type": "mention_name", "text": said.mentions.name, "user_id": user},
            after,
        ]
    message: dict[str, Any] = {
        "id": said.number + 1,
        "type": "message",
        "date": "2023-11-14T22:13:20",
        "date_unixtime": str(said.at // 1000),
        "from": said.author.name,
        "from_id": _user(said.author.id),
        "text": text,
    }
    if said.edited_at is not None:
        message |= {"edited": "2023-11-14T22:13:25", "edited_unixtime": str(said.edited_at // 1000)}
    if said.reply_to is not None:
        message["reply_to_message_id"] = said.reply_to + 1
    if said.reactions:
        message["reactions"] = [
            {
                "type": "emoji",
                "count": len(who),
                "emoji": emoji,
                "recent": [{"from": one.name, "from_id": _user(one.id)} for one in who],
            }
            for emoji, who in said.reactions
        ]
    if said.file is not None:
        message |= {"file": f"files/{said.file[0]}", "file_name": said.file[0]}
    return message


def _user(person: str) -> str:
    return f"user{int.from_bytes(person.encode())}"
