"""An export of a Zulip organization."""

from pathlib import Path
from typing import Any

from tests.importing.samples.sample import Sample, archive
from tests.importing.story import PEOPLE, Room, Said, Story

PAGE = 100
NUMBERS = {one.id: number for number, one in enumerate(PEOPLE, 11)}


class ZulipSample(Sample):
    """An archive with the tables and pages of messages."""

    system = "zulip"
    keeps = frozenset({"replies", "reactions", "edits", "earlier", "mentions", "files", "emails"})

    def write(self, story: Story, path: Path) -> Path:
        """Write it."""
        target = path / "zulip.zip"
        said = list(story.messages())
        ids = {(room.id, one.number): 1000 + index for index, (room, one) in enumerate(said)}
        messages = [_message(room, one, ids) for room, one in said]
        with archive(target) as out:
            out.json("realm.json", _realm(story, ids))
            for page, at in enumerate(range(0, len(messages), PAGE), 1):
                rows = messages[at : at + PAGE]
                out.json(
                    f"messages-{page:06}.json", {"zerver_message": rows, "zerver_usermessage": []}
                )
            for _, one in said:
                if one.file is not None:
                    out.add(f"uploads/2/{one.at}/{one.file[0]}", one.file[1])
        return target

    def rooms(self, story: Story) -> list[Room]:
        """Return the rooms with the ids that the import makes."""
        ids = ["stream-1", "stream-2", "direct-11-12"]
        return [
            Room(here, room.title, room.members, room.messages, room.direct)
            for here, room in zip(ids, story.rooms, strict=True)
        ]


def _realm(story: Story, ids: dict[tuple[str, int], int]) -> dict[str, Any]:
    streams = [room for room in story.rooms if not room.direct]
    return {
        "zerver_realm": [{"id": 2, "string_id": "test"}],
        "zerver_userprofile": [
            {"id": NUMBERS[one.id], "full_name": one.name, "delivery_email": one.email}
            for one in PEOPLE
        ],
        "zerver_stream": [
            {"id": number, "name": room.title, "description": "", "date_created": 1_699_000_000.5}
            for number, room in enumerate(streams, 1)
        ],
        "zerver_recipient": [
            *({"id": 100 + number, "type": 2, "type_id": number} for number in (1, 2)),
            *({"id": 200 + number, "type": 1, "type_id": number} for number in NUMBERS.values()),
        ],
        "zerver_subscription": [
            {"recipient": 100 + number, "user_profile": user}
            for number in (1, 2)
            for user in NUMBERS.values()
        ],
        "zerver_reaction": [
            {
                "message": ids[room.id, said.number],
                "user_profile": NUMBERS[one.id],
                "emoji_name": "+1",
                "emoji_code": "1f44d",
                "reaction_type": "unicode_emoji",
            }
            for room in story.rooms
            for said in room.messages
            for _, who in said.reactions
            for one in who
        ],
    }


def _message(room: Room, said: Said, ids: dict[tuple[str, int], int]) -> dict[str, Any]:
    text = said.text
    if said.mentions is not None:
        text = text.replace(f"@{said.mentions.name}", f"@**{said.mentions.name}**")
    if said.reply_to is not None:
        near = ids[room.id, said.reply_to]
        text = f"@_**X|11** [said](https://example.org/#narrow/near/{near}):\n```quote\nit\n```\n{text}"
    if said.file is not None:
        text += f"\n[{said.file[0]}](/user_uploads/2/{said.at}/{said.file[0]})"
    history = "[]"
    if said.edited_at is not None:
        history = f'[{{"prev_content": "{said.before}", "timestamp": {said.edited_at // 1000}}}]'
    return {
        "id": ids[room.id, said.number],
        "sender": NUMBERS[said.author.id],
        "recipient": _recipient(room, said),
        "content": text,
        "date_sent": said.at / 1000,
        "last_edit_time": None if said.edited_at is None else said.edited_at / 1000,
        "edit_history": history,
    }


def _recipient(room: Room, said: Said) -> int:
    if room.direct:
        other = next(one for one in room.members if one != said.author)
        return 200 + NUMBERS[other.id]
    return 101 if room.id == "C0GENERAL" else 102
