"""Strips metadata from audio, video and some images in place, by type."""

import struct
from collections.abc import Callable
from pathlib import Path

from echosphere.media.sandbox.inspection import Inspection, UnreadableError
from echosphere.media.sandbox.metadata.file_patch import BoundedReader, FilePatch, RecordingInfo
from echosphere.media.sandbox.metadata.flac import strip_flac
from echosphere.media.sandbox.metadata.iso_media import strip_iso_media
from echosphere.media.sandbox.metadata.jpeg_boxes import strip_jpeg_boxes
from echosphere.media.sandbox.metadata.matroska import strip_matroska
from echosphere.media.sandbox.metadata.mpeg_audio import strip_mpeg_audio
from echosphere.media.sandbox.metadata.ogg import strip_ogg
from echosphere.media.sandbox.metadata.riff import strip_riff
from echosphere.media.sandbox.metadata.tiff import strip_tiff

Stripper = Callable[[BoundedReader, FilePatch, str], RecordingInfo]
STRIPPERS: dict[str, Stripper] = {
    **dict.fromkeys(
        (
            "video/mp4", "video/quicktime", "video/3gpp", "audio/mp4", "image/heic", "image/heif",
            "image/avif",
        ),
        strip_iso_media,
    ),
    **dict.fromkeys(
        ("video/webm", "audio/webm", "video/x-matroska", "audio/x-matroska"), strip_matroska
    ),
    **dict.fromkeys(("audio/wav", "video/x-msvideo"), strip_riff),
    **dict.fromkeys(("audio/mpeg", "audio/aac"), strip_mpeg_audio),
    **dict.fromkeys(("audio/ogg", "video/ogg"), strip_ogg),
    **dict.fromkeys(("image/jxl", "image/jp2"), strip_jpeg_boxes),
    "audio/flac": strip_flac,
    "image/tiff": strip_tiff,
}  # fmt: skip


def strip_in_place(path: Path, kind: str) -> RecordingInfo:
    """Overwrite the personal metadata of a file; nothing in it moves.

    Raises:
        UnreadableError: It cannot be stripped; the file is unchanged.
    """
    with path.open("rb+") as file:
        patch = FilePatch()
        try:
            info = STRIPPERS[kind](BoundedReader(file), patch, kind)
        except (ValueError, IndexError, OverflowError, struct.error) as error:
            raise UnreadableError(str(error)) from error
        patch.apply(file)
    return info


def inspect_recording(path: Path, kind: str) -> Inspection:
    """Strip a recording in place, and return what it is."""
    info = strip_in_place(path, kind)
    return Inspection(info.width, info.height, False, type=info.type, duration=info.duration)
