"""The text of notifications: no more than the user wants on a locked screen."""

from collections.abc import Sequence
from typing import Any

import msgspec

from echosphere.accounts import UserSettings
from echosphere.attachments import Attachment
from echosphere.i18n import translate
from echosphere.messages import Message, summary_of
from echosphere.richtext import plain_text, truncate_with_ellipsis

MAX_TITLE = 100
MAX_TEXT = 240
"""Characters; screens show fewer, and everything must fit into one push message."""


class MessageContext(msgspec.Struct, frozen=True):
    """A message with what is needed to describe it.

    Attributes:
        title: Of the group; None for direct conversations.
        reply_to_author: The author of the message that it replies to.
    """

    message: Message
    attachments: Sequence[Attachment]
    is_direct: bool
    title: str | None
    author_name: str
    author_avatar_url: str | None
    reply_to_author: str | None = None


def message_notification(context: MessageContext, settings: UserSettings) -> dict[str, Any]:
    """Return what the service worker receives for a message."""
    message = context.message
    return {
        "conversation": message.conversation,
        "seq": message.seq,
        "title": truncate_with_ellipsis(
            context.author_name if context.is_direct else context.title or context.author_name,
            MAX_TITLE,
        ),
        "body": summarize(context, settings),
        "icon": context.author_avatar_url,
        "url": f"/c/{message.conversation}?m={message.seq}",
        "tag": message.conversation,
        "expires_at": message.expires_at,
    }


def test_notification(settings: UserSettings) -> dict[str, Any]:
    """Return what the service worker receives as a test."""
    return {
        "conversation": None,
        "seq": None,
        "title": "EchoSphere",
        "body": translate(settings.language, "Notifications work on this device."),
        "icon": None,
        "url": "/",
        "tag": "test",
    }


def summarize(context: MessageContext, settings: UserSettings) -> str:
    """Return a message as one line, without its content if the user hides that."""
    if not settings.notify_content:
        return translate(settings.language, "New message")
    words = truncate_with_ellipsis(" ".join(plain_text(context.message.body).split()), MAX_TEXT)
    words = summary_of(context.message, context.attachments, words, settings.language)
    words = words or translate(settings.language, "New message")
    return (
        words
        if context.is_direct
        else f"{truncate_with_ellipsis(context.author_name, MAX_TITLE)}: {words}"
    )
