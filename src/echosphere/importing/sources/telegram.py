"""Reads what Telegram Desktop exports as JSON: one chat, or all of an account.

https://telegram.org/blog/export-and-more announces it. `result.json` has the chats, and the paths
of the files beside it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from echosphere.importing.container import Container, reading
from echosphere.importing.format import (
    ConversationRecord,
    FileRecord,
    Membership,
    MentionRecord,
    MessageRecord,
    Person,
    PinRecord,
    ReactionRecord,
)
from echosphere.importing.json_stream import JsonStream
from echosphere.importing.local_time import LocalClock
from echosphere.importing.reading import milliseconds, text_of
from echosphere.importing.source import NO_FILE, CollectedSource, fitting_id

RESULT = "result.json"
NOTICES = "system messages, such as who joined"
COUNTS_ONLY = "reactions of which the export contains only the count"
DIRECT = frozenset({"personal_chat", "bot_chat", "saved_messages"})
MARKS = {
    "bold": "**",
    "italic": "*",
    "strikethrough": "~~",
    "code": "`",
    "spoiler": "||",
}


class TelegramSource(CollectedSource):
    """An export of Telegram Desktop."""

    system = "telegram"

    @staticmethod
    def recognizes(container: Container) -> bool:
        """Whether this is one."""
        return container.has(RESULT)

    def collect(self) -> None:
        """Read the file as a stream: it may have many years."""
        with reading(), self.container.open(RESULT) as file:
            stream = JsonStream(file)
            self._read_level(stream)

    def _read_level(self, stream: JsonStream) -> None:
        """Read an object that is a chat, or has lists of chats."""
        chat: dict[str, Any] = {}
        for key in stream.object():
            if key in ("chats", "left_chats") and stream.peek() == "{":
                for inner in stream.object():
                    if inner == "list":
                        for _ in stream.array():
                            self._read_level(stream)
                    else:
                        stream.value()
            elif key == "messages" and stream.peek() == "[":
                self._read_messages(stream, chat)
            else:
                chat[key] = stream.value()

    def _read_messages(self, stream: JsonStream, chat: dict[str, Any]) -> None:
        here = f"{chat.get('id', 0)}"
        people: dict[str, None] = {}
        pinned: set[int] = set()
        held: list[dict[str, Any]] = []
        clock = LocalClock(self.zone)
        for _ in stream.array():
            message = stream.value()
            with self.one_message():
                if message.get("action") == "pin_message":
                    pinned.add(message.get("message_id", 0))
                if message.get("type") != "message":
                    self.losses[NOTICES] += 1
                    continue
                self._add_author(message)
                people[_author(message)] = None
                held.append(message)
            if len(held) > 2_000:
                self._add(here, held[:1_000], pinned, clock)
                held = held[1_000:]
        self._add(here, held, pinned, clock)
        kind = chat.get("type", "")
        is_direct = kind in DIRECT
        known = self.rename_conversation(here, _direct_id(here, people)) if is_direct else here
        self.add_conversation(
            ConversationRecord(
                id=known,
                kind="direct" if is_direct and len(people) <= 2 else "group",
                title=text_of(chat.get("name") or "Telegram"),
                members=[Membership(one) for one in people],
                messages=NO_FILE,
            )
        )

    def _add_author(self, message: dict[str, Any]) -> None:
        name = text_of(message.get("from")) or "Deleted account"
        self.add_person(Person(id=_author(message), name=name))

    def _add(
        self,
        here: str,
        messages: list[dict[str, Any]],
        pinned: set[int],
        clock: LocalClock,
    ) -> None:
        for message in messages:
            with self.one_message():
                self._add_one(here, message, pinned, clock)

    def _add_one(
        self, here: str, message: dict[str, Any], pinned: set[int], clock: LocalClock
    ) -> None:
        text, mentions = self._text(message)
        at = _at(message, "date", clock)
        is_edited, edits = bool(message.get("edited")), LocalClock(self.zone)
        reply_to = message.get("reply_to_message_id")
        self.add_message(
            here,
            MessageRecord(
                id=f"{here}-{message['id']}",
                author=_author(message),
                at=at,
                text=text,
                edited_at=_at(message, "edited", edits) if is_edited else None,
                reply_to=f"{here}-{reply_to}" if reply_to else None,
                mentions=mentions,
                reactions=list(self._reactions(message)),
                pinned=PinRecord(at) if message["id"] in pinned else None,
                files=list(_files(message)),
                forwarded="forwarded_from" in message,
            ),
        )

    def _text(self, message: dict[str, Any]) -> tuple[str, list[MentionRecord]]:
        given = message.get("text") or ""
        mentions: list[MentionRecord] = []
        parts = [given] if isinstance(given, str) else given
        text = "".join(self._part(one, mentions) for one in parts)
        return text or message.get("sticker_emoji") or "", mentions

    def _part(self, part: Any, mentions: list[MentionRecord]) -> str:
        if isinstance(part, str):
            return part
        kind, text = part.get("type"), str(part.get("text", ""))
        if kind == "mention_name" and part.get("user_id"):
            mentions.append(MentionRecord(text[:200], f"user{part['user_id']}"))
            return f"@{text}"
        if kind == "pre":
            return f"```{part.get('language', '')}\n{text}\n```"
        if kind == "text_link":
            return f"[{text}]({part.get('href', '')})"
        mark = MARKS.get(kind or "", "")
        return f"{mark}{text}{mark}" if text.strip() == text else text

    def _reactions(self, message: dict[str, Any]) -> Iterator[ReactionRecord]:
        for one in message.get("reactions") or ():
            people = [str(by["from_id"]) for by in one.get("recent") or () if by.get("from_id")]
            self.losses[COUNTS_ONLY] += max(0, int(one.get("count", 0)) - len(people))
            if people and one.get("emoji"):
                yield ReactionRecord(str(one["emoji"])[:100], people)


def _direct_id(here: str, people: Iterable[str]) -> str:
    """Return the id of a direct chat, which Telegram calls like the other person.

    Those of two people with the same third one are not the same chat.
    """
    exporting = sorted(set(people) - {f"user{here}"})
    return fitting_id(":".join([here, *exporting]))


def _author(message: dict[str, Any]) -> str:
    return str(message.get("from_id") or message.get("from") or "unknown")


def _at(message: dict[str, Any], name: str, clock: LocalClock) -> int:
    """Return a time: newer exports have it in seconds as well, older ones in the zone of the machine."""
    seconds = message.get(f"{name}_unixtime")
    return milliseconds(seconds) if seconds else clock.moment(datetime.fromisoformat(message[name]))


def _files(message: dict[str, Any]) -> Iterator[FileRecord]:
    for kind in ("photo", "file"):
        path = message.get(kind)
        if not path:
            continue
        # What was left out stands there in words: "(File not included. …)".
        is_there = not str(path).startswith("(")
        name = message.get("file_name") or str(path).rpartition("/")[2] if is_there else kind
        seconds = message.get("duration_seconds")
        yield FileRecord(
            path=str(path) if is_there else "",
            name=text_of(name),
            duration=int(seconds) * 1000 if seconds else None,
        )
