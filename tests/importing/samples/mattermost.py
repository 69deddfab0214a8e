"""A bulk export of Mattermost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.importing.samples.sample import Sample, archive
from tests.importing.story import PEOPLE, Room, Said, Story


class MattermostSample(Sample):
    """A ZIP archive with lines and a folder of files; a reply stands in what it answers."""

    system = "mattermost"
    keeps = frozenset({"replies", "reactions", "edits", "pins", "mentions", "files", "emails"})

    def write(self, story: Story, path: Path) -> Path:
        """Write it."""
        target = path / "mattermost.zip"
        with archive(target) as out:
            out.lines("import.jsonl", _lines(story))
            for room in story.rooms:
                for said in room.messages:
                    if said.file is not None:
                        out.add(f"data/{said.at}/{said.file[0]}", said.file[1])
        return target

    def rooms(self, story: Story) -> list[Room]:
        """Return the rooms with the ids that the export makes."""
        return [
            Room(_id(room), room.title, room.members, room.messages, room.direct)
            for room in story.rooms
        ]


def _id(room: Room) -> str:
    if room.direct:
        return "direct/" + ",".join(sorted(one.id for one in room.members))
    return f"team/{room.title}"


def _lines(story: Story) -> Iterator[dict[str, Any]]:
    yield {"type": "version", "version": 1}
    yield {"type": "team", "team": {"name": "team"}}
    for room in story.rooms:
        if not room.direct:
            yield {
                "type": "channel",
                "channel": {"team": "team", "name": room.title, "display_name": room.title},
            }
    channels = [{"name": room.title} for room in story.rooms if not room.direct]
    for one in PEOPLE:
        first, _, last = one.name.partition(" ")
        user = {"username": one.id, "email": one.email, "first_name": first, "last_name": last}
        yield {"type": "user", "user": {**user, "teams": [{"name": "team", "channels": channels}]}}
    for room in story.rooms:
        yield from _posts(room)


def _posts(room: Room) -> Iterator[dict[str, Any]]:
    replies: dict[int, list[Said]] = {}
    for said in room.messages:
        if said.reply_to is not None:
            replies.setdefault(said.reply_to, []).append(said)
    for said in room.messages:
        if said.reply_to is None:
            post = _post(said)
            post["replies"] = [_post(one) for one in replies.get(said.number, ())]
            if room.direct:
                members = [one.id for one in room.members]
                yield {"type": "direct_post", "direct_post": {"channel_members": members} | post}
            else:
                yield {"type": "post", "post": {"team": "team", "channel": room.title} | post}


def _post(said: Said) -> dict[str, Any]:
    text = said.text
    if said.mentions is not None:
        text = text.replace(f"@{said.mentions.name}", f"@{said.mentions.id}")
    post: dict[str, Any] = {
        "user": said.author.id,
        "message": text,
        "create_at": said.at,
        "edit_at": said.edited_at or 0,
        "is_pinned": said.pinned,
        "reactions": [
            {"user": one.id, "emoji_name": "+1", "create_at": said.at + 1}
            for _, who in said.reactions
            for one in who
        ],
    }
    if said.file is not None:
        post["attachments"] = [{"path": f"{said.at}/{said.file[0]}"}]
    return post
