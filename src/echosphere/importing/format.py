"""The format in which conversations come in and go out; docs/import-format.md describes it.

Every source is read into these structs, and the export of an instance is written from them.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

FORMAT: Literal["echosphere-import"] = "echosphere-import"
VERSION = 1
OWN_SOURCE = "echosphere"
"""The source of what an EchoSphere exported: its ids are the only ones of their kind anywhere."""

MANIFEST = "manifest.json"
PEOPLE = "people.jsonl"
CONVERSATIONS = "conversations.jsonl"

SourceId = Annotated[str, Meta(min_length=1, max_length=200)]
Moment = Annotated[int, Meta(ge=0, lt=2**53)]
Path = Annotated[str, Meta(min_length=1, max_length=1_000)]


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of the format; unknown fields are those of a later version and are skipped."""


class Manifest(Record, frozen=True, kw_only=True):
    """Says what a folder or archive is.

    Attributes:
        format: Always the same.
        version: That of the format; a reader refuses later ones.
        source: Where the ids come from: what has the same source and id is the same.
        made_at: When it was made, in milliseconds since 1970 UTC.
    """

    format: Literal["echosphere-import"] = FORMAT
    version: int
    source: SourceId
    made_at: Moment = 0


class Person(Record, frozen=True, kw_only=True):
    """Somebody who wrote messages, or is named in them.

    Attributes:
        email: Their address; whoever proves here that it is theirs gets their messages.
        program: It is a bot or a webhook: nobody gets its messages.
        avatar: The path of a picture.
    """

    id: SourceId
    name: Annotated[str, Meta(max_length=1_000)]
    email: Annotated[str, Meta(max_length=254)] | None = None
    program: bool = False
    avatar: Path | None = None


class Membership(Record, frozen=True):
    """A person in a conversation."""

    person: SourceId
    role: Literal["owner", "admin", "member"] = "member"


class ConversationRecord(Record, frozen=True, kw_only=True):
    """A conversation; its messages are in a file of their own.

    Attributes:
        kind: `direct` has one or two members, one in notes to oneself.
        created_at: In milliseconds.
        messages: The path of the file with its messages, in their order.
        avatar: The path of a picture.
    """

    id: SourceId
    kind: Literal["group", "direct"] = "group"
    title: Annotated[str, Meta(max_length=1_000)] = ""
    description: Annotated[str, Meta(max_length=100_000)] = ""
    created_at: Moment = 0
    members: Sequence[Membership] = ()
    messages: Path
    avatar: Path | None = None


class EarlierRecord(Record, frozen=True):
    """A text before an edit, and when it was written."""

    text: str
    at: Moment


class MentionRecord(Record, frozen=True):
    """A person who is named in the text, without the `@`; no person means everybody."""

    text: Annotated[str, Meta(max_length=200)]
    person: SourceId | None = None


class ReactionRecord(Record, frozen=True):
    """An emoji, and who put it there, in their order."""

    emoji: Annotated[str, Meta(max_length=100)]
    people: Sequence[SourceId]


class PinRecord(Record, frozen=True):
    """When a message was pinned, and by whom if that is known."""

    at: Moment
    person: SourceId | None = None


class FileRecord(Record, frozen=True, kw_only=True):
    """A file of a message.

    Attributes:
        path: Where its content is; empty if the source does not have it.
        duration: Of a recording, in milliseconds.
        waveform: Of a voice message, as the API has it.
    """

    path: Annotated[str, Meta(max_length=1_000)]
    name: Annotated[str, Meta(max_length=1_000)]
    duration: Annotated[int, Meta(ge=0, lt=2**31)] | None = None
    waveform: Annotated[str, Meta(max_length=128)] | None = None


class ActionRecord(Record, frozen=True, kw_only=True):
    """A button of a bot, in the fields that the API has for it."""

    id: str
    label: str
    style: str | None = None
    url: str | None = None
    value: str | None = None
    confirm: str | None = None


class MessageRecord(Record, frozen=True, kw_only=True):
    """A message.

    Attributes:
        at: When it was written, in milliseconds.
        text: As it is written here, with Markdown.
        reply_to: The id of a message of the same conversation that stands before it.
        automated: A program wrote it.
        actions: The rows of its buttons. No bot hears of them any more; those that are links still lead there.
    """

    id: SourceId
    author: SourceId
    at: Moment
    text: str = ""
    edited_at: Moment | None = None
    earlier: Sequence[EarlierRecord] = ()
    reply_to: SourceId | None = None
    mentions: Sequence[MentionRecord] = ()
    reactions: Sequence[ReactionRecord] = ()
    pinned: PinRecord | None = None
    files: Sequence[FileRecord] = ()
    forwarded: bool = False
    automated: bool = False
    actions: Sequence[Sequence[ActionRecord]] = ()


encode = msgspec.json.Encoder().encode
decode_message = msgspec.json.Decoder(MessageRecord).decode
