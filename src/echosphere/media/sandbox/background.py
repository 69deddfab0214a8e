"""Chooses the background on which a transparent image is legible."""

from PIL import Image

MIN_ALPHA = 64
"""How opaque a pixel must be to count, of 255."""

TOO_DARK, TOO_LIGHT = 128, 118
"""Grey levels from which a pixel has less contrast than 4.5 : 1 on a dark background, and on white."""

NEGLIGIBLE = 0.05
BACKGROUNDS = {"light": "#ffffff", "dark": "#10181a", "middle": "#757575"}
"""The client has the same colors, for images that keep their transparency."""


def background_for(image: Image.Image) -> str | None:
    """Return `light`, `dark` or `middle`, where most of an image is legible; None if it is opaque."""
    if image.mode != "RGBA":
        return None
    *_, alpha = image.split()
    if int(alpha.getextrema()[0]) >= 250:  # type: ignore[arg-type]
        return None
    visible = alpha.point(lambda value: 255 if value >= MIN_ALPHA else 0).convert("1")
    greys = image.convert("RGB").convert("L").histogram(visible)
    count = sum(greys) or 1
    if sum(greys[TOO_LIGHT:]) <= count * NEGLIGIBLE:
        return "light"
    return "dark" if sum(greys[:TOO_DARK]) <= count * NEGLIGIBLE else "middle"


def flatten(image: Image.Image) -> Image.Image:
    """Return an image without transparency, on a background where it is legible."""
    if image.mode != "RGBA":
        return image
    flat = Image.new("RGB", image.size, BACKGROUNDS[background_for(image) or "light"])
    flat.paste(image, mask=image)
    return flat
