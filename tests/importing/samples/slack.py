"""An export of Slack, with files as tools add them."""

from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.importing.samples.sample import Sample, archive
from tests.importing.story import PEOPLE, Room, Said, Story


class SlackSample(Sample):
    """A ZIP archive with a file a day."""

    system = "slack"
    keeps = frozenset({"replies", "reactions", "edits", "pins", "mentions", "files", "emails"})

    def write(self, story: Story, path: Path) -> Path:
        """Write it."""
        target = path / "slack.zip"
        with archive(target) as out:
            out.json("users.json", [_user(one) for one in PEOPLE])
            out.json("channels.json", [_channel(room) for room in story.rooms if not room.direct])
            out.json("dms.json", [_channel(room) for room in story.rooms if room.direct])
            for room in story.rooms:
                days = defaultdict(list)
                for said in room.messages:
                    day = datetime.fromtimestamp(said.at / 1000, UTC).strftime("%Y-%m-%d")
                    days[day].append(_message(room, said))
                    if said.file is not None:
                        out.add(f"__uploads/F{_id(said)}/{said.file[0]}", said.file[1])
                folder = room.id if room.direct else room.title
                for day, messages in days.items():
                    out.json(f"{folder}/{day}.json", [*messages, _joined(messages[0])])
        return target


def _user(one: Any) -> dict[str, Any]:
    profile = {"real_name": one.name, "email": one.email}
    return {"id": one.id, "team_id": "T0TEST", "name": one.id.lower(), "profile": profile}


def _channel(room: Room) -> dict[str, Any]:
    pins = [{"id": _stamp(one), "user": one.author.id} for one in room.messages if one.pinned]
    channel = {"id": room.id, "members": [one.id for one in room.members], "pins": pins}
    return channel if room.direct else channel | {"name": room.title, "creator": "U0BEN"}


def _stamp(said: Said) -> str:
    return f"{said.at // 1000}.{said.at % 1000:03}100"


def _id(said: Said) -> str:
    return f"{said.at}"


def _message(room: Room, said: Said) -> dict[str, Any]:
    text = said.text
    if said.mentions is not None:
        text = text.replace(f"@{said.mentions.name}", f"<@{said.mentions.id}>")
    message: dict[str, Any] = {
        "type": "message",
        "user": said.author.id,
        "ts": _stamp(said),
        "text": text.replace("🫖", ":teapot:"),
    }
    if said.edited_at is not None:
        message["edited"] = {"user": said.author.id, "ts": f"{said.edited_at // 1000}.000000"}
    if said.reply_to is not None:
        message["thread_ts"] = _stamp(room.messages[said.reply_to])
    if said.reactions:
        message["reactions"] = [
            {"name": "+1", "users": [one.id for one in who], "count": len(who)}
            for _, who in said.reactions
        ]
    if said.file is not None:
        message["files"] = [{"id": f"F{_id(said)}", "name": said.file[0], "mode": "hosted"}]
    return message


def _joined(message: dict[str, Any]) -> dict[str, Any]:
    return message | {"subtype": "channel_join", "text": "has joined", "files": []}
