"""Renders the first page of a PDF."""

from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]

from echosphere.media.sandbox.inspection import Inspection, UnreadableError

MAX_SIDE = 720
MAX_SCALE = 4.0
QUALITY = 80


def inspect_pdf(path: Path, thumbnail: Path) -> Inspection:
    """Write a thumbnail of the first page; forms and scripts are not run.

    Raises:
        UnreadableError: It is broken or needs a password.
    """
    try:
        with path.open("rb") as file:
            document = pypdfium2.PdfDocument(file)
            try:
                page = document[0]
                scale = min(MAX_SIDE / page.get_width(), MAX_SIDE / page.get_height(), MAX_SCALE)
                image = page.render(scale=scale).to_pil().convert("RGB")
            finally:
                document.close()
    except MemoryError:
        raise
    except Exception as error:  # the library raises anything on a broken document
        raise UnreadableError(str(error)) from error
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    image.save(thumbnail, "WEBP", quality=QUALITY, method=4)
    return Inspection(image.width, image.height, thumbnail=True)
