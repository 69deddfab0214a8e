"""Attachments: the files of messages; access follows the message."""

from echosphere.attachments.access import access_attachment
from echosphere.attachments.attachment import ConversationSize, FileKind, FilesWanted, Quota
from echosphere.attachments.claim import claim_attachments, require_unused
from echosphere.attachments.cleanup import AttachmentCleanup
from echosphere.attachments.copy import copy_attachments
from echosphere.attachments.disk_reserve import DiskReserve
from echosphere.attachments.operations import AttachmentsOperations
from echosphere.attachments.query import (
    attachments_in_range,
    attachments_of_messages,
    files_before,
)
from echosphere.attachments.remove import remove_attachments_of
from echosphere.attachments.usage import (
    PostedFile,
    Usage,
    bytes_stored_by,
    largest_conversations,
    largest_posted_files,
    usage_of,
)
from echosphere.attachments.web import AttachmentRoutes
from echosphere.attachments.wire import Attachment
from echosphere.attachments.wiring import install

__all__ = [
    "Attachment",
    "AttachmentCleanup",
    "AttachmentRoutes",
    "AttachmentsOperations",
    "ConversationSize",
    "DiskReserve",
    "FileKind",
    "FilesWanted",
    "PostedFile",
    "Quota",
    "Usage",
    "access_attachment",
    "attachments_in_range",
    "attachments_of_messages",
    "bytes_stored_by",
    "claim_attachments",
    "copy_attachments",
    "files_before",
    "install",
    "largest_conversations",
    "largest_posted_files",
    "remove_attachments_of",
    "require_unused",
    "usage_of",
]
