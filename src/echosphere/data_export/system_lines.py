"""The sentences of system messages: what happened to a conversation."""

from collections.abc import Mapping
from typing import Any

from echosphere.i18n import translate

LINES = {
    "created": "%(actor)s created this conversation",
    "added": "%(actor)s added %(user)s",
    "joined": "%(actor)s joined",
    "left": "%(actor)s left",
    "removed": "%(actor)s removed %(user)s",
    "role": "%(actor)s changed the role of %(user)s",
    "title": "%(actor)s changed the title",
    "description": "%(actor)s changed the description",
    "avatar": "%(actor)s changed the picture",
    "webhook_added": "%(actor)s added the webhook %(user)s",
    "webhook_revoked": "%(actor)s revoked the webhook %(user)s",
    "pinned": "%(actor)s pinned a message",
}
OTHER = "%(actor)s changed the rules of the conversation"


def system_line(
    content: Mapping[str, Any], author: str, names: Mapping[str, str], language: str
) -> str:
    """Return the sentence of a system message.

    Args:
        content: The message's `system`.
        author: Who caused it.
        names: Of users, by their ids.
        language: The language of the sentence.
    """
    line = translate(language, LINES.get(content.get("type", ""), OTHER))
    user = names.get(str(content.get("user", "")), "…")
    return line % {"actor": names.get(author, "…"), "user": user}
