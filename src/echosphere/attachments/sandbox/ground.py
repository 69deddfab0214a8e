"""Tells on what ground a picture with transparency can be seen."""

from PIL import Image

SEEN_FROM = 64
"""How opaque a pixel is that counts, of 255."""

TOO_DARK, TOO_LIGHT = 128, 118
"""Greys from which on a pixel has less than 4.5 : 1 on a dark ground, and on a white one."""

FEW = 0.05


def ground_of(picture: Image.Image) -> str | None:
    """Return `light`, `dark` or `middle`, whatever lets most of it be seen; None if it is opaque."""
    if picture.mode != "RGBA":
        return None
    *_, alpha = picture.split()
    if int(alpha.getextrema()[0]) >= 250:  # type: ignore[arg-type]
        return None
    seen = alpha.point(lambda value: 255 if value >= SEEN_FROM else 0).convert("1")
    greys = picture.convert("RGB").convert("L").histogram(seen)
    count = sum(greys) or 1
    if sum(greys[TOO_LIGHT:]) <= count * FEW:
        return "light"
    return "dark" if sum(greys[:TOO_DARK]) <= count * FEW else "middle"
