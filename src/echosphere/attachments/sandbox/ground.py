"""Tells on what ground a picture with transparency can be seen."""

from PIL import Image

SEEN_FROM = 64
"""How opaque a pixel is that counts, of 255."""

TOO_DARK, TOO_LIGHT = 128, 118
"""Greys from which on a pixel has less than 4.5 : 1 on a dark ground, and on a white one."""

FEW = 0.05
GROUNDS = {"light": "#ffffff", "dark": "#10181a", "middle": "#757575"}
"""As the client has them for pictures that keep their transparency."""


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


def on_its_ground(picture: Image.Image) -> Image.Image:
    """Return the picture without transparency, on the ground that lets it be seen."""
    if picture.mode != "RGBA":
        return picture
    flat = Image.new("RGB", picture.size, GROUNDS[ground_of(picture) or "light"])
    flat.paste(picture, mask=picture)
    return flat
