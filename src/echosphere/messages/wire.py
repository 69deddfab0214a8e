"""Shapes of messages on the wire."""

import json
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from echosphere.attachments import Attachment
from echosphere.messages.history import DEFAULT_PAGE, MAX_PAGE, Page, Where
from echosphere.messages.message import MAX_ATTACHMENTS, MAX_BODY, Draft, Message
from echosphere.wire import Id, Key, Request, Seq, Shape

Body = Annotated[str, Meta(max_length=MAX_BODY)]
AttachmentIds = Annotated[list[Id], Meta(max_length=MAX_ATTACHMENTS)]
Limit = Annotated[int, Meta(ge=1, le=MAX_PAGE)]


class PostBody(Request, frozen=True, kw_only=True):
    """The body of `POST /conversations/{id}/messages`."""

    key: Key
    body: Body
    reply_to: Seq | None = None
    attachments: AttachmentIds = msgspec.field(default_factory=list)

    def to_draft(self, conversation: str) -> Draft:
        """Return the command of the use case."""
        return Draft(conversation, self.key, self.body, self.reply_to, self.attachments)


class PostCall(PostBody, frozen=True, kw_only=True):
    """The argument of `post`."""

    conversation: Id


class HistoryQuery(Request, frozen=True, kw_only=True):
    """The query of `GET /conversations/{id}/messages`."""

    before: Seq | None = None
    after: Seq | None = None
    around: Seq | None = None
    limit: Limit = DEFAULT_PAGE

    def to_where(self) -> Where:
        """Return the page that is wanted."""
        return Where(self.before, self.after, self.around, self.limit)


class HistoryCall(HistoryQuery, frozen=True, kw_only=True):
    """The argument of `history`."""

    conversation: Id


class MessageShape(Shape, frozen=True):
    """A message, always the whole row."""

    conversation: str
    seq: int
    version: int
    author: str
    key: str
    body: str
    created_at: int
    edited_at: int | None
    deleted: bool
    reply_to: int | None
    attachments: Sequence[Attachment]
    reactions: Sequence[dict[str, Any]]
    system: dict[str, Any] | None


class OneMessage(Shape, frozen=True):
    """An answer with one message."""

    message: MessageShape


class MessageEvent(Shape, frozen=True):
    """The event `message`."""

    conversation: str
    version: int
    message: MessageShape


class HistoryPage(Shape, frozen=True):
    """A page of messages, ascending by `seq`."""

    messages: list[MessageShape]
    version: int
    more: bool


def message_shape(message: Message, attachments: Sequence[Attachment]) -> MessageShape:
    """Return a message as it crosses the wire."""
    return MessageShape(
        message.conversation,
        message.seq,
        message.version,
        message.author,
        message.key,
        message.body,
        message.created_at,
        message.edited_at,
        bool(message.deleted),  # SQLite knows only numbers
        message.reply_to,
        attachments,
        (),
        None if message.system is None else json.loads(message.system),
    )


def message_shapes(
    messages: Iterable[Message], attachments: dict[int, list[Attachment]]
) -> list[MessageShape]:
    """Return messages with their attachments as they cross the wire."""
    return [message_shape(message, attachments.get(message.seq, ())) for message in messages]


def page_shape(page: Page) -> HistoryPage:
    """Return a page as it crosses the wire."""
    return HistoryPage(message_shapes(page.messages, page.attachments), page.version, page.more)
