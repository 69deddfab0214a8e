"""Channels that DiscordChatExporter has written."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.importing.samples.sample import Sample, archive
from tests.importing.story import Author, Room, Said, Story


class DiscordSample(Sample):
    """A file a channel, with media."""

    system = "discord"
    keeps = frozenset({"replies", "reactions", "edits", "pins", "mentions", "files"})

    def write(self, story: Story, path: Path) -> Path:
        """Write it."""
        target = path / "discord.zip"
        with archive(target) as out:
            for room in story.rooms:
                name = f"Server - {room.title or 'Ben'} [{room.id}].json"
                out.json(name, _channel(room, name))
                for said in room.messages:
                    if said.file is not None:
                        out.add(f"{name}_Files/{said.file[0]}", said.file[1])
        return target


def _channel(room: Room, name: str) -> dict[str, Any]:
    kind = "DirectTextChat" if room.direct else "GuildTextChat"
    return {
        "guild": {"id": "G0", "name": "Server", "iconUrl": "https://example.org/icon.png"},
        "channel": {"id": room.id, "type": kind, "name": room.title, "topic": None},
        "dateRange": {"after": None, "before": None},
        "exportedAt": "2030-01-01T00:00:00+00:00",
        "messages": [_message(room, said, f"{name}_Files") for said in room.messages],
        "messageCount": len(room.messages),
    }


def _time(at: int | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at / 1000, UTC).isoformat()


def _user(one: Author) -> dict[str, Any]:
    return {"id": one.id, "name": one.id, "nickname": one.name, "isBot": False}


def _message(room: Room, said: Said, folder: str) -> dict[str, Any]:
    message: dict[str, Any] = {
        "id": f"{room.id}-{said.number}",
        "type": "Default" if said.reply_to is None else "Reply",
        "timestamp": _time(said.at),
        "timestampEdited": _time(said.edited_at),
        "isPinned": said.pinned,
        "content": said.text,
        "author": _user(said.author),
        "attachments": [],
        "reactions": [
            {
                "emoji": {"id": "", "name": emoji, "code": "thumbsup"},
                "count": len(who),
                "users": [_user(one) for one in who],
            }
            for emoji, who in said.reactions
        ],
        "mentions": [_user(said.mentions)] if said.mentions else [],
    }
    if said.reply_to is not None:
        message["reference"] = {"messageId": f"{room.id}-{said.reply_to}", "channelId": room.id}
    if said.file is not None:
        path = f"{folder}/{said.file[0]}"
        message["attachments"] = [{"id": "1", "url": path, "fileName": said.file[0]}]
    return message
