"""What happened to messages."""

from dataclasses import dataclass

from echosphere.attachments import Attachment
from echosphere.messages.message import Message


@dataclass(frozen=True, slots=True)
class MessagePosted:
    """Somebody said something; `members_version` says who may hear it."""

    message: Message
    attachments: tuple[Attachment, ...]
    members_version: int
