"""Reads rooms that Element has exported as JSON, with media beside them if they were asked for.

A file has the events of a room as the client-server API gives them,
https://spec.matrix.org/latest/client-server-api/#instant-messaging, decrypted.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from echosphere.importing.container import Container, reading
from echosphere.importing.errors import UnreadableSource
from echosphere.importing.format import (
    ConversationRecord,
    EarlierRecord,
    FileRecord,
    Membership,
    MentionRecord,
    MessageRecord,
    Person,
    PinRecord,
    ReactionRecord,
)
from echosphere.importing.json_stream import JsonStream
from echosphere.importing.reading import text_of
from echosphere.importing.source import NO_FILE, CollectedSource

NOTICES = "system messages, such as who joined"
UNDECRYPTED = "messages that the exporting client could not decrypt"
HEAD = frozenset({"room_name", "room_creator", "topic", "export_date", "exported_by"})
WITH_FILE = frozenset({"m.image", "m.file", "m.audio", "m.video"})


class MatrixSource(CollectedSource):
    """Rooms of Matrix that Element has exported."""

    system = "matrix"

    @staticmethod
    def recognizes(container: Container) -> bool:
        """Whether there is such a file."""
        return any(_is_room(container, name) for name in _documents(container))

    def collect(self) -> None:
        """Read each room twice: what was done to messages, then the messages."""
        self._media = {name.rpartition("/")[2]: name for name in self.container.names()}
        for name in _documents(self.container):
            if _is_room(self.container, name):
                self._collect_room(name)

    def _collect_room(self, name: str) -> None:
        changes = _Changes()
        here = title = topic = creator = ""
        members: dict[str, None] = {}
        for key, value in self._events(name):
            if key == "messages":
                with self.one_message():
                    here = here or _room_of(value)
                    self._learn_member(value, members)
                    changes.note(value)
            elif key == "room_name":
                title = text_of(value)
            elif key == "topic":
                topic = text_of(value)
            elif key == "room_creator":
                creator = text_of(value)
        here = here[:150] or title[:150] or name[:150]
        for key, event in self._events(name):
            if key == "messages":
                with self.one_message():
                    self._add(here, event, changes, members)
        self.add_conversation(
            ConversationRecord(
                id=here,
                title=title,
                description=topic,
                members=[
                    Membership(one, "owner" if self.name_of(one) == creator else "member")
                    for one in members
                ],
                messages=NO_FILE,
            )
        )

    def _events(self, name: str) -> Iterator[tuple[str, Any]]:
        with reading(), self.container.open(name) as file:
            stream = JsonStream(file)
            for key in stream.object():
                if key == "messages":
                    for _ in stream.array():
                        yield key, stream.value()
                else:
                    yield key, stream.value()

    def _learn_member(self, event: dict[str, Any], members: dict[str, None]) -> None:
        if event.get("type") != "m.room.member":
            return
        person, content = event.get("state_key") or event["sender"], event.get("content") or {}
        if content.get("displayname"):
            self.add_person(Person(id=person, name=text_of(content["displayname"])))
        if content.get("membership") == "join":
            members[person] = None
        else:
            members.pop(person, None)

    def _add(
        self, here: str, event: dict[str, Any], changes: "_Changes", members: dict[str, None]
    ) -> None:
        content = event.get("content") or {}
        if event.get("type") == "m.room.encrypted" or content.get("msgtype") == "m.bad.encrypted":
            self.losses[UNDECRYPTED] += 1
            return
        if event.get("type") not in ("m.room.message", "m.sticker"):
            self.losses[NOTICES] += event.get("type") != "m.reaction"
            return
        relation = content.get("m.relates_to") or {}
        if relation.get("rel_type") == "m.replace" or not content:  # an edit, or it was deleted
            return
        author, at, key = event["sender"], int(event["origin_server_ts"]), event["event_id"]
        members.setdefault(author)
        if not self.knows(author):
            self.add_person(Person(id=author, name=author.partition(":")[0].lstrip("@")))
        edits = changes.edits.get(key, [])
        newest = edits[-1][1] if edits else content
        replied = (relation.get("m.in_reply_to") or {}).get("event_id")
        files = [self._file(content)] if content.get("msgtype") in WITH_FILE else []
        text = _body(newest, is_reply=replied is not None)
        pinned = PinRecord(at) if key in changes.pinned else None
        self.add_message(
            here,
            MessageRecord(
                id=key,
                author=author,
                at=at,
                text=text,
                edited_at=edits[-1][0] if edits else None,
                earlier=_earlier(content, at, edits, is_reply=replied is not None),
                reply_to=replied,
                mentions=self._mentions(newest, text),
                reactions=[
                    ReactionRecord(emoji[:100], list(people))
                    for emoji, people in changes.reactions.get(key, {}).items()
                ],
                pinned=pinned,
                files=files,
                automated=content.get("msgtype") == "m.notice",
            ),
        )

    def _mentions(self, content: dict[str, Any], text: str) -> list[MentionRecord]:
        mentioned = content.get("m.mentions") or {}
        found = []
        for person in mentioned.get("user_ids") or ():
            name = self.name_of(person)
            if f"@{name}" in text:
                found.append(MentionRecord(name[:200], person))
        return found

    def _file(self, content: dict[str, Any]) -> FileRecord:
        name = text_of(content.get("filename") or content.get("body") or "file")
        duration = (content.get("info") or {}).get("duration")
        return FileRecord(
            path=self._media.get(name, ""),
            name=name,
            duration=int(duration) if isinstance(duration, int) and duration > 0 else None,
        )


class _Changes:
    """What was done to the messages of a room."""

    def __init__(self) -> None:
        self.edits: dict[str, list[tuple[int, dict[str, Any]]]] = {}
        self.reactions: dict[str, dict[str, dict[str, None]]] = {}
        self.pinned: set[str] = set()

    def note(self, event: dict[str, Any]) -> None:
        """Take note of an event if it changes others."""
        content = event.get("content") or {}
        relation = content.get("m.relates_to") or {}
        target = relation.get("event_id")
        if event.get("type") == "m.reaction" and target and relation.get("key"):
            by_emoji = self.reactions.setdefault(target, {})
            by_emoji.setdefault(relation["key"], {})[event["sender"]] = None
        elif relation.get("rel_type") == "m.replace" and target:
            new = content.get("m.new_content") or content
            self.edits.setdefault(target, []).append((int(event["origin_server_ts"]), new))
        elif event.get("type") == "m.room.pinned_events":
            self.pinned = set(content.get("pinned") or ())


def _body(content: dict[str, Any], *, is_reply: bool) -> str:
    body = str(content.get("body") or "")
    if is_reply and body.startswith("> "):
        body = body.partition("\n\n")[2]
    if content.get("msgtype") in WITH_FILE:
        # Without a name of its own, what stands there is the file's name.
        return body if content.get("filename") not in (None, body) else ""
    return f"*{body}*" if content.get("msgtype") == "m.emote" else body


def _earlier(
    content: dict[str, Any],
    at: int,
    edits: list[tuple[int, dict[str, Any]]],
    *,
    is_reply: bool,
) -> list[EarlierRecord]:
    if not edits:
        return []
    texts = [(at, content), *edits[:-1]]
    return [EarlierRecord(_body(one, is_reply=is_reply), when) for when, one in texts]


def _room_of(event: dict[str, Any]) -> str:
    room = event.get("room_id")
    return room if isinstance(room, str) else ""


def _documents(container: Container) -> list[str]:
    return [name for name in container.names() if name.endswith(".json")]


def _is_room(container: Container, name: str) -> bool:
    try:
        with reading(), container.open(name) as file:
            return next(JsonStream(file).object(), "") in HEAD
    except (UnreadableSource, msgspec.DecodeError):
        return False
