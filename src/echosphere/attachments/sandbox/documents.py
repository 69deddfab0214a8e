"""Draws the first page of a PDF."""

from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]

from echosphere.attachments.sandbox.outcome import Look, UnreadableError

BOX = 720
MAX_SCALE = 4.0
QUALITY = 80


def look_at_document(path: Path, thumbnail: Path) -> Look:
    """Draw a PDF's first page; forms and scripts are not started.

    Raises:
        UnreadableError: It is broken or wants a password.
    """
    try:
        with path.open("rb") as file:
            document = pypdfium2.PdfDocument(file)
            try:
                page = document[0]
                scale = min(BOX / page.get_width(), BOX / page.get_height(), MAX_SCALE)
                picture = page.render(scale=scale).to_pil().convert("RGB")
            finally:
                document.close()
    except MemoryError:
        raise
    except Exception as error:  # whatever a broken document makes the library say
        raise UnreadableError(str(error)) from error
    picture.thumbnail((BOX, BOX))
    picture.save(thumbnail, "WEBP", quality=QUALITY, method=4)
    return Look(picture.width, picture.height, thumbnail=True)
