"""Reads what was imported out of the database, to compare it with the story."""

import json
from typing import Any

from sqlalchemy import text

from echosphere.database import Database, Snapshot
from tests.importing.samples.sample import Sample
from tests.importing.story import Room

COLUMNS = (
    "m.seq, u.name, m.created_at, m.body, m.edited_at, m.reply_to, m.reactions, m.mentions,"
    " m.pinned_at, m.files"
)


def rows_of(snapshot: Snapshot, sql: str, **values: object) -> list[Any]:
    """Run a query."""
    return list(snapshot.execute(text(sql), values).all())


def messages_of(snapshot: Snapshot, conversation: str) -> list[dict[str, Any]]:
    """Return the messages of a conversation, with the numbers of those that they reply to."""
    rows = rows_of(
        snapshot,
        f"SELECT {COLUMNS} FROM messages m JOIN users u ON u.id = m.author_id"
        " WHERE m.conversation_id = :here AND m.system IS NULL ORDER BY m.seq",
        here=conversation,
    )
    numbers = {row[0]: number for number, row in enumerate(rows)}
    names = {row[0]: row[1] for row in rows_of(snapshot, "SELECT id, name FROM users")}
    files: dict[int, list[tuple[str, int]]] = {}
    of_files = (
        "SELECT seq, name, size FROM attachments WHERE conversation_id = :here ORDER BY position"
    )
    for seq, name, size in rows_of(snapshot, of_files, here=conversation):
        files.setdefault(seq, []).append((name, size))
    earlier: dict[int, list[str]] = {}
    of_earlier = (
        "SELECT seq, body FROM message_versions WHERE conversation_id = :here ORDER BY number"
    )
    for seq, body in rows_of(snapshot, of_earlier, here=conversation):
        earlier.setdefault(seq, []).append(body)
    return [
        {
            "author": name,
            "at": at,
            "text": body,
            "edited": edited_at,
            "earlier": earlier.get(seq, []),
            "reply": None if reply is None else numbers[reply],
            "reactions": [
                (one["emoji"], sorted(names[user] for user in one["users"]))
                for one in json.loads(reactions or "[]")
            ],
            "mentions": [
                (one["text"], names.get(one["user"])) for one in json.loads(mentions or "[]")
            ],
            "pinned": pinned_at is not None,
            "files": files.get(seq, []),
        }
        for seq, name, at, body, edited_at, reply, reactions, mentions, pinned_at, _ in rows
    ]


def expected(room: Room, sample: Sample) -> list[dict[str, Any]]:
    """Return what should have been imported of a room, as far as the format has it."""
    keeps = sample.keeps
    return [
        {
            "author": said.author.name,
            "at": said.at,
            "text": said.text,
            "edited": said.edited_at if "edits" in keeps else None,
            "earlier": [said.before] if "earlier" in keeps and said.before else [],
            "reply": said.reply_to if "replies" in keeps else None,
            "reactions": [(emoji, sorted(one.name for one in who)) for emoji, who in said.reactions]
            if "reactions" in keeps
            else [],
            "mentions": [(said.mentions.name, said.mentions.name)]
            if "mentions" in keeps and said.mentions
            else [],
            "pinned": said.pinned and "pins" in keeps,
            "files": [(said.file[0], len(said.file[1]))] if said.file and "files" in keeps else [],
        }
        for said in room.messages
    ]


async def imported_conversations(database: Database) -> dict[str, str]:
    """Return the ids here of all imported conversations, by those of the source."""
    return await database.read(_conversations)


def _conversations(snapshot: Snapshot) -> dict[str, str]:
    rows = rows_of(snapshot, "SELECT conversation, conversation_id FROM imported_conversations")
    return {row[0]: row[1] for row in rows}


def counts(snapshot: Snapshot) -> dict[str, int]:
    """Return how many rows there are of everything that an import makes."""
    tables = (
        "users",
        "conversations",
        "members",
        "messages",
        "attachments",
        "avatars",
        "notices",
        "imported_people",
        "imported_messages",
        "imported_members",
    )
    return {name: int(rows_of(snapshot, f"SELECT count(*) FROM {name}")[0][0]) for name in tables}
