"""Makes the files that tests upload: good ones, broken ones, and hostile ones."""

import io
import struct
import zlib
from collections.abc import Sequence

import pypdfium2  # type: ignore[import-untyped]
from PIL import Image

CAMERA = "A camera of somebody"


def exif(orientation: int = 1, *, personal: bool = True) -> Image.Exif:
    """What a phone writes into a picture."""
    data = Image.Exif()
    data[0x0112] = orientation
    if personal:
        data[0x010F] = CAMERA
        data.get_ifd(0x8825)[2] = (48.0, 12.0, 30.0)
    return data


def picture(
    kind: str = "PNG", size: tuple[int, int] = (60, 40), orientation: int = 1, **options: object
) -> bytes:
    """A small picture: its left half red, its right half blue."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    out = io.BytesIO()
    image.save(out, kind, exif=exif(orientation), **options)
    return out.getvalue()


def animation(frames: int, size: tuple[int, int] = (8, 8), kind: str = "GIF") -> bytes:
    """A picture that moves."""
    images = [Image.new("RGB", size, (number % 256, number // 256, 0)) for number in range(frames)]
    out = io.BytesIO()
    images[0].save(out, kind, save_all=True, append_images=images[1:], duration=20, loop=0)
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_that_claims(width: int, height: int) -> bytes:
    """A few bytes that unpack to as many pixels as one likes."""
    rows = zlib.compressobj(9)
    packed = rows.compress(bytes(1024 * 1024)) + rows.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


def document(pages: Sequence[tuple[int, int]] = ((200, 400),)) -> bytes:
    """A PDF with pages of these sizes."""
    pdf = pypdfium2.PdfDocument.new()
    for size in pages:
        pdf.new_page(*size)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def book(lines: Sequence[str], weight: int = 0) -> bytes:
    """A PDF with a line of text on each page, and so many bytes that no one looks at."""
    count = len(lines)
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    kids = b" ".join(b"%d 0 R" % (4 + index) for index in range(count))
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
        b"/Resources << /Font << /F 3 0 R >> >> >>"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        font,
        # What the pages are stands together, as writers of PDFs put it.
        *(page % (4 + count + 2 * index) for index in range(count)),
    ]
    for line in lines:
        text = b"BT /F 24 Tf 60 700 Td (%s) Tj ET" % line.encode("cp1252")
        objects += [_stream(text), _stream(bytes(weight))]
    return _assembled(objects, b"")


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def document_with_script() -> bytes:
    """A PDF that wants to run a script when it is opened."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction 4 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 50] >>",
        b"<< /S /JavaScript /JS (app.alert\\('x'\\)) >>",
    ]
    return _assembled(objects, b"")


def document_with_links(addresses: Sequence[str]) -> bytes:
    """A PDF of two pages: links below each other on the first, the last of them to the second."""
    leads = [b"/A << /S /URI /URI (%s) >>" % one.encode() for one in addresses]
    leads += [b"/A << /S /Launch /F (calc.exe) >>", b"/Dest [4 0 R /Fit]"]
    notes = b" ".join(
        b"<< /Type /Annot /Subtype /Link /Rect [20 %d 200 %d] %s >>" % (top - 12, top, lead)
        for top, lead in zip(range(380, 0, -20), leads, strict=False)
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] /Annots [%s] >>" % notes,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 400] >>",
    ]
    return _assembled(objects, b"")


def document_with_password() -> bytes:
    """A PDF that opens for no one who lacks the password."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 50] >>",
        b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (b"11" * 32, b"22" * 32),
    ]
    return _assembled(objects, b"/Encrypt 4 0 R /ID [<00> <00>]")


def _assembled(objects: Sequence[bytes], trailer: bytes) -> bytes:
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return (
        bytes(out)
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
        + b"trailer << /Size %d /Root 1 0 R %s >>\n" % (count, trailer)
        + b"startxref\n%d\n%%%%EOF\n" % len(out)
    )
