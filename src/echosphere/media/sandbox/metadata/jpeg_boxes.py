"""Strips JPEG XL and JPEG 2000 files: boxes that hold no pixels become free space."""

from echosphere.media.sandbox.metadata.file_patch import BoundedReader, FilePatch, RecordingInfo
from echosphere.media.sandbox.metadata.iso_boxes import iterate_boxes, make_free

KEPT = frozenset({b"JXL ", b"ftyp", b"jxll", b"jxlc", b"jxlp", b"jxli", b"jP  ", b"jp2h", b"jp2c"})


def strip_jpeg_boxes(reader: BoundedReader, patch: FilePatch, kind: str) -> RecordingInfo:
    """Add everything but the image to the patch.

    Raises:
        UnreadableError: It cannot be followed to its end.
    """
    if reader.read(0, 2) == b"\xff\x0a":
        return RecordingInfo(kind)  # a JPEG XL without boxes has nothing but pixels
    for box in iterate_boxes(reader, 0, reader.size):
        if box.kind not in KEPT:
            make_free(box, patch)
    return RecordingInfo(kind)
