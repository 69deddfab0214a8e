"""Collections of Rocket.Chat."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.importing.samples.sample import Sample, archive
from tests.importing.story import PEOPLE, Author, Room, Said, Story


class RocketChatSample(Sample):
    """As `mongoexport` writes them."""

    system = "rocketchat"
    keeps = frozenset({"replies", "reactions", "edits", "pins", "mentions", "files", "emails"})

    def write(self, story: Story, path: Path) -> Path:
        """Write it."""
        target = path / "rocketchat.zip"
        with archive(target) as out:
            out.lines("users.json", [_user(one) for one in PEOPLE])
            out.lines("rocketchat_room.json", [_room(room) for room in story.rooms])
            out.lines(
                "rocketchat_subscription.json",
                [{"rid": room.id, "u": _by(one)} for room in story.rooms for one in room.members],
            )
            out.lines(
                "rocketchat_message.json",
                [_message(room, said) for room in story.rooms for said in room.messages],
            )
            for _, said in story.messages():
                if said.file is not None:
                    out.add(f"uploads/F{said.at}", said.file[1])
        return target


def _date(at: int) -> dict[str, str]:
    return {"$date": datetime.fromtimestamp(at / 1000, UTC).isoformat().replace("+00:00", "Z")}


def _user(one: Author) -> dict[str, Any]:
    emails = [{"address": one.email, "verified": True}]
    return {"_id": one.id, "username": one.id.lower(), "name": one.name, "emails": emails}


def _by(one: Author) -> dict[str, Any]:
    return {"_id": one.id, "username": one.id.lower(), "name": one.name}


def _room(room: Room) -> dict[str, Any]:
    kind = {"t": "d", "uids": [one.id for one in room.members]} if room.direct else {"t": "c"}
    return {"_id": room.id, "name": room.title, "ts": _date(1_699_000_000_000)} | kind


def _message(room: Room, said: Said) -> dict[str, Any]:
    text = said.text
    if said.mentions is not None:
        text = text.replace(f"@{said.mentions.name}", f"@{said.mentions.id.lower()}")
    message: dict[str, Any] = {
        "_id": f"{room.id}-{said.number}",
        "rid": room.id,
        "msg": text,
        "ts": _date(said.at),
        "u": _by(said.author),
    }
    if said.edited_at is not None:
        message["editedAt"] = _date(said.edited_at)
    if said.reply_to is not None:
        message["tmid"] = f"{room.id}-{said.reply_to}"
    if said.pinned:
        message |= {"pinned": True, "pinnedAt": _date(said.at + 1), "pinnedBy": _by(said.author)}
    if said.reactions:
        names = [one.id.lower() for _, who in said.reactions for one in who]
        message["reactions"] = {":thumbsup:": {"usernames": names}}
    if said.file is not None:
        file = {"_id": f"F{said.at}", "name": said.file[0]}
        message |= {"file": file, "files": [file, {"_id": "T", "name": f"thumb-{said.file[0]}"}]}
    return message
