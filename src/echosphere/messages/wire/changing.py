"""Shapes of the calls that change or forward a message."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from echosphere.core.emoji import MAX_EMOJI
from echosphere.messages.forward import MAX_TARGETS, Target
from echosphere.messages.parts.actions import SentActions
from echosphere.messages.wire.message import Body
from echosphere.wire import Id, Key, Request, Seq, Shape


class MessageCall(Request, frozen=True, kw_only=True):
    """Which message is meant."""

    conversation: Id
    seq: Seq


class EditCall(MessageCall, frozen=True, kw_only=True):
    """Other words for a message, and other buttons for one of a bot: an empty list for none."""

    body: Body
    actions: SentActions | UnsetType = UNSET


class ReactCall(MessageCall, frozen=True, kw_only=True):
    """An emoji under a message, or not any more."""

    emoji: Annotated[str, Meta(min_length=1, max_length=MAX_EMOJI)]
    on: bool


class SwitchCall(MessageCall, frozen=True, kw_only=True):
    """Whether a message is pinned, or saved."""

    on: bool


class ForwardTarget(Request, frozen=True):
    """Where a message is forwarded to, with the key of the new one."""

    conversation: Id
    key: Key


class ForwardCall(MessageCall, frozen=True, kw_only=True):
    """To where a message is copied."""

    to: Annotated[list[ForwardTarget], Meta(min_length=1, max_length=MAX_TARGETS)]

    def targets(self) -> list[Target]:
        """Return the targets for the use case."""
        return [Target(one.conversation, one.key) for one in self.to]


class VersionEvent(Shape, frozen=True):
    """The event `version`: what changed is not for the person, but it counts."""

    conversation: str
    version: int
