"""Makes a portrait of an image: a square, cut from the middle, with nothing in it but pixels."""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from echosphere.attachments.sandbox.ground import on_its_ground
from echosphere.attachments.sandbox.images import MAX_PROFILE, opened, plain, require_size
from echosphere.attachments.sandbox.outcome import Look

SIDE = 512
QUALITY = 85


def make_portrait(path: Path, kind: str, target: Path) -> Look:
    """Decode an image of a known type and write its middle as WebP of `SIDE` pixels.

    Raises:
        TooBigError: Too many pixels or frames.
        UnreadableError: It cannot be decoded.
    """
    with opened(path, kind) as image:
        image.draft("RGB", (SIDE * 2, SIDE * 2))
        image.load()
        require_size(image)  # a frame may be larger than the header said
        _portrait_of(image).save(
            target, "WEBP", quality=QUALITY, method=4, exif=b"", xmp=b"", icc_profile=b""
        )
    return Look(SIDE, SIDE, thumbnail=False)


def _portrait_of(image: Image.Image) -> Image.Image:
    """Return the middle of a picture, upright, in the colours that every screen knows."""
    profile = image.info.get("icc_profile")
    has_colours = image.mode in ("RGB", "RGBA")
    # The middle stays the middle however the picture is turned: the small one is turned.
    square = ImageOps.fit(plain(image), (SIDE, SIDE), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(square)
    if isinstance(profile, bytes) and has_colours and len(profile) <= MAX_PROFILE:
        upright = _in_common_colours(upright, profile)
    return on_its_ground(upright)


def _in_common_colours(picture: Image.Image, profile: bytes) -> Image.Image:
    try:
        known = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, known, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):
        return picture  # of a broken profile nobody can make use
    return converted or picture
