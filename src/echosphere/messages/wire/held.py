"""Shapes of held messages and of filters."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from echosphere.accounts import User
from echosphere.messages.held import MAX_REASON, Held, HeldPage
from echosphere.messages.parts import PartContents, decode_contents
from echosphere.messages.parts.actions import Action, decode_actions
from echosphere.messages.post import Posted
from echosphere.messages.wire.message import MessageShape, message_shape
from echosphere.messages.word_filter import MAX_WORDS
from echosphere.wire import Id, Request, Shape

Word = Annotated[str, Meta(max_length=200)]


class HeldQuery(Request, frozen=True, kw_only=True):
    """Which page of held messages; `after` is `next` of the page before."""

    conversation: Id
    after: Annotated[str, Meta(max_length=100)] = ""


class HeldCall(Request, frozen=True, kw_only=True):
    """Which held message."""

    conversation: Id
    held: Id


class RefuseCall(HeldCall, frozen=True, kw_only=True):
    """Why a held message is refused."""

    reason: Annotated[str, Meta(max_length=MAX_REASON)]


class FilterCall(Request, frozen=True, kw_only=True):
    """The words and phrases of a filter."""

    conversation: Id
    words: Annotated[list[Word], Meta(max_length=MAX_WORDS)]


class HeldShape(Shape, frozen=True):
    """A held message; `reason` says why it was refused."""

    id: str
    conversation: str
    author: str
    key: str
    body: str
    reply_to: int | None
    attachments: Sequence[str]
    edits: int | None
    created_at: int
    reason: str | None
    parts: PartContents | UnsetType = UNSET
    actions: Sequence[Sequence[Action]] | UnsetType = UNSET


class HeldMessages(Shape, frozen=True):
    """Held messages with their authors and the names of their files; `next` is null at the end."""

    held: list[HeldShape]
    users: list[User]
    file_names: dict[str, str]
    next: str | None


class Filter(Shape, frozen=True):
    """The words and phrases of a filter, folded."""

    words: list[str]


class PostAnswer(Shape, frozen=True):
    """The stored message, or null and what is held of it."""

    message: MessageShape | None
    held: HeldShape | UnsetType = UNSET


class HeldEvent(Shape, frozen=True):
    """The event `held`: what waits in a group is another now; `filtered` where the filter was set."""

    conversation: str
    filtered: bool | None


def held_shape(held: Held) -> HeldShape:
    """Return a held message as it crosses the wire."""
    place = held.id, held.conversation, held.author, held.key, held.body, held.reply_to
    parts = UNSET if held.parts is None else decode_contents(held.parts)
    actions = UNSET if held.parts is None else decode_actions(held.parts)
    return HeldShape(*place, held.files, held.edits, held.created_at, held.reason, parts, actions)


def held_page_shape(found: HeldPage) -> HeldMessages:
    """Return held messages as an answer."""
    held, users = list(map(held_shape, found.held)), list(found.users.values())
    return HeldMessages(held, users, found.file_names, found.next)


def answer_of(done: Posted | Held) -> PostAnswer:
    """Return what came of a post or an edit."""
    if isinstance(done, Held):
        return PostAnswer(None, held_shape(done))
    return PostAnswer(message_shape(done.message, done.attachments))
