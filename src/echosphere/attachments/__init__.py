"""Attachments: upload, thumbnails, storage, serving; access follows the message."""

from echosphere.attachments.access import access_attachment
from echosphere.attachments.claim import claim_attachments, require_unused
from echosphere.attachments.previews import Previews
from echosphere.attachments.remove import remove_attachments_of
from echosphere.attachments.shown import attachments_of, attachments_of_messages
from echosphere.attachments.storage import Storage
from echosphere.attachments.upkeep import Upkeep
from echosphere.attachments.web import AttachmentDoor
from echosphere.attachments.wire import Attachment

__all__ = [
    "Attachment",
    "AttachmentDoor",
    "Previews",
    "Storage",
    "Upkeep",
    "access_attachment",
    "attachments_of",
    "attachments_of_messages",
    "claim_attachments",
    "remove_attachments_of",
    "require_unused",
]
