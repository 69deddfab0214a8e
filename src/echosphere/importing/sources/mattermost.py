"""Reads the bulk export of Mattermost: JSON lines, and the files in a folder beside them.

https://docs.mattermost.com/administration-guide/onboard/bulk-loading-data.html describes the lines.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from echosphere.importing.container import Container, read_lines
from echosphere.importing.format import (
    ConversationRecord,
    FileRecord,
    Membership,
    MessageRecord,
    Person,
    PinRecord,
    ReactionRecord,
)
from echosphere.importing.json_values import decode_json
from echosphere.importing.mentions import MentionFinder
from echosphere.importing.reading import text_of
from echosphere.importing.shortcodes import emoji_named, with_emoji
from echosphere.importing.source import NO_FILE, CollectedSource, fitting_id

NOTICES = "system messages, such as who joined"
EVERYBODY = frozenset({"all", "channel", "here"})


class MattermostSource(CollectedSource):
    """A bulk export of Mattermost."""

    system = "mattermost"

    @staticmethod
    def recognizes(container: Container) -> bool:
        """Whether this is one: its first line has the version of the format."""
        return any(_is_export(container, name) for name in _line_files(container))

    def collect(self) -> None:
        """Read the lines in their order: people and channels stand before what was said."""
        self._members: dict[str, dict[str, Membership]] = {}
        self._mentions = MentionFinder(EVERYBODY)
        self._folder = ""
        self._numbers: dict[tuple[str, int, str], int] = {}
        for name in _line_files(self.container):
            if not _is_export(self.container, name):
                continue
            self._folder = name.rpartition("/")[0]
            for line in read_lines(self.container, name):
                self._read(decode_json(line))
        for channel, members in self._members.items():
            known = self._conversations.get(channel)
            if known is not None:
                self.add_conversation(
                    msgspec.structs.replace(known, members=list(members.values()))
                )

    def _read(self, line: dict[str, Any]) -> None:
        kind = line.get("type")
        if kind == "team":
            self.identify(line["team"].get("name"))
        elif kind == "channel":
            self._add_channel(line["channel"])
        elif kind in ("user", "bot"):
            self._add_user(line[kind], is_bot=kind == "bot")
        elif kind == "direct_channel":
            self._add_direct(line["direct_channel"])
        elif kind in ("post", "direct_post"):
            with self.one_message():
                self._add_post(self._place_of(line[kind]), line[kind])

    def _add_channel(self, channel: dict[str, Any]) -> None:
        self.add_conversation(
            ConversationRecord(
                id=f"{channel['team']}/{channel['name']}",
                title=text_of(channel.get("display_name") or channel["name"]),
                description=text_of(channel.get("header") or channel.get("purpose")),
                messages=NO_FILE,
            )
        )

    def _add_user(self, user: dict[str, Any], *, is_bot: bool) -> None:
        names = " ".join(filter(None, (user.get("first_name"), user.get("last_name"))))
        name = user["username"]
        shown = text_of(names or user.get("nickname") or user.get("display_name") or name)
        avatar = user.get("profile_image")
        self.add_person(
            Person(
                id=name,
                name=shown,
                email=user.get("email"),
                program=is_bot,
                avatar=self._path(avatar) if avatar else None,
            )
        )
        self._mentions.add(name, shown)
        for team in user.get("teams") or ():
            for channel in team.get("channels") or ():
                role = "admin" if "channel_admin" in (channel.get("roles") or "") else "member"
                members = self._members.setdefault(f"{team['name']}/{channel['name']}", {})
                members[name] = Membership(name, "admin" if role == "admin" else "member")

    def _add_direct(self, channel: dict[str, Any]) -> str:
        found = channel.get("members") or [one["username"] for one in channel["participants"]]
        members = sorted(set(found))
        here = fitting_id(f"direct/{','.join(members)}")
        if here not in self._conversations:
            self.add_conversation(
                ConversationRecord(
                    id=here,
                    kind="direct" if len(members) <= 2 else "group",
                    title=", ".join(map(self.name_of, members)),
                    description=text_of(channel.get("header")),
                    members=[Membership(one) for one in members],
                    messages=NO_FILE,
                )
            )
        return here

    def _place_of(self, post: dict[str, Any]) -> str:
        members = post.get("channel_members")
        return (
            self._add_direct({"members": members})
            if members
            else f"{post['team']}/{post['channel']}"
        )

    def _add_post(self, channel: str, post: dict[str, Any]) -> None:
        answered = self._add_message(channel, post, None)
        for reply in post.get("replies") or ():
            with self.one_message():
                self._add_message(channel, reply, answered)

    def _add_message(self, channel: str, post: dict[str, Any], reply_to: str | None) -> str | None:
        if str(post.get("type") or "").startswith("system_"):
            self.losses[NOTICES] += 1
            return None
        author, at = post["user"], int(post["create_at"])
        self._conversations.setdefault(
            channel, ConversationRecord(id=channel, title=channel, messages=NO_FILE)
        )
        # The export has no ids: as in its documentation, channel, author and time say which post it is.
        place = channel, at, author
        number = self._numbers[place] = self._numbers.get(place, 0) + 1
        message = f"{channel[:120]}-{at}-{author[:40]}-{number}"
        text, mentions = self._mentions.find(post.get("message") or "")
        self.add_message(
            channel,
            MessageRecord(
                id=message,
                author=author,
                at=at,
                text=with_emoji(text),
                edited_at=int(post["edit_at"]) if post.get("edit_at") else None,
                reply_to=reply_to,
                mentions=mentions,
                reactions=list(_reactions(post)),
                pinned=PinRecord(at) if post.get("is_pinned") else None,
                files=[self._file(one) for one in post.get("attachments") or ()],
                automated=bool((post.get("props") or {}).get("from_webhook")),
            ),
        )
        return message

    def _file(self, attachment: dict[str, Any]) -> FileRecord:
        path = self._path(attachment["path"])
        return FileRecord(path=path, name=text_of(path.rpartition("/")[2] or "file"))

    def _path(self, given: str) -> str:
        """Return where a file is: paths are relative to the folder `data` beside the lines."""
        for folder in ("data", ""):
            path = "/".join(filter(None, (self._folder, folder, given)))
            if self.container.has(path):
                return path
        return given


def _line_files(container: Container) -> list[str]:
    return [name for name in container.names() if name.endswith(".jsonl")]


def _is_export(container: Container, name: str) -> bool:
    try:
        first = decode_json(next(read_lines(container, name), b"{}"))
    except msgspec.DecodeError:
        return False
    return isinstance(first, dict) and first.get("type") == "version"


def _reactions(post: dict[str, Any]) -> Iterator[ReactionRecord]:
    found: dict[str, list[str]] = {}
    for one in post.get("reactions") or ():
        found.setdefault(one["emoji_name"], []).append(one["user"])
    for name, people in found.items():
        yield ReactionRecord(emoji_named(name)[:100], people)
