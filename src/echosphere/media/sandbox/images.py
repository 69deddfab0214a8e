"""Measures an image, and writes its thumbnail and a copy without personal metadata."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageOps

from echosphere.media.sandbox.background import background_for, flatten
from echosphere.media.sandbox.inspection import Inspection, TooBigError, UnreadableError
from echosphere.media.sandbox.metadata.image_copy import (
    SEGMENT_FILTERS,
    copy_without_metadata,
)
from echosphere.media.sandbox.metadata.in_place import strip_in_place

MAX_PIXELS = 32_000_000
MAX_SIDE = 32_767
"""Pixels of one side: an image of millions of rows takes seconds, however narrow it is."""

MAX_FRAMES = 1_000
MAX_ANIMATED_PIXELS = 1_000_000_000
"""Pixels of all frames together; browsers decode each of them again and again."""

THUMBNAIL_SIZE = (720, 720)
QUALITY = 80
MAX_PROFILE = 64 * 1024
FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/avif": "AVIF",
}
ORIENTATION = 0x0112
SWAPPED_SIDES = (5, 6, 7, 8)
"""Orientations in which width and height change places."""

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


def inspect_image(
    path: Path, content_type: str, thumbnail: Path, cleaned: Path, *, opaque: bool = False
) -> Inspection:
    """Decode an image of a type in `FORMATS`.

    Args:
        path: The image.
        content_type: Its type.
        thumbnail: Where the thumbnail is written.
        cleaned: Where a copy without personal metadata is written, if there were any.
        opaque: Replaces transparency in the thumbnail by a contrasting background.

    Raises:
        TooBigError: It has too many pixels or frames.
        UnreadableError: It cannot be decoded.
    """
    with open_image(path, content_type) as image:
        animated = bool(getattr(image, "is_animated", False))
        size, background = _make_thumbnail(image, thumbnail, opaque=opaque)
    if content_type == "image/avif":
        strip_in_place(path, content_type)
    has_copy = content_type in SEGMENT_FILTERS and copy_without_metadata(
        path, content_type, cleaned
    )
    return Inspection(
        *size, thumbnail=True, cleaned=has_copy, animated=animated, background=background
    )


@contextmanager
def open_image(path: Path, content_type: str) -> Iterator[Image.Image]:
    """Open an image for a block that decodes it.

    Raises:
        TooBigError: It has too many pixels or frames.
        UnreadableError: It cannot be decoded.
    """
    try:
        with Image.open(path, formats=[FORMATS[content_type]]) as image:
            require_allowed_size(image)
            yield image
    except (TooBigError, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooBigError(too_many_pixels()) from error
    except Exception as error:  # decoders raise anything on a broken file
        raise UnreadableError(str(error)) from error


def require_allowed_size(image: Image.Image) -> None:
    """Refuse an image with too many pixels or frames.

    Raises:
        TooBigError: Says which limit is exceeded.
    """
    pixels = image.width * image.height
    if pixels > MAX_PIXELS:
        raise TooBigError(too_many_pixels())
    if max(image.size) > MAX_SIDE:
        raise TooBigError(f"The image has a side longer than {MAX_SIDE} pixels.")
    frames = getattr(image, "n_frames", 1)
    if frames > MAX_FRAMES or frames * pixels > MAX_ANIMATED_PIXELS:
        raise TooBigError(f"The animation is too long: {frames} frames.")


def too_many_pixels() -> str:
    """Return the error message for an image that is too large."""
    return f"The image has more than {MAX_PIXELS // 1_000_000} megapixels."


def _make_thumbnail(
    image: Image.Image, target: Path, *, opaque: bool
) -> tuple[tuple[int, int], str | None]:
    """Write the thumbnail; return the image's own size as displayed, and its background."""
    width, height = image.size
    if image.getexif().get(ORIENTATION) in SWAPPED_SIDES:
        width, height = height, width
    image.draft("RGB", (THUMBNAIL_SIZE[0] * 2, THUMBNAIL_SIZE[1] * 2))
    image.load()
    require_allowed_size(image)  # a frame may be larger than the header said
    profile = image.info.get("icc_profile")
    has_colors = image.mode in ("RGB", "RGBA")
    small = to_rgb(image)
    small.thumbnail(THUMBNAIL_SIZE, Image.Resampling.LANCZOS, reducing_gap=2.0)
    upright = ImageOps.exif_transpose(small)
    keep = isinstance(profile, bytes) and has_colors and len(profile) <= MAX_PROFILE
    # Only pixels and, for wide-gamut colors, their profile go into the thumbnail.
    thumbnail = flatten(upright) if opaque else upright
    thumbnail.save(
        target,
        "WEBP",
        quality=QUALITY,
        method=4,
        exif=b"",
        xmp=b"",
        icc_profile=profile if keep else b"",
    )
    return (width, height), background_for(upright)


def to_rgb(image: Image.Image) -> Image.Image:
    """Convert an image to a mode that WebP supports: RGB, RGBA if it is transparent, or grey."""
    if image.mode.startswith("I"):  # Pillow would cut off 16 bits per pixel, not scale them
        return image.convert("F").point(lambda value: value * (1 / 257) + 0).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("RGB")
