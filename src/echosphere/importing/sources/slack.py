"""Reads the export of a Slack workspace: a ZIP archive with a folder a channel and a file a day.

https://slack.com/help/articles/220556107 describes it. Files are in the archive only if a tool
put them there, in `__uploads/ID/NAME` or `CHANNEL/attachments/ID-NAME`.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, ClassVar

from echosphere.importing.container import Container, read_document
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
from echosphere.importing.json_values import decode_json
from echosphere.importing.reading import milliseconds, text_of
from echosphere.importing.shortcodes import emoji_named, with_emoji
from echosphere.importing.source import NO_FILE, CollectedSource

LISTS = ("channels.json", "groups.json", "mpims.json", "dms.json")
SILENT = frozenset(
    {
        "channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name",
        "channel_archive", "channel_unarchive", "group_join", "group_leave", "group_topic",
        "group_purpose", "group_name", "pinned_item", "reminder_add", "bot_add", "bot_remove",
        "tombstone", "huddle_thread", "channel_convert_to_private",
    }
)  # fmt: skip
"""What the server said about a channel."""

NOTICES = "system messages, such as who joined"

_MARKUP = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_BOLD = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
_STRIKE = re.compile(r"(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])")


class SlackSource(CollectedSource):
    """An export of Slack."""

    system = "slack"
    everybody: ClassVar = ("!channel", "!here", "!everyone")

    @staticmethod
    def recognizes(container: Container) -> bool:
        """Whether this is one."""
        return container.has("users.json") and any(map(container.has, LISTS))

    def collect(self) -> None:
        """Read users, channels, and the days of each."""
        users = self._document("users.json")
        self.identify(next((one.get("team_id") for one in users if one.get("team_id")), None))
        for user in users:
            self._add_user(user)
        self._uploads = self._find_uploads()
        self._pinned: dict[str, dict[str, Any]] = {}
        names = self.container.names()
        for kind in LISTS:
            if self.container.has(kind):
                for channel in self._document(kind):
                    self._add_channel(channel, kind, names)

    def _document(self, name: str) -> Any:
        return decode_json(read_document(self.container, name))

    def _add_user(self, user: dict[str, Any]) -> None:
        profile = user.get("profile") or {}
        name = profile.get("real_name") or user.get("real_name") or user.get("name") or user["id"]
        self.add_person(
            Person(
                id=user["id"],
                name=text_of(name),
                email=profile.get("email") or None,
                program=bool(user.get("is_bot")),
            )
        )

    def _find_uploads(self) -> dict[str, str]:
        """Return where the archive has files, by their ids."""
        found = {}
        for name in self.container.names():
            parts = name.split("/")
            if parts[0] == "__uploads" and len(parts) == 3:
                found[parts[1]] = name
            elif len(parts) >= 3 and parts[-2] == "attachments":
                found[parts[-1].partition("-")[0]] = name
        return found

    def _add_channel(self, channel: dict[str, Any], kind: str, names: list[str]) -> None:
        here = channel["id"]
        folder = f"{here if kind == 'dms.json' else channel.get('name', here)}/"
        purpose = channel.get("purpose") or {}
        self._pinned = {one["id"]: one for one in channel.get("pins") or () if one.get("id")}
        creator = channel.get("creator")
        self.add_conversation(
            ConversationRecord(
                id=here,
                kind="direct" if kind == "dms.json" else "group",
                title=text_of(channel.get("name")),
                description=text_of(purpose.get("value")),
                created_at=int(channel.get("created") or 0) * 1000,
                members=[
                    Membership(one, "owner" if one == creator else "member")
                    for one in channel.get("members") or ()
                    if self.knows(one)
                ],
                messages=NO_FILE,
            )
        )
        for name in names:
            if name.startswith(folder) and name.endswith(".json") and name.count("/") == 1:
                for message in self._document(name):
                    with self.one_message():
                        self._add_slack_message(here, message)

    def _add_slack_message(self, channel: str, message: dict[str, Any]) -> None:
        if message.get("type", "message") != "message" or message.get("subtype") in SILENT:
            self.losses[NOTICES] += 1
            return
        author = self._author(message)
        stamp, thread = message["ts"], message.get("thread_ts")
        mentions: dict[str, MentionRecord] = {}
        edited = message.get("edited") or {}
        pinned = stamp in self._pinned
        at = milliseconds(stamp)
        self.add_message(
            channel,
            MessageRecord(
                id=f"{channel}-{stamp}",
                author=author,
                at=at,
                text=self._text(message.get("text") or "", mentions),
                edited_at=milliseconds(edited["ts"]) if edited.get("ts") else None,
                reply_to=f"{channel}-{thread}" if thread and thread != stamp else None,
                mentions=list(mentions.values()),
                reactions=list(self._reactions(message)),
                pinned=PinRecord(at, self._pinned[stamp].get("user")) if pinned else None,
                files=[self._file(one) for one in message.get("files") or ()],
                automated=message.get("subtype") == "bot_message",
            ),
        )

    def _author(self, message: dict[str, Any]) -> str:
        author = message.get("user") or message.get("bot_id") or "unknown"
        if not self.knows(author):
            profile = message.get("user_profile") or message.get("bot_profile") or {}
            name = profile.get("real_name") or message.get("username") or profile.get("name")
            program = "user" not in message
            self.add_person(Person(id=author, name=text_of(name) or author, program=program))
        return str(author)

    def _text(self, text: str, mentions: dict[str, MentionRecord]) -> str:
        plain = _STRIKE.sub(r"~~\1~~", _BOLD.sub(r"**\1**", text)) if "`" not in text else text
        return with_emoji(unescape(_MARKUP.sub(lambda found: self._link(found, mentions), plain)))

    def _link(self, found: re.Match[str], mentions: dict[str, MentionRecord]) -> str:
        target, label = found[1], found[2]
        if target.startswith("@"):
            name = self.name_of(target[1:])
            mentions[name] = MentionRecord(name, target[1:])
            return f"@{name}"
        if target.partition("^")[0] in self.everybody:
            mentions["all"] = MentionRecord("all")
            return "@all"
        if target.startswith("#"):
            return f"#{label or target[1:]}"
        if target.startswith("!"):
            return label or ""
        return f"[{label}]({target})" if label and label != target else target

    def _reactions(self, message: dict[str, Any]) -> Iterator[ReactionRecord]:
        for one in message.get("reactions") or ():
            yield ReactionRecord(emoji_named(one["name"])[:100], one.get("users") or ())

    def _file(self, file: dict[str, Any]) -> FileRecord:
        name = text_of(file.get("name") or file.get("title") or "file")
        return FileRecord(path=self._uploads.get(file.get("id", ""), ""), name=name)
