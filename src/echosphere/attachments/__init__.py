"""Attachments: the files of messages; access follows the message."""

from echosphere.attachments.access import access_attachment
from echosphere.attachments.add import add_for_message, add_imported
from echosphere.attachments.attachment import (
    MAX_IN_MESSAGE,
    ConversationSize,
    FileKind,
    FilesWanted,
    Quota,
    StorageWanted,
    StoredFile,
)
from echosphere.attachments.claim import claim_attachments, require_unused
from echosphere.attachments.cleanup import AttachmentCleanup
from echosphere.attachments.copy import copy_attachments
from echosphere.attachments.disk_reserve import require_free_disk
from echosphere.attachments.forms import FormRequest, FormSender, MessageForms
from echosphere.attachments.intake import FileIntake, FileToStore
from echosphere.attachments.limits import UploadLimits, quota_of
from echosphere.attachments.operations import AttachmentsOperations
from echosphere.attachments.query import (
    attachments_in_range,
    attachments_of_messages,
    file_names_of_messages,
    files_before,
    names_of_unused,
    stored_files_of_messages,
)
from echosphere.attachments.remove import remove_attachments_of
from echosphere.attachments.store import set_owner, shift_unused
from echosphere.attachments.store.quotas import (
    PersonUsage,
    find_quota,
    save_quota,
    usage_by_person,
)
from echosphere.attachments.usage import (
    PostedFile,
    Usage,
    bytes_in_conversation,
    bytes_stored_by,
    largest_conversations,
    largest_posted_files,
    total_bytes_stored,
    usage_of,
)
from echosphere.attachments.web import AttachmentRoutes
from echosphere.attachments.wire import Attachment, attachment_shape
from echosphere.attachments.wiring import install

__all__ = [
    "MAX_IN_MESSAGE",
    "Attachment",
    "AttachmentCleanup",
    "AttachmentRoutes",
    "AttachmentsOperations",
    "ConversationSize",
    "FileIntake",
    "FileKind",
    "FileToStore",
    "FilesWanted",
    "FormRequest",
    "FormSender",
    "MessageForms",
    "PersonUsage",
    "PostedFile",
    "Quota",
    "StorageWanted",
    "StoredFile",
    "UploadLimits",
    "Usage",
    "access_attachment",
    "add_for_message",
    "add_imported",
    "attachment_shape",
    "attachments_in_range",
    "attachments_of_messages",
    "bytes_in_conversation",
    "bytes_stored_by",
    "claim_attachments",
    "copy_attachments",
    "file_names_of_messages",
    "files_before",
    "find_quota",
    "install",
    "largest_conversations",
    "largest_posted_files",
    "names_of_unused",
    "quota_of",
    "remove_attachments_of",
    "require_free_disk",
    "require_unused",
    "save_quota",
    "set_owner",
    "shift_unused",
    "stored_files_of_messages",
    "total_bytes_stored",
    "usage_by_person",
    "usage_of",
]
