"""What the server detects in pictures: animation, transparency, size."""

import io

import pytest
from PIL import Image, ImageDraw

from tests.attachments.conftest import Server
from tests.media import made


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database: what happens here happens before anything is stored in it."""
    return sqlite_url


def drawing(kind: str, *colours: str, size: tuple[int, int] = (64, 64)) -> bytes:
    """Stripes on transparency."""
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    for number, colour in enumerate(colours):
        pen.rectangle((8, 8 + number * 16, 56, 16 + number * 16), fill=colour)
    out = io.BytesIO()
    image.save(out, kind, lossless=True)
    return out.getvalue()


SHADES = {"black": 0.0, "white": 1.0, "#757575": 0.178}
BACKGROUNDS = {"light": 1.0, "dark": 0.0085, "middle": 0.178}


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("colours", [("black",), ("white",), ("black", "white")])
async def test_a_drawing_has_a_ground_on_which_all_of_it_is_seen(
    server: Server, kind: str, colours: tuple[str, ...]
) -> None:
    attachment = await server.upload(drawing(kind, *colours))
    background = BACKGROUNDS[attachment["ground"]]
    for colour in colours:
        lighter, darker = sorted((SHADES[colour], background), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5


async def test_a_picture_without_transparency_needs_no_ground(server: Server) -> None:
    for kind in ("PNG", "JPEG", "WEBP"):
        assert (await server.upload(made.picture(kind)))["ground"] is None


@pytest.mark.parametrize("kind", ["WEBP", "PNG", "AVIF"])
async def test_a_picture_that_moves_is_known_as_one(server: Server, kind: str) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "lime", "blue")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=50)
    moving = await server.upload(out.getvalue())
    still = await server.upload(made.picture(kind))
    assert (moving["animated"], still["animated"]) == (True, False)
    assert (await server.upload(made.animation(3)))["animated"]


@pytest.mark.parametrize("size", [(1, 30_000_000), (30_000_000, 1), (1, 40_000), (40_000, 2)])
@pytest.mark.parametrize("door", ["/attachments"])
async def test_a_picture_with_an_endless_side_is_refused_before_it_is_decoded(
    server: Server, size: tuple[int, int], door: str
) -> None:
    body = made.png_that_claims(*size)
    refused = await server.as_("member").post(door, files={"file": ("thin.png", body)})
    assert refused.status_code == 400
    assert refused.json()["detail"] == "The image has a side longer than 32767 pixels."
    assert server.stored() == []
