"""What the tools take and return: small, as all of it goes through a model."""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from echosphere.wire import Request, Shape

MAX_LISTED = 100
MAX_MESSAGES = 50
MAX_FOUND = 20
MAX_TEXT = 4_000
"""Characters of each text where there are several; one message alone is whole."""

Conversation = Annotated[str, Meta(max_length=64, description="The id of the conversation.")]
Number = Annotated[int, Meta(ge=0, le=2**53)]


class ListConversations(Request, frozen=True, kw_only=True):
    """Which conversations are wanted."""

    name: Annotated[
        str,
        Meta(
            max_length=200,
            description="Only conversations with this in their title or in the other person's "
            "name.",
        ),
    ] = ""
    offset: Annotated[int, Meta(ge=0, le=100_000, description="How many to skip.")] = 0
    limit: Annotated[int, Meta(ge=1, le=MAX_LISTED)] = 30


class ReadMessages(Request, frozen=True, kw_only=True):
    """Which messages are wanted; without a number the newest."""

    conversation: Conversation
    before: Annotated[Number | None, Meta(description="Only messages before this number.")] = None
    after: Annotated[Number | None, Meta(description="Only messages after this number.")] = None
    around: Annotated[Number | None, Meta(description="Only messages around this number.")] = None
    limit: Annotated[int, Meta(ge=1, le=MAX_MESSAGES)] = 20


class SearchMessages(Request, frozen=True, kw_only=True):
    """What is searched for."""

    query: Annotated[
        str,
        Meta(
            max_length=400,
            description="Parts of words that must all occur; also from:NAME, has:link, "
            "after:2030-01-31.",
        ),
    ]
    conversation: Annotated[
        str | None, Meta(description="The id of a conversation; without it, all are searched.")
    ] = None
    cursor: Annotated[
        str | None, Meta(description="The cursor from the previous answer, to get older results.")
    ] = None
    limit: Annotated[int, Meta(ge=1, le=MAX_FOUND)] = 10


class PostMessage(Request, frozen=True, kw_only=True):
    """What is posted."""

    conversation: Conversation
    text: Annotated[str, Meta(min_length=1, max_length=10_000, description="Markdown.")]
    reply_to: Annotated[Number | None, Meta(description="The number of a message.")] = None
    key: Annotated[
        Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{8,64}$")] | None,
        Meta(
            description="A key of your choice for each message. A message sent again with the "
            "same key is not posted twice.",
        ),
    ] = None


class Person(Shape, frozen=True):
    """Who wrote; the name is empty where it is not known any more."""

    id: str
    name: str


class File(Shape, frozen=True):
    """A file of a message."""

    id: str
    name: str
    type: str
    size: int


class ToolMessage(Shape, frozen=True, kw_only=True, omit_defaults=True):
    """A message; `system` is what a line of the server says, `truncated` that the text goes on."""

    conversation: str
    seq: int
    author: Person
    at: str
    text: str
    truncated: bool = False
    edited: bool = False
    deleted: bool = False
    automated: bool = False
    reply_to: int | None = None
    files: list[File] = msgspec.field(default_factory=list)
    system: dict[str, Any] | None = None


class ListedConversation(Shape, frozen=True):
    """A conversation; `title` of a direct one is the name of the other person."""

    id: str
    kind: str
    title: str
    unread: int
    mentions: int
    last_seq: int | None
    last_at: str | None


class ConversationList(Shape, frozen=True):
    """A part of the caller's conversations, the newest first; `more` says that there are others."""

    conversations: list[ListedConversation]
    more: bool


class MessagePage(Shape, frozen=True):
    """Messages in their order; `more` says that there are others in the direction of reading."""

    messages: list[ToolMessage]
    more: bool


class Found(Shape, frozen=True):
    """What was found, the newest first; with `cursor` there is more."""

    messages: list[ToolMessage]
    titles: dict[str, str]
    cursor: str | None


class PostedMessage(Shape, frozen=True):
    """Where the message is; held messages have no number until an admin of the group has looked."""

    conversation: str
    seq: int | None
    held: bool


def moment(milliseconds: int) -> str:
    """Return a time in ISO 8601, which models read better than numbers."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")


def schema_of(shape: type) -> dict[str, Any]:
    """Return a JSON Schema with an object at its top, as tools must have."""
    schema = msgspec.json.schema(shape, ref_template="#/$defs/{name}")
    definitions = schema.pop("$defs")
    top: dict[str, Any] = definitions.pop(shape.__name__)
    return top | ({"$defs": definitions} if definitions else {})
