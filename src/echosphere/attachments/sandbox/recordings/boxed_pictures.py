"""Cleans JPEG XL and JPEG 2000 files: boxes that hold no picture become free space."""

from echosphere.attachments.sandbox.recordings.boxes import children, empty
from echosphere.attachments.sandbox.recordings.source import Facts, Overwrites, Source

KEPT = frozenset({b"JXL ", b"ftyp", b"jxll", b"jxlc", b"jxlp", b"jxli", b"jP  ", b"jp2h", b"jp2c"})


def clean_boxed_picture(source: Source, overwrites: Overwrites, kind: str) -> Facts:
    """Find what is no picture.

    Raises:
        UnreadableError: It cannot be followed to its end.
    """
    if source.read(0, 2) == b"\xff\x0a":
        return Facts(kind)  # a JPEG XL without boxes has nothing but pixels
    for box in children(source, 0, source.size):
        if box.kind not in KEPT:
            empty(box, overwrites)
    return Facts(kind)
