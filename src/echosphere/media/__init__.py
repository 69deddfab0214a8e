"""Stored files of all kinds: receiving, inspecting, storing and serving them."""

from echosphere.media.cleanup import delete_old_files, delete_orphans, remove_file
from echosphere.media.content_type import UNKNOWN_TYPE, detect_type
from echosphere.media.file_name import clean_file_name
from echosphere.media.headers import file_headers
from echosphere.media.ranges import ByteRange, requested_range
from echosphere.media.sandbox.inspection import Inspection, PageMetadata
from echosphere.media.sandbox.pool import (
    IMAGE_TYPES,
    INSPECTED_TYPES,
    InspectedFile,
    SandboxPool,
)
from echosphere.media.storage import Storage
from echosphere.media.storage_trouble import StorageError
from echosphere.media.temp_files import delete_temp_files
from echosphere.media.upload import (
    FormLimits,
    ReceivedFile,
    ReceivedForm,
    UploadTimeouts,
    multipart_boundary,
    receive_file,
    receive_form,
)

__all__ = [
    "IMAGE_TYPES",
    "INSPECTED_TYPES",
    "UNKNOWN_TYPE",
    "ByteRange",
    "FormLimits",
    "InspectedFile",
    "Inspection",
    "PageMetadata",
    "ReceivedFile",
    "ReceivedForm",
    "SandboxPool",
    "Storage",
    "StorageError",
    "UploadTimeouts",
    "clean_file_name",
    "delete_old_files",
    "delete_orphans",
    "delete_temp_files",
    "detect_type",
    "file_headers",
    "multipart_boundary",
    "receive_file",
    "receive_form",
    "remove_file",
    "requested_range",
]
