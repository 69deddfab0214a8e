"""Rooms of Matrix, as Element exports them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.importing.samples.sample import Sample, archive
from tests.importing.story import Author, Room, Said, Story


class MatrixSample(Sample):
    """A file a room, with media; a file is a message of its own."""

    system = "matrix"
    keeps = frozenset({"replies", "reactions", "edits", "earlier", "pins", "mentions", "files"})

    def write(self, story: Story, path: Path) -> Path:
        """Write it."""
        target = path / "matrix.zip"
        with archive(target) as out:
            for room in story.rooms:
                out.json(f"{room.id}.json", _room(room))
                for said in room.messages:
                    if said.file is not None:
                        out.add(f"files/{said.file[0]}", said.file[1])
        return target


def _room(room: Room) -> dict[str, Any]:
    return {
        "room_name": room.title or "Ada and Ben",
        "room_creator": "Ada Example",
        "topic": "",
        "export_date": "1/1/2030",
        "exported_by": "Ada",
        "messages": list(_events(room)),
    }


def _user(one: Author) -> str:
    return f"@{one.id.lower()}:example.org"


def _event(
    room: Room, kind: str, sender: Author, at: int, key: str, content: Any
) -> dict[str, Any]:
    return {
        "type": kind,
        "sender": _user(sender),
        "origin_server_ts": at,
        "event_id": f"${room.id}-{key}",
        "room_id": room.id,
        "content": content,
    }


def _events(room: Room) -> Iterator[dict[str, Any]]:
    for one in room.members:
        content = {"membership": "join", "displayname": one.name}
        joined = _event(room, "m.room.member", one, 1, f"join-{one.id}", content)
        yield joined | {"state_key": _user(one)}
    for said in room.messages:
        yield from _message(room, said)
    pinned = [f"${room.id}-{said.number}" for said in room.messages if said.pinned]
    yield _event(room, "m.room.pinned_events", room.members[0], 2, "pins", {"pinned": pinned})


def _message(room: Room, said: Said) -> Iterator[dict[str, Any]]:
    key = f"${room.id}-{said.number}"
    content: dict[str, Any] = {"msgtype": "m.text", "body": said.before or said.text}
    if said.mentions is not None:
        content["m.mentions"] = {"user_ids": [_user(said.mentions)]}
    if said.reply_to is not None:
        content["m.relates_to"] = {"m.in_reply_to": {"event_id": f"${room.id}-{said.reply_to}"}}
        content["body"] = f"> <@x:y> before\n\n{content['body']}"
    if said.file is not None:
        content |= {"msgtype": "m.file", "filename": said.file[0]}
    yield _event(room, "m.room.message", said.author, said.at, str(said.number), content)
    if said.edited_at is not None:
        new = {"msgtype": "m.text", "body": said.text, "m.mentions": content.get("m.mentions", {})}
        edit = {
            "msgtype": "m.text",
            "body": f"* {said.text}",
            "m.new_content": new,
            "m.relates_to": {"rel_type": "m.replace", "event_id": key},
        }
        yield _event(room, "m.room.message", said.author, said.edited_at, f"{said.number}-e", edit)
    for emoji, who in said.reactions:
        for one in who:
            relation = {"rel_type": "m.annotation", "event_id": key, "key": emoji}
            name = f"{said.number}-r-{one.id}"
            yield _event(room, "m.reaction", one, said.at + 1, name, {"m.relates_to": relation})
