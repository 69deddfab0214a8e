"""Shapes of hidden and saved messages."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta

from echosphere.messages.hide import MAX_AT_ONCE, HiddenPage
from echosphere.messages.history import DEFAULT_PAGE
from echosphere.messages.save import SavedPage
from echosphere.messages.wire.message import MessageShape, message_shape
from echosphere.messages.wire.reading import END, Limit
from echosphere.wire import Id, Request, Seq, Shape


class MessagesCall(Request, frozen=True, kw_only=True):
    """Which messages of a conversation are meant."""

    conversation: Id
    seqs: Annotated[list[Seq], Meta(min_length=1, max_length=MAX_AT_ONCE)]


class SavedQuery(Request, frozen=True, kw_only=True):
    """The query of `GET /saved`: before which time, in milliseconds."""

    before: Seq = END
    limit: Limit = DEFAULT_PAGE


class HiddenQuery(Request, frozen=True, kw_only=True):
    """The query of `GET /hidden`."""

    after: Seq = 0


class SavedShape(Shape, frozen=True):
    """A message that the caller saved."""

    saved_at: int
    message: MessageShape


class SavedMessages(Shape, frozen=True):
    """A page of saved messages, the last saved first."""

    saved: list[SavedShape]
    more: bool


class HiddenShape(Shape, frozen=True):
    """A message that the caller deleted for themselves."""

    conversation: str
    seq: int


class HiddenMessages(Shape, frozen=True):
    """What the caller hid and took back, in that order; `after` is to be given next time."""

    hidden: list[HiddenShape]
    restored: list[HiddenShape]
    after: int
    more: bool


class HiddenUntil(Shape, frozen=True):
    """The answer to `hide` and `restore`."""

    after: int


class HiddenEvent(Shape, frozen=True):
    """The events `hidden` and `restored`."""

    conversation: str
    seqs: Sequence[int]
    after: int


class SavedEvent(Shape, frozen=True):
    """The event `saved`."""

    conversation: str
    seq: int
    on: bool


def saved_shape(page: SavedPage) -> SavedMessages:
    """Return a page of saved messages as it crosses the wire."""
    return SavedMessages(
        [
            SavedShape(one.saved_at, message_shape(one.message, one.attachments))
            for one in page.saved
        ],
        page.more,
    )


def hidden_shape(page: HiddenPage) -> HiddenMessages:
    """Return a page of hidden messages as it crosses the wire."""
    hidden, restored = (
        [HiddenShape(*one) for one in listed] for listed in (page.hidden, page.restored)
    )
    return HiddenMessages(hidden, restored, page.after, page.more)
