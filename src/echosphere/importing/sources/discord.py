"""Reads what DiscordChatExporter writes as JSON: a file a channel, with media beside it if asked for.

https://github.com/Tyrrrz/DiscordChatExporter/blob/prime/.docs describes it.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import msgspec

from echosphere.importing.container import Container, reading
from echosphere.importing.errors import UnreadableSource
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
from echosphere.importing.reading import moment, text_of
from echosphere.importing.shortcodes import emoji_named
from echosphere.importing.source import NO_FILE, CollectedSource

SAID = frozenset({"Default", "Reply", "ChatInputCommand", "ContextMenuCommand"})
DIRECT = frozenset({"DirectTextChat"})
NOTICES = "system messages, such as who joined"
COUNTS_ONLY = "reactions of which the export contains only the count"


class DiscordSource(CollectedSource):
    """Channels that DiscordChatExporter has written."""

    system = "discord"

    @staticmethod
    def recognizes(container: Container) -> bool:
        """Whether there is such a file."""
        return any(_is_channel(container, name) for name in _documents(container))

    def collect(self) -> None:
        """Read each channel as a stream."""
        for name in _documents(self.container):
            if _is_channel(self.container, name):
                with reading(), self.container.open(name) as file:
                    self._read(JsonStream(file), name.rpartition("/")[0])

    def _read(self, stream: JsonStream, folder: str) -> None:
        channel: dict[str, Any] = {}
        people: dict[str, None] = {}
        for key in stream.object():
            if key == "messages":
                for _ in stream.array():
                    message = stream.value()
                    with self.one_message():
                        self._add(channel["id"], message, folder, people)
            elif key == "channel":
                channel = stream.value()
            elif key == "guild":
                self.identify(stream.value().get("id"))
            else:
                stream.value()
        if channel:
            self._add_channel(channel, people)

    def _add_channel(self, channel: dict[str, Any], people: dict[str, None]) -> None:
        self.add_conversation(
            ConversationRecord(
                id=channel["id"],
                kind="direct" if channel.get("type") in DIRECT and len(people) <= 2 else "group",
                title=text_of(channel.get("name")),
                description=text_of(channel.get("topic")),
                members=[Membership(one) for one in people],
                messages=NO_FILE,
            )
        )

    def _add(
        self, channel: str, message: dict[str, Any], folder: str, people: dict[str, None]
    ) -> None:
        if message.get("type", "Default") not in SAID:
            self.losses[NOTICES] += 1
            return
        author = self._add_user(message["author"], folder)
        people[author] = None
        mentions = []
        text = message.get("content") or ""
        for one in message.get("mentions") or ():
            person = self._add_user(one, folder)
            mentions.append(MentionRecord(self.name_of(person)[:200], person))
        at = moment(message["timestamp"])
        edited, reference = message.get("timestampEdited"), message.get("reference") or {}
        answered = reference.get("messageId")
        self.add_message(
            channel,
            MessageRecord(
                id=message["id"],
                author=author,
                at=at,
                text=text,
                edited_at=moment(edited) if edited else None,
                reply_to=answered if reference.get("channelId", channel) == channel else None,
                mentions=mentions,
                reactions=list(self._reactions(message, folder)),
                pinned=PinRecord(at) if message.get("isPinned") else None,
                files=[self._file(one, folder) for one in message.get("attachments") or ()],
                automated=bool(message["author"].get("isBot")),
            ),
        )

    def _add_user(self, user: dict[str, Any], folder: str) -> str:
        name = text_of(user.get("nickname") or user.get("name") or user["id"])
        avatar = self._path(user.get("avatarUrl") or "", folder)
        self.add_person(
            Person(id=user["id"], name=name, program=bool(user.get("isBot")), avatar=avatar or None)
        )
        return str(user["id"])

    def _reactions(self, message: dict[str, Any], folder: str) -> Iterator[ReactionRecord]:
        for one in message.get("reactions") or ():
            people = [self._add_user(user, folder) for user in one.get("users") or ()]
            self.losses[COUNTS_ONLY] += max(0, int(one.get("count", 0)) - len(people))
            if people:
                yield ReactionRecord(emoji_named(one["emoji"]["name"])[:100], people)

    def _file(self, attachment: dict[str, Any], folder: str) -> FileRecord:
        return FileRecord(
            path=self._path(attachment.get("url") or "", folder),
            name=text_of(attachment.get("fileName") or "file"),
        )

    def _path(self, url: str, folder: str) -> str:
        """Return where a file is; empty for an address: nothing is fetched from elsewhere."""
        if not url or "://" in url:
            return ""
        for one in (url, unquote(url)):
            path = f"{folder}/{one}" if folder else one
            if self.container.has(path := path.replace("\\", "/")):
                return path
        return ""


def _documents(container: Container) -> list[str]:
    return [name for name in container.names() if name.endswith(".json")]


def _is_channel(container: Container, name: str) -> bool:
    try:
        with reading(), container.open(name) as file:
            return next(JsonStream(file).object(), "") == "guild"
    except (UnreadableSource, msgspec.DecodeError):
        return False
