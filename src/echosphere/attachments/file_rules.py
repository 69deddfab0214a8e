"""Which files people may send: decided by what a file is, not by what it is called."""

from pathlib import PurePath

import msgspec

from echosphere.settings import FILE_KINDS

OFFICE = "application/vnd.openxmlformats-officedocument."
TYPES = {
    "images": ("image/*",),
    "videos": ("video/*",),
    "audio": ("audio/*",),
    "documents": ("application/pdf", f"{OFFICE}*", "application/vnd.oasis.opendocument.*"),
    "text": ("text/plain",),
    "archives": (
        "application/zip",
        "application/gzip",
        "application/x-bzip2",
        "application/x-xz",
        "application/zstd",
        "application/x-7z-compressed",
        "application/vnd.rar",
        "application/x-tar",
    ),
    "programs": ("application/x-executable",),
}
"""The detected types of each kind that the settings may name."""

assert TYPES.keys() == FILE_KINDS  # noqa: S101 - the parser of the settings knows the same

OF_ENDING = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".heic": "image/heic",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".flac": "audio/flac",
    ".wav": "audio/wav",
    ".ogg": "audio/ogg",
    ".pdf": "application/pdf",
    ".docx": f"{OFFICE}wordprocessingml.document",
    ".xlsx": f"{OFFICE}spreadsheetml.sheet",
    ".pptx": f"{OFFICE}presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".zip": "application/zip",
    ".gz": "application/gzip",
    ".7z": "application/x-7z-compressed",
    ".rar": "application/vnd.rar",
    ".tar": "application/x-tar",
    ".exe": "application/x-executable",
    ".dll": "application/x-executable",
}
"""The types that are detected of files with these endings."""

TELL_NOTHING = ("application/octet-stream", "text/plain", "application/zip")
"""Types of many formats: of a file with an ending that is not detected, the name has to do."""


class FileRules(msgspec.Struct, frozen=True):
    """What may be sent, in kinds, media types and endings; nothing allowed means everything.

    Attributes:
        allowed: What may be sent, and nothing else.
        refused: What may not, whatever is allowed.
    """

    allowed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()

    def refuse(self, content_type: str, name: str) -> bool:
        """Whether a file of a detected type, with a name, may not be sent."""
        ending = PurePath(name).suffix.lower()
        if any(_is_named(one, content_type, ending) for one in self.refused):
            return True
        return bool(self.allowed) and not any(
            _is_detected(one, content_type, ending) for one in self.allowed
        )


def _is_named(rule: str, content_type: str, ending: str) -> bool:
    """Whether a rule means a file by what it is, or by what it is called."""
    return ending == rule or _is_detected(rule, content_type, ending)


def _is_detected(rule: str, content_type: str, ending: str) -> bool:
    """Whether a rule means a file by what it is; the name counts where its type tells nothing."""
    if not rule.startswith("."):
        return any(_matches(one, content_type) for one in TYPES.get(rule, (rule,)))
    if rule in OF_ENDING:
        return content_type == OF_ENDING[rule]
    return ending == rule and content_type in TELL_NOTHING


def _matches(pattern: str, content_type: str) -> bool:
    if pattern.endswith("*"):
        return content_type.startswith(pattern[:-1])
    return content_type == pattern
