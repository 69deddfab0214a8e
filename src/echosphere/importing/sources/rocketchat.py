"""Reads collections of Rocket.Chat, as `mongoexport` writes them: JSON lines.

Rocket.Chat itself exports one person's or one room's messages only; its documentation sends who moves a
workspace to its database: https://docs.rocket.chat/docs/mongodb-backup-and-restore. The names of the
files are those of the collections; uploads are in `uploads/ID`.
"""

from collections.abc import Iterator
from typing import Any

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
from echosphere.importing.reading import moment, text_of
from echosphere.importing.shortcodes import emoji_named, with_emoji
from echosphere.importing.source import NO_FILE, CollectedSource

USERS, ROOMS, MESSAGES = "users.json", "rocketchat_room.json", "rocketchat_message.json"
SUBSCRIPTIONS = "rocketchat_subscription.json"
SETTINGS = "rocketchat_settings.json"
SERVER_NAMES = ("uniqueID", "Site_Url")
"""Settings that tell a server from others, the better one first: each has a room `GENERAL`."""

NOTICES = "system messages, such as who joined"
QUOTE_LINK = "[ ]("
"""What stands before the address of a message that is quoted."""


class RocketChatSource(CollectedSource):
    """Collections of Rocket.Chat."""

    system = "rocketchat"

    @staticmethod
    def recognizes(container: Container) -> bool:
        """Whether these are there."""
        return container.has(MESSAGES) and container.has(ROOMS)

    def collect(self) -> None:
        """Read which server it is, people, rooms, who is in them, and messages."""
        if self.container.has(SETTINGS):
            named = {one.get("_id"): one.get("value") for one in self._lines(SETTINGS)}
            self.identify(next(filter(None, map(named.get, SERVER_NAMES)), None))
        self._mentions = MentionFinder(frozenset({"all", "here"}))
        self._usernames: dict[str, str] = {}
        for user in self._lines(USERS):
            self._add_user(user)
        members: dict[str, list[Membership]] = {}
        if self.container.has(SUBSCRIPTIONS):
            for one in self._lines(SUBSCRIPTIONS):
                roles = one.get("roles") or ()
                role = "owner" if "owner" in roles else "member"
                members.setdefault(one["rid"], []).append(
                    Membership(one["u"]["_id"], "owner" if role == "owner" else "member")
                )
        for room in self._lines(ROOMS):
            self._add_room(room, members.get(room["_id"], []))
        for message in self._lines(MESSAGES):
            with self.one_message():
                self._add(message)

    def _lines(self, name: str) -> Iterator[dict[str, Any]]:
        for line in read_lines(self.container, name):
            yield decode_json(line)

    def _add_user(self, user: dict[str, Any]) -> None:
        emails = user.get("emails") or ()
        name = text_of(user.get("name") or user.get("username") or user["_id"])
        self.add_person(
            Person(
                id=user["_id"],
                name=name,
                email=emails[0].get("address") if emails else None,
                program=user.get("type") in ("bot", "app"),
            )
        )
        if user.get("username"):
            self._usernames[user["username"]] = user["_id"]
            self._mentions.add(user["username"], name, user["_id"])

    def _add_room(self, room: dict[str, Any], members: list[Membership]) -> None:
        is_direct = room.get("t") == "d"
        found = members or [Membership(one) for one in room.get("uids") or ()]
        self.add_conversation(
            ConversationRecord(
                id=room["_id"],
                kind="direct" if is_direct and len(found) <= 2 else "group",
                title=text_of(room.get("fname") or room.get("name")),
                description=text_of(room.get("description") or room.get("topic")),
                created_at=_moment(room["ts"]) if room.get("ts") else 0,
                members=found,
                messages=NO_FILE,
            )
        )

    def _add(self, message: dict[str, Any]) -> None:
        if message.get("t") not in (None, "discussion-created"):
            self.losses[NOTICES] += 1
            return
        author, at = message["u"], _moment(message["ts"])
        self.add_person(
            Person(id=author["_id"], name=text_of(author.get("name") or author.get("username")))
        )
        text, mentions = self._mentions.find(_without_quote(message.get("msg") or ""))
        edited = message.get("editedAt")
        pinned_at = message.get("pinnedAt")
        by = (message.get("pinnedBy") or {}).get("_id")
        is_pinned = bool(message.get("pinned"))
        self.add_message(
            message["rid"],
            MessageRecord(
                id=message["_id"],
                author=author["_id"],
                at=at,
                text=with_emoji(text),
                edited_at=_moment(edited) if edited else None,
                reply_to=message.get("tmid") or _quoted(message),
                mentions=mentions,
                reactions=list(self._reactions(message)),
                pinned=PinRecord(_moment(pinned_at) if pinned_at else at, by)
                if is_pinned
                else None,
                files=[self._file(one) for one in _files(message)],
                automated=bool(message.get("bot")),
            ),
        )

    def _reactions(self, message: dict[str, Any]) -> Iterator[ReactionRecord]:
        for name, one in (message.get("reactions") or {}).items():
            people = [self._usernames.get(user, user) for user in one.get("usernames") or ()]
            yield ReactionRecord(emoji_named(name)[:100], people)

    def _file(self, file: dict[str, Any]) -> FileRecord:
        name = text_of(file.get("name") or "file")
        paths = (f"uploads/{file.get('_id', '')}", f"uploads/{file.get('_id', '')}/{name}")
        return FileRecord(path=next(filter(self.container.has, paths), ""), name=name)


def _files(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the files of a message, without the thumbnails that stand beside them."""
    files = message.get("files") or ([message["file"]] if message.get("file") else [])
    return [one for one in files if not str(one.get("name", "")).startswith("thumb-")]


def _moment(value: Any) -> int:
    """Return a time: `{"$date": …}` with text, a number or another object inside."""
    if isinstance(value, dict):
        value = value.get("$date", value.get("$numberLong"))
    if isinstance(value, dict):
        value = value["$numberLong"]
    text = str(value)
    return int(text) if text.isdecimal() else moment(text)


def _quoted(message: dict[str, Any]) -> str | None:
    """Return the id of the message that one quotes, if it begins with its address."""
    text = message.get("msg") or ""
    if not text.startswith(QUOTE_LINK) or "?msg=" not in text:
        return None
    return text.partition("?msg=")[2].partition(")")[0][:200] or None


def _without_quote(text: str) -> str:
    is_quote = text.startswith(QUOTE_LINK) and "?msg=" in text
    return text.partition(")")[2].lstrip() if is_quote else text
