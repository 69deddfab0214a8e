"""Makes an avatar of an image: a square from its middle, without metadata."""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from echosphere.media.sandbox.background import flatten
from echosphere.media.sandbox.images import (
    MAX_PROFILE,
    open_image,
    require_allowed_size,
    to_rgb,
)
from echosphere.media.sandbox.inspection import Inspection

SIDE = 512
QUALITY = 85


def make_avatar(path: Path, content_type: str, target: Path) -> Inspection:
    """Decode an image and write its middle as a WebP of `SIDE` pixels.

    Raises:
        TooBigError: It has too many pixels or frames.
        UnreadableError: It cannot be decoded.
    """
    with open_image(path, content_type) as image:
        image.draft("RGB", (SIDE * 2, SIDE * 2))
        image.load()
        require_allowed_size(image)  # a frame may be larger than the header said
        _crop_to_square(image).save(
            target, "WEBP", quality=QUALITY, method=4, exif=b"", xmp=b"", icc_profile=b""
        )
    return Inspection(SIDE, SIDE, thumbnail=False)


def _crop_to_square(image: Image.Image) -> Image.Image:
    """Return the middle of an image, upright, opaque and in sRGB."""
    profile = image.info.get("icc_profile")
    has_colors = image.mode in ("RGB", "RGBA")
    # The middle is the same in every orientation, so the small image is rotated, not the large one.
    square = ImageOps.fit(to_rgb(image), (SIDE, SIDE), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(square)
    if isinstance(profile, bytes) and has_colors and len(profile) <= MAX_PROFILE:
        upright = _to_srgb(upright, profile)
    return flatten(upright)


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):
        return image  # the profile is broken
    return converted or image
