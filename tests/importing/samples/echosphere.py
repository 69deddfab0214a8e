"""The format itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.importing.samples.sample import Sample, Writer, archive
from tests.importing.story import PEOPLE, Room, Said, Story, picture


class EchoSphereSample(Sample):
    """docs/import-format.md."""

    system = "echosphere"

    def __init__(self, source: str = "test") -> None:
        self.source = source

    keeps = frozenset(
        {"replies", "reactions", "edits", "earlier", "pins", "mentions", "files", "emails"}
    )

    def write(self, story: Story, path: Path) -> Path:
        """Write a ZIP archive."""
        target = path / "echosphere.zip"
        with archive(target) as out:
            out.json(
                "manifest.json",
                {"format": "echosphere-import", "version": 1, "source": self.source},
            )
            people = [
                {"id": one.id, "name": one.name, "email": one.email, "avatar": "avatars/one.png"}
                for one in PEOPLE
            ]
            out.lines("people.jsonl", people)
            out.add("avatars/one.png", picture(1))
            out.lines("conversations.jsonl", [_conversation(room) for room in story.rooms])
            for room in story.rooms:
                out.lines(f"messages/{room.id}.jsonl", _messages(room, out))
        return target


def _conversation(room: Room) -> dict[str, Any]:
    return {
        "id": room.id,
        "kind": "direct" if room.direct else "group",
        "title": room.title,
        "members": [{"person": one.id} for one in room.members],
        "messages": f"messages/{room.id}.jsonl",
        "created_at": room.messages[0].at if room.messages else 0,
    }


def _messages(room: Room, out: Writer) -> Iterator[dict[str, Any]]:
    for said in room.messages:
        if said.file is not None:
            out.add(f"files/{said.file[0]}", said.file[1])
    return (_message(room, said) for said in room.messages)


def _message(room: Room, said: Said) -> dict[str, Any]:
    message: dict[str, Any] = {
        "id": f"{room.id}-{said.number}",
        "author": said.author.id,
        "at": said.at,
        "text": said.text,
        "reactions": [
            {"emoji": emoji, "people": [one.id for one in who]} for emoji, who in said.reactions
        ],
    }
    if said.edited_at is not None:
        message |= {"edited_at": said.edited_at, "earlier": [{"text": said.before, "at": said.at}]}
    if said.reply_to is not None:
        message["reply_to"] = f"{room.id}-{said.reply_to}"
    if said.mentions is not None:
        message["mentions"] = [{"text": said.mentions.name, "person": said.mentions.id}]
    if said.pinned:
        message["pinned"] = {"at": said.at + 1, "person": said.author.id}
    if said.file is not None:
        message["files"] = [{"path": f"files/{said.file[0]}", "name": said.file[0]}]
    return message
