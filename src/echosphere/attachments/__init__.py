"""Attachments: upload, thumbnails, storage, serving; access follows the message."""

from echosphere.attachments.access import access_attachment
from echosphere.attachments.attachment import FileKind, FilesWanted, Quota
from echosphere.attachments.claim import claim_attachments, require_unused
from echosphere.attachments.content_type import type_of
from echosphere.attachments.copy import copy_attachments
from echosphere.attachments.headers import headers_of
from echosphere.attachments.operations import AttachmentsOperations
from echosphere.attachments.previews import PORTRAYED, Previews
from echosphere.attachments.ranges import Part, part_of
from echosphere.attachments.receive import Patience, Received, boundary_of, receive_file
from echosphere.attachments.remove import remove_attachments_of
from echosphere.attachments.reserve import Reserve
from echosphere.attachments.sandbox.outcome import PageLook
from echosphere.attachments.shown import attachments_of, attachments_of_messages, files_before
from echosphere.attachments.sizes import (
    ConversationSize,
    bytes_stored_by,
    largest_conversations,
)
from echosphere.attachments.storage import Storage
from echosphere.attachments.upkeep import Upkeep, remove_strays
from echosphere.attachments.usage import OwnFile, Usage, largest_files_of, usage_of
from echosphere.attachments.web import AttachmentDoor
from echosphere.attachments.wire import Attachment
from echosphere.attachments.wiring import install

__all__ = [
    "PORTRAYED",
    "Attachment",
    "AttachmentDoor",
    "AttachmentsOperations",
    "ConversationSize",
    "FileKind",
    "FilesWanted",
    "OwnFile",
    "PageLook",
    "Part",
    "Patience",
    "Previews",
    "Quota",
    "Received",
    "Reserve",
    "Storage",
    "Upkeep",
    "Usage",
    "access_attachment",
    "attachments_of",
    "attachments_of_messages",
    "boundary_of",
    "bytes_stored_by",
    "claim_attachments",
    "copy_attachments",
    "files_before",
    "headers_of",
    "install",
    "largest_conversations",
    "largest_files_of",
    "part_of",
    "receive_file",
    "remove_attachments_of",
    "remove_strays",
    "require_unused",
    "type_of",
    "usage_of",
]
