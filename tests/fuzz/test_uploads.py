"""Forms and files that are broken in ways no one thinks of."""

import io

import httpx
from hypothesis import given, strategies
from PIL import Image

from tests.fuzz.conftest import some_examples
from tests.media.made import document, exif, picture
from tests.served import Served

FORM = (
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'
    b"Content-Type: text/plain\r\n\r\nsome notes\r\n--x--\r\n"
)


def photograph(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (32, 24), "teal").save(out, kind, exif=exif())
    return out.getvalue()


FILES = [photograph("JPEG"), photograph("PNG"), photograph("WEBP"), picture(), document(), FORM]
SPOILT = strategies.tuples(
    strategies.sampled_from(FILES),
    strategies.lists(
        strategies.tuples(
            strategies.floats(0, 1), strategies.binary(max_size=6), strategies.booleans()
        ),
        max_size=6,
    ),
    strategies.floats(0.05, 1),
)


def spoil(content: bytes, changes: list[tuple[float, bytes, bool]], kept: float) -> bytes:
    """Put bytes in, or in the place of others, and cut the end off."""
    changed = bytearray(content)
    for place, new, instead in changes:
        at = int(place * len(changed))
        changed[at : at + (len(new) if instead else 0)] = new
    return bytes(changed[: max(1, int(kept * len(changed)))])


@some_examples
@given(spoilt=SPOILT)
def test_a_broken_form_is_refused_or_taken(
    served: Served, ada: httpx.Client, spoilt: tuple[bytes, list[tuple[float, bytes, bool]], float]
) -> None:
    body = spoil(FORM, *spoilt[1:])
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = ada.post("/api/v1/attachments", content=body, headers=headers)
    assert answer.status_code in (201, 400, 413, 429, 409), answer.text
    assert list((served.data / "files").rglob("*.part")) == []


@some_examples
@given(spoilt=SPOILT)
def test_a_broken_file_is_cleaned_refused_or_served_as_a_download(
    served: Served, ada: httpx.Client, spoilt: tuple[bytes, list[tuple[float, bytes, bool]], float]
) -> None:
    answer = ada.post("/api/v1/attachments", files={"file": ("x.bin", spoil(*spoilt))})
    assert answer.status_code in (201, 400, 413), answer.text
    if answer.status_code == 201:
        file = answer.json()["attachment"]
        shown = ada.get(file["url"])
        assert shown.status_code == 200
        if shown.headers["content-type"].startswith("image/"):
            assert b"A camera" not in shown.content
        assert ada.delete(f"/api/v1/attachments/{file['id']}").status_code == 204
    assert served.address
