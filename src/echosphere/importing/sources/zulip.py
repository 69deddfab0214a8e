"""Reads the export of a Zulip organization, unpacked: documents of its tables.

The topics of a channel become one conversation, in which a line says where another topic begins.

https://zulip.com/help/export-your-organization tells how one is made.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from echosphere.importing.container import Container, read_document, reading
from echosphere.importing.format import (
    ConversationRecord,
    EarlierRecord,
    FileRecord,
    Membership,
    MentionRecord,
    MessageRecord,
    Person,
    ReactionRecord,
)
from echosphere.importing.json_stream import JsonStream
from echosphere.importing.json_values import decode_json
from echosphere.importing.reading import milliseconds, text_of
from echosphere.importing.shortcodes import emoji_of_code
from echosphere.importing.source import NO_FILE, CollectedSource, fitting_id

REALM = "realm.json"
STREAM, HUDDLE = 2, 3
NOTICES = "system messages, such as who joined"

_MENTION = re.compile(r"@_?\*\*([^*|]+)(?:\|(\d+))?\*\*")
_FILE = re.compile(r"!?\[([^\]\n]*)\]\(/user_uploads/([^)\s]+)\)")
_QUOTE = re.compile(
    r"^@_\*\*[^*]+\*\* \[[^\]]*\]\([^)]*/near/(\d+)\):?\n(`{3,})quote\n.*?\n\2\n?", re.DOTALL
)
_MARKUP, _ESCAPED = re.compile(r"[*`]|(?<!\w)[_~\[]"), r"\\\g<0>"
NO_TOPIC = "general chat"
"""As Zulip calls the topic without a name."""

EVERYBODY = ("all", "everyone", "channel", "stream", "topic")


class ZulipSource(CollectedSource):
    """An export of Zulip."""

    system = "zulip"

    @staticmethod
    def recognizes(container: Container) -> bool:
        """Whether this is one."""
        return _folder(container) is not None

    def collect(self) -> None:
        """Read the tables, then the documents of messages, in their order."""
        self._folder = _folder(self.container) or ""
        self._realm = decode_json(read_document(self.container, f"{self._folder}{REALM}"))
        realms = self._realm.get("zerver_realm") or [{}]
        self.identify(realms[0].get("string_id") or realms[0].get("id"))
        self._names: dict[str, str] = {}
        for user in self._rows("zerver_userprofile", "zerver_userprofile_mirrordummy"):
            self._add_user(user)
        for user in self._rows("zerver_userprofile_crossrealm"):
            self.add_person(Person(id=str(user["id"]), name=text_of(user["email"]), program=True))
        self._add_rooms()
        for name in sorted(self.container.names()):
            is_page = name.startswith(f"{self._folder}messages-") and name.endswith(".json")
            if is_page:
                self._read_messages(name)

    def _rows(self, *tables: str) -> Iterator[dict[str, Any]]:
        for table in tables:
            yield from self._realm.get(table) or ()

    def _add_user(self, user: dict[str, Any]) -> None:
        person, name = str(user["id"]), text_of(user.get("full_name"))
        email = user.get("delivery_email") or user.get("email")
        self.add_person(
            Person(id=person, name=name, email=email or None, program=bool(user.get("is_bot")))
        )
        self._names.setdefault(name, person)

    def _add_rooms(self) -> None:
        """Find out which recipient is which conversation, and who is in it."""
        members: dict[int, list[Membership]] = {}
        for one in self._rows("zerver_subscription"):
            members.setdefault(one["recipient"], []).append(Membership(str(one["user_profile"])))
        streams = {one["id"]: one for one in self._rows("zerver_stream")}
        self._rooms: dict[int, str] = {}
        # Of the last message, by the recipients that are channels.
        self._topics: dict[int, str] = {}
        self._personal: dict[int, int] = {}
        for one in self._rows("zerver_recipient"):
            recipient, kind = one["id"], one["type"]
            if kind == STREAM and one["type_id"] in streams:
                stream = streams[one["type_id"]]
                self._rooms[recipient] = f"stream-{stream['id']}"
                self._topics[recipient] = ""
                self.add_conversation(
                    ConversationRecord(
                        id=f"stream-{stream['id']}",
                        title=text_of(stream.get("name")),
                        description=text_of(stream.get("description")),
                        created_at=_moment(stream.get("date_created") or 0),
                        members=members.get(recipient, []),
                        messages=NO_FILE,
                    )
                )
            elif kind == HUDDLE:
                people = sorted({int(two.person) for two in members.get(recipient, ())})
                self._rooms[recipient] = self._add_direct(people)
            else:
                self._personal[recipient] = one["type_id"]

    def _add_direct(self, people: list[int]) -> str:
        here = fitting_id(f"direct-{'-'.join(map(str, people))}")
        if here not in self._conversations:
            members = [Membership(str(one)) for one in people]
            self.add_conversation(
                ConversationRecord(
                    id=here,
                    kind="direct" if len(people) <= 2 else "group",
                    title=", ".join(self.name_of(one.person) for one in members),
                    members=members,
                    messages=NO_FILE,
                )
            )
        return here

    def _read_messages(self, name: str) -> None:
        with reading(), self.container.open(name) as file:
            reactions = self._reactions()
            stream = JsonStream(file)
            for key in stream.object():
                if key == "zerver_message":
                    for _ in stream.array():
                        message = stream.value()
                        with self.one_message():
                            self._add(message, reactions)
                else:
                    stream.value()

    def _reactions(self) -> dict[int, dict[str, list[str]]]:
        """Return who reacted to which message, with which emoji: they stand with the tables."""
        if not hasattr(self, "_reacted"):
            self._reacted: dict[int, dict[str, list[str]]] = {}
            for one in self._rows("zerver_reaction"):
                is_emoji = one.get("reaction_type", "unicode_emoji") == "unicode_emoji"
                emoji = emoji_of_code(one["emoji_code"]) if is_emoji else one["emoji_name"]
                by_emoji = self._reacted.setdefault(one["message"], {})
                by_emoji.setdefault(emoji[:100], []).append(str(one["user_profile"]))
        return self._reacted

    def _add(self, message: dict[str, Any], reactions: dict[int, dict[str, list[str]]]) -> None:
        sender, recipient = message["sender"], message["recipient"]
        here = self._rooms.get(recipient)
        if here is None:
            here = self._add_direct(sorted({sender, self._personal.get(recipient, sender)}))
        if not message.get("content"):
            self.losses[NOTICES] += 1
            return
        quoted = _QUOTE.match(message["content"])
        text = message["content"][quoted.end() :] if quoted else message["content"]
        text, mentions, files = self._text(text)
        topic = self._new_topic(message)
        text, edits = f"{topic}{text}".strip(), _edits(message, topic)
        edited = message.get("last_edit_time")
        self.add_message(
            here,
            MessageRecord(
                id=str(message["id"]),
                author=str(sender),
                at=_moment(message["date_sent"]),
                text=text,
                edited_at=_moment(edited) if edited and edits else None,
                earlier=edits,
                reply_to=quoted[1] if quoted else None,
                mentions=mentions,
                reactions=[
                    ReactionRecord(emoji, people)
                    for emoji, people in reactions.get(message["id"], {}).items()
                ],
                files=files,
            ),
        )

    def _new_topic(self, message: dict[str, Any]) -> str:
        """Return a line with the topic of a message; nothing where it is that of the one before."""
        recipient, topic = message["recipient"], text_of(message.get("subject")).strip()
        if topic == self._topics.get(recipient, topic):
            return ""
        self._topics[recipient] = topic
        return f"**{_MARKUP.sub(_ESCAPED, ' '.join(topic.split()) or NO_TOPIC)}**\n"

    def _text(self, text: str) -> tuple[str, list[MentionRecord], list[FileRecord]]:
        mentions: dict[str, MentionRecord] = {}
        files: list[FileRecord] = []

        def mention(found: re.Match[str]) -> str:
            name, person = found[1], found[2] or self._names.get(found[1])
            if person is not None:
                mentions[person] = MentionRecord(name[:200], person)
            elif name in EVERYBODY:
                mentions["all"], name = MentionRecord("all"), "all"
            return f"@{name}"

        def file(found: re.Match[str]) -> str:
            path = f"{self._folder}uploads/{found[2]}"
            name = found[1] or found[2].rpartition("/")[2]
            files.append(
                FileRecord(path=path if self.container.has(path) else "", name=name[:1000])
            )
            return ""

        plain = _FILE.sub(file, _MENTION.sub(mention, text))
        return plain.strip(), list(mentions.values()), files


def _folder(container: Container) -> str | None:
    """Return the folder of an export, with its slash: an archive may have it within another one."""
    for name in container.names():
        if name.rpartition("/")[2] == REALM:
            return name.removesuffix(REALM)
    return None


def _moment(value: Any) -> int:
    """Return a time: seconds since 1970, with a fraction."""
    return milliseconds(f"{value:.3f}" if isinstance(value, float) else value)


def _edits(message: dict[str, Any], topic: str) -> list[EarlierRecord]:
    """Return the earlier texts, oldest first; the history has them newest first."""
    try:
        history = decode_json(str(message.get("edit_history") or "[]").encode())
    except msgspec.DecodeError:
        return []
    texts = [one for one in reversed(history) if one.get("prev_content") is not None]
    times = [_moment(message["date_sent"]), *(_moment(one["timestamp"]) for one in texts)]
    return [
        EarlierRecord(f"{topic}{one['prev_content']}", at)
        for one, at in zip(texts, times, strict=False)
    ]
