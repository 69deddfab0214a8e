"""What a notification says: never more than the person wants on a locked screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from echosphere.accounts import PersonSettings
from echosphere.attachments import Attachment
from echosphere.i18n import translate
from echosphere.messages import Message
from echosphere.richtext import plain_text, shortened

MAX_TITLE = 100
MAX_TEXT = 240
"""Characters; screens show fewer, and all of it must fit into one push message."""

KINDS = {"image": "Photo", "video": "Video", "audio": "Voice message"}


@dataclass(frozen=True, slots=True)
class Said:
    """A message with what is needed to speak of it.

    Attributes:
        title: Of a group.
        name: The author's.
        picture: The address of the author's avatar.
        answers: Who wrote what it replies to.
    """

    message: Message
    attachments: Sequence[Attachment]
    direct: bool
    title: str | None
    name: str
    picture: str | None
    answers: str | None = None


def notification_of(said: Said, settings: PersonSettings) -> dict[str, Any]:
    """Return what the browser is told of a message."""
    message = said.message
    return {
        "conversation": message.conversation,
        "seq": message.seq,
        "title": shortened(said.name if said.direct else said.title or said.name, MAX_TITLE),
        "body": line_of(said, settings),
        "icon": said.picture,
        "url": f"/c/{message.conversation}?m={message.seq}",
        "tag": message.conversation,
    }


def test_notification(settings: PersonSettings) -> dict[str, Any]:
    """Return what the browser is told when somebody tries whether it is."""
    return {
        "conversation": None,
        "seq": None,
        "title": "EchoSphere",
        "body": translate(settings.language, "Notifications work on this device."),
        "icon": None,
        "url": "/",
        "tag": "test",
    }


def line_of(said: Said, settings: PersonSettings) -> str:
    """Return a message in one line, or only that there is one."""
    if not settings.notify_content:
        return translate(settings.language, "New message")
    words = shortened(" ".join(plain_text(said.message.body).split()), MAX_TEXT)
    words = words or _files(said.attachments, settings.language)
    return words if said.direct else f"{shortened(said.name, MAX_TITLE)}: {words}"


def _files(attachments: Sequence[Attachment], language: str) -> str:
    if not attachments:
        return translate(language, "New message")
    first = attachments[0]
    more = f" +{len(attachments) - 1}" if len(attachments) > 1 else ""
    if kind := KINDS.get(first.type.partition("/")[0]):
        return translate(language, kind) + more
    return f"{translate(language, 'File')}: {shortened(first.name, MAX_TITLE)}{more}"
