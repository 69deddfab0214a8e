"""Shapes of the history, files and earlier texts."""

from collections.abc import Iterable
from typing import Annotated, Literal

from msgspec import Meta

from echosphere.attachments import Attachment, FileKind, FilesWanted
from echosphere.messages.files import FilesPage
from echosphere.messages.history import DEFAULT_PAGE, MAX_PAGE, Page, PageRequest
from echosphere.messages.message import Message
from echosphere.messages.wire.message import MessageShape, message_shape
from echosphere.wire import Id, Request, Seq, Shape

Limit = Annotated[int, Meta(ge=1, le=MAX_PAGE)]


class HistoryCall(Request, frozen=True, kw_only=True):
    """Which page of a conversation's messages is wanted."""

    conversation: Id
    before: Seq | None = None
    after: Seq | None = None
    around: Seq | None = None
    limit: Limit = DEFAULT_PAGE

    def to_page_request(self) -> PageRequest:
        """Return the page that is wanted."""
        return PageRequest(self.before, self.after, self.around, self.limit)


class SomeMessages(Shape, frozen=True):
    """An answer with several messages."""

    messages: list[MessageShape]


class HistoryPage(Shape, frozen=True):
    """A page of messages, ascending by `seq`."""

    messages: list[MessageShape]
    version: int
    more: bool


def message_shapes(
    messages: Iterable[Message], attachments: dict[int, list[Attachment]]
) -> list[MessageShape]:
    """Return messages with their attachments as they cross the wire."""
    return [message_shape(message, attachments.get(message.seq, ())) for message in messages]


def page_shape(page: Page) -> HistoryPage:
    """Return a page as it crosses the wire."""
    return HistoryPage(message_shapes(page.messages, page.attachments), page.version, page.more)


END = 2**53
"""Later than any message, and any time."""


class FilesCall(Request, frozen=True, kw_only=True):
    """Which page of a conversation's files is wanted."""

    conversation: Id
    kind: Literal["media", "audio", "file"]
    before: Seq = END
    limit: Limit = DEFAULT_PAGE

    def wanted(self) -> FilesWanted:
        """Return the page that is wanted."""
        return FilesWanted(FileKind(self.kind), self.before, self.limit)


class VersionShape(Shape, frozen=True):
    """What a message said once."""

    body: str
    created_at: int


class Versions(Shape, frozen=True):
    """The earlier words of a message, the oldest first."""

    versions: list[VersionShape]


class SharedFileShape(Shape, frozen=True):
    """A file of a conversation, with the message that carries it."""

    seq: int
    author: str
    created_at: int
    attachment: Attachment


class Files(Shape, frozen=True):
    """A page of a conversation's files."""

    files: list[SharedFileShape]
    more: bool


def files_shape(page: FilesPage) -> Files:
    """Return a page of files as it crosses the wire."""
    return Files([SharedFileShape(*one) for one in page.files], page.more)
