"""Cleans one recording in place, whatever it is."""

import struct
from collections.abc import Callable
from pathlib import Path

from echosphere.attachments.sandbox.outcome import Look, UnreadableError
from echosphere.attachments.sandbox.recordings.boxed_pictures import clean_boxed_picture
from echosphere.attachments.sandbox.recordings.flac import clean_flac
from echosphere.attachments.sandbox.recordings.iso import clean_iso
from echosphere.attachments.sandbox.recordings.matroska import clean_matroska
from echosphere.attachments.sandbox.recordings.mpeg import clean_mpeg
from echosphere.attachments.sandbox.recordings.ogg import clean_ogg
from echosphere.attachments.sandbox.recordings.riff import clean_riff
from echosphere.attachments.sandbox.recordings.source import Facts, Overwrites, Source
from echosphere.attachments.sandbox.recordings.tiff import clean_tiff

Cleaner = Callable[[Source, Overwrites, str], Facts]
CLEANERS: dict[str, Cleaner] = {
    **dict.fromkeys(
        (
            "video/mp4", "video/quicktime", "video/3gpp", "audio/mp4", "image/heic", "image/heif",
            "image/avif",
        ),
        clean_iso,
    ),
    **dict.fromkeys(
        ("video/webm", "audio/webm", "video/x-matroska", "audio/x-matroska"), clean_matroska
    ),
    **dict.fromkeys(("audio/wav", "video/x-msvideo"), clean_riff),
    **dict.fromkeys(("audio/mpeg", "audio/aac"), clean_mpeg),
    **dict.fromkeys(("audio/ogg", "video/ogg"), clean_ogg),
    **dict.fromkeys(("image/jxl", "image/jp2"), clean_boxed_picture),
    "audio/flac": clean_flac,
    "image/tiff": clean_tiff,
}  # fmt: skip


def clean_in_place(path: Path, kind: str) -> Facts:
    """Overwrite what a file tells about its owner; nothing in it moves.

    Raises:
        UnreadableError: It cannot be cleaned; it is as it was.
    """
    with path.open("rb+") as file:
        overwrites = Overwrites()
        try:
            facts = CLEANERS[kind](Source(file), overwrites, kind)
        except (ValueError, IndexError, OverflowError, struct.error) as error:
            raise UnreadableError(str(error)) from error
        overwrites.apply(file)
    return facts


def look_at_recording(path: Path, kind: str) -> Look:
    """Clean a recording, and tell what it consists of."""
    facts = clean_in_place(path, kind)
    return Look(facts.width, facts.height, False, type=facts.type, duration=facts.duration)
