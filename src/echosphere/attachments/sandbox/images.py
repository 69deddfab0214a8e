"""Measures an image, makes its thumbnail and a copy without personal metadata."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageOps

from echosphere.attachments.sandbox.ground import ground_of, on_its_ground
from echosphere.attachments.sandbox.metadata import PIECES, clean
from echosphere.attachments.sandbox.outcome import Look, TooBigError, UnreadableError
from echosphere.attachments.sandbox.recordings.clean import clean_in_place

MAX_PIXELS = 32_000_000
MAX_SIDE = 32_767
"""Pixels of one side: a picture of millions of rows takes seconds, however narrow it is."""

MAX_FRAMES = 1_000
MAX_ANIMATED_PIXELS = 1_000_000_000
"""Pixels of all frames together; a browser has to decode each of them again and again."""

BOX = (720, 720)
QUALITY = 80
MAX_PROFILE = 64 * 1024
FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/avif": "AVIF",
}

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


def look_at_image(
    path: Path, kind: str, thumbnail: Path, cleaned: Path, *, opaque: bool = False
) -> Look:
    """Decode an image of a known type.

    Args:
        path: The image.
        kind: Its type.
        thumbnail: Where a small one is written.
        cleaned: Where a copy without personal metadata is written, if there were any.
        opaque: The small one is put on the ground that lets it be seen.

    Raises:
        TooBigError: Too many pixels or frames.
        UnreadableError: It cannot be decoded.
    """
    with opened(path, kind) as image:
        animated = bool(getattr(image, "is_animated", False))
        size, ground = _make_thumbnail(image, thumbnail, opaque=opaque)
    if kind == "image/avif":
        clean_in_place(path, kind)
    has_copy = kind in PIECES and clean(path, kind, cleaned)
    return Look(*size, thumbnail=True, cleaned=has_copy, animated=animated, ground=ground)


@contextmanager
def opened(path: Path, kind: str) -> Iterator[Image.Image]:
    """Open an image of a known type for a block that decodes it.

    Raises:
        TooBigError: Too many pixels or frames.
        UnreadableError: It cannot be decoded.
    """
    try:
        with Image.open(path, formats=[FORMATS[kind]]) as image:
            require_size(image)
            yield image
    except (TooBigError, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooBigError(too_many_pixels()) from error
    except Exception as error:  # decoders raise whatever they like on a broken file
        raise UnreadableError(str(error)) from error


def require_size(image: Image.Image) -> None:
    """Refuse more pixels or frames than anybody wants to look at.

    Raises:
        TooBigError: Says of what there is too much.
    """
    pixels = image.width * image.height
    if pixels > MAX_PIXELS:
        raise TooBigError(too_many_pixels())
    if max(image.size) > MAX_SIDE:
        raise TooBigError(f"The image has a side of more than {MAX_SIDE} pixels.")
    frames = getattr(image, "n_frames", 1)
    if frames > MAX_FRAMES or frames * pixels > MAX_ANIMATED_PIXELS:
        raise TooBigError(f"The animation is too long: {frames} frames.")


def too_many_pixels() -> str:
    """Return what is said of an image that is too large."""
    return f"The image has more than {MAX_PIXELS // 1_000_000} megapixels."


def _make_thumbnail(
    image: Image.Image, target: Path, *, opaque: bool
) -> tuple[tuple[int, int], str | None]:
    """Write the thumbnail; return the image's own size as displayed, and the ground it needs."""
    width, height = image.size
    if image.getexif().get(0x0112) in (5, 6, 7, 8):
        width, height = height, width
    image.draft("RGB", (BOX[0] * 2, BOX[1] * 2))
    image.load()
    require_size(image)  # a frame may be larger than the header said
    profile = image.info.get("icc_profile")
    has_colours = image.mode in ("RGB", "RGBA")
    small = plain(image)
    small.thumbnail(BOX, Image.Resampling.LANCZOS, reducing_gap=2.0)
    upright = ImageOps.exif_transpose(small)
    keep = isinstance(profile, bytes) and has_colours and len(profile) <= MAX_PROFILE
    # Nothing but pixels and, for wide colours, their profile goes into the thumbnail.
    shown = on_its_ground(upright) if opaque else upright
    shown.save(
        target,
        "WEBP",
        quality=QUALITY,
        method=4,
        exif=b"",
        xmp=b"",
        icc_profile=profile if keep else b"",
    )
    return (width, height), ground_of(upright)


def plain(image: Image.Image) -> Image.Image:
    """Return the picture in a mode that WebP knows."""
    if image.mode.startswith("I"):  # 16 bits per pixel would be cut off, not scaled
        return image.convert("F").point(lambda value: value * (1 / 257) + 0).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("RGB")
