"""A message on the wire: as it comes in, and as it goes out."""

import json
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from echosphere.attachments import MAX_IN_MESSAGE, Attachment
from echosphere.messages.message import MAX_BODY, Message
from echosphere.messages.parts import PartContents, SentParts, decode_contents, encode_contents
from echosphere.messages.parts.actions import Action, SentActions, clean_actions, decode_actions
from echosphere.messages.parts.mentions import Mention, decode_mentions
from echosphere.messages.parts.pin import Pinned
from echosphere.messages.parts.preview import Preview, decode_preview
from echosphere.messages.parts.reactions import Reaction, decode_reactions
from echosphere.messages.post import Posted, PostMessage
from echosphere.wire import Id, Key, Request, Seq, Shape

Body = Annotated[str, Meta(max_length=MAX_BODY)]
AttachmentIds = Annotated[list[Id], Meta(max_length=MAX_IN_MESSAGE)]


class PostCall(Request, frozen=True, kw_only=True):
    """A message to post."""

    conversation: Id
    key: Key
    body: Body
    reply_to: Seq | None = None
    attachments: AttachmentIds = msgspec.field(default_factory=list)
    parts: SentParts | UnsetType = UNSET
    actions: SentActions | UnsetType = UNSET

    def by(self, author: str) -> PostMessage:
        """Return the command to post it as this author's.

        Raises:
            Invalid: A button breaks a rule.
        """
        return PostMessage(
            conversation=self.conversation,
            author=author,
            key=self.key,
            body=self.body,
            reply_to=self.reply_to,
            attachments=self.attachments,
            parts=self._contents(),
        )

    def _contents(self) -> str | None:
        if self.actions is not UNSET:
            return encode_contents(self.parts, actions=clean_actions(self.actions))
        return None if self.parts is UNSET else encode_contents(self.parts)


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
    reactions: Sequence[Reaction]
    system: dict[str, Any] | None
    forwarded: bool
    mentions: Sequence[Mention]
    pinned: Pinned | None
    preview: Preview | None
    expires_at: int | UnsetType = UNSET
    automated: bool | UnsetType = UNSET
    parts: PartContents | UnsetType = UNSET
    actions: Sequence[Sequence[Action]] | UnsetType = UNSET


class OneMessage(Shape, frozen=True):
    """An answer with one message."""

    message: MessageShape


class MessageEvent(Shape, frozen=True):
    """The event `message`."""

    conversation: str
    version: int
    message: MessageShape


def message_shape(message: Message, attachments: Sequence[Attachment]) -> MessageShape:
    """Return a message as it crosses the wire."""
    (
        conversation,
        seq,
        version,
        author,
        key,
        body,
        created_at,
        edited_at,
        deleted,
        reply_to,
        system,
        _,
        forwarded,
        mentions,
        _,
        reactions,
        pinned_at,
        pinned_by,
        preview,
        expires_at,
        automated,
        parts,
    ) = message
    # Most messages have none of what is kept as JSON: for those nothing is called.
    return MessageShape(
        conversation,
        seq,
        version,
        author,
        key,
        body,
        created_at,
        edited_at,
        deleted != 0,  # SQLite knows only numbers
        reply_to,
        attachments,
        () if reactions is None else decode_reactions(reactions),
        None if system is None else json.loads(system),
        forwarded != 0,
        () if mentions is None else decode_mentions(mentions),
        None if pinned_at is None or pinned_by is None else Pinned(pinned_by, pinned_at),
        None if preview is None else decode_preview(preview),
        UNSET if expires_at is None else expires_at,
        True if automated else UNSET,
        UNSET if parts is None else decode_contents(parts),
        UNSET if parts is None else decode_actions(parts),
    )


def posted_shape(posted: Posted) -> OneMessage:
    """Return a stored message as an answer."""
    return OneMessage(message_shape(posted.message, posted.attachments))


def event_shape(message: Message, attachments: Sequence[Attachment]) -> MessageEvent:
    """Return the event that shows a message as it is now."""
    return MessageEvent(message.conversation, message.version, message_shape(message, attachments))
