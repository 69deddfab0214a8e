"""The files that the sample team sends each other, drawn here: pictures, a document, a table."""

import math
from collections.abc import Callable
from io import BytesIO

import msgspec
from PIL import Image, ImageDraw, ImageFont

from echosphere.commands.sample_voice import voice

Colour = tuple[int, int, int]
Point = tuple[float, float]

FINER = 2
"""Pictures are drawn larger and then made smaller: edges become smooth."""

PAPER: Colour = (250, 248, 243)
INK: Colour = (38, 50, 56)
GREY: Colour = (120, 130, 136)
TEAL: Colour = (15, 118, 110)
AMBER: Colour = (245, 158, 11)
ROSE: Colour = (190, 70, 86)
SAND: Colour = (233, 222, 200)


class Sheet:
    """A picture in the making; sizes are in pixels of the finished one."""

    def __init__(self, width: int, height: int, colour: Colour = PAPER) -> None:
        self._size = (width, height)
        self._image = Image.new("RGB", (width * FINER, height * FINER), colour)
        self._draw = ImageDraw.Draw(self._image)

    def box(self, left: float, top: float, right: float, bottom: float, fill: Colour) -> None:
        """Fill a rectangle with rounded corners."""
        self._draw.rounded_rectangle(_scaled((left, top, right, bottom)), 10 * FINER, fill)

    def frame(self, left: float, top: float, right: float, bottom: float, width: int = 4) -> None:
        """Draw the outline of a rectangle."""
        self._draw.rectangle(_scaled((left, top, right, bottom)), outline=INK, width=width * FINER)

    def disc(self, x: float, y: float, radius: float, fill: Colour) -> None:
        """Fill a circle."""
        self._draw.ellipse(_scaled((x - radius, y - radius, x + radius, y + radius)), fill)

    def shape(self, points: list[Point], fill: Colour) -> None:
        """Fill a polygon."""
        self._draw.polygon([(x * FINER, y * FINER) for x, y in points], fill)

    def line(self, points: list[Point], colour: Colour, width: int = 3) -> None:
        """Draw a line through points."""
        self._draw.line(
            [(x * FINER, y * FINER) for x, y in points], colour, width * FINER, joint="curve"
        )

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: int,
        colour: Colour = INK,
        *,
        middle: bool = False,
    ) -> None:
        """Write; `x`, `y` is the left end of the line's middle, or the middle of the text."""
        font = ImageFont.load_default(size * FINER)
        self._draw.multiline_text(
            (x * FINER, y * FINER),
            text,
            colour,
            font,
            anchor="mm" if middle else "lm",
            align="center" if middle else "left",
        )

    def finished(self) -> Image.Image:
        """Return the picture."""
        return self._image.resize(self._size, Image.Resampling.LANCZOS)


def harbour() -> bytes:
    """A photograph, nearly: hills, a low sun and a boat on still water."""
    sheet = Sheet(1600, 1000)
    for y in range(0, 620, 2):
        sheet.line([(0, y), (1600, y)], _between((44, 62, 108), (255, 190, 122), y / 620))
    for ring in range(12, 0, -1):
        sheet.disc(1080, 520, 62 + ring * 14, _between((255, 226, 160), (255, 190, 122), ring / 12))
    sheet.disc(1080, 520, 62, (255, 240, 205))
    sheet.shape(_ridge(560, 60, 330, 0.4), (104, 92, 128))
    sheet.shape(_ridge(590, 44, 210, 2.1), (72, 66, 104))
    for y in range(620, 1000, 2):
        sheet.line([(0, y), (1600, y)], _between((214, 150, 118), (28, 42, 78), (y - 620) / 380))
    for step in range(34):
        y, half = 628 + step * 10, 70 + 26 * math.sin(step * 1.9) - step
        sheet.line([(1080 - half, y), (1080 + half, y)], (255, 218, 164), 4)
    _boat(sheet, 520, 700)
    return _jpeg(sheet)


def floor_plan() -> bytes:
    """The hall seen from above, with who sits where."""
    sheet = Sheet(1400, 960)
    sheet.text(60, 60, "Open day: who sits where", 38)
    sheet.frame(60, 120, 1340, 880, 6)
    tables = [
        (100, 160, 480, 340, "Electronics", TEAL),
        (100, 400, 480, 580, "Radios and toasters", TEAL),
        (100, 640, 480, 820, "Sewing", ROSE),
        (560, 160, 900, 340, "Welcome desk", AMBER),
        (980, 160, 1300, 340, "Books and lamps", GREY),
        (980, 400, 1300, 820, "Coffee and cake", AMBER),
    ]
    for left, top, right, bottom, label, colour in tables:
        sheet.box(left, top, right, bottom, colour)
        sheet.text((left + right) / 2, (top + bottom) / 2, label, 28, PAPER, middle=True)
    for x, y in [(590, 480), (700, 480), (810, 480), (590, 600), (700, 600), (810, 600)]:
        sheet.disc(x + 30, y, 30, SAND)
    sheet.text(730, 700, "chairs for those who wait", 24, GREY, middle=True)
    sheet.box(640, 866, 820, 894, PAPER)
    sheet.text(730, 915, "entrance, bicycles outside", 24, GREY, middle=True)
    return _png(sheet)


def poster() -> bytes:
    """The poster of the open day."""
    sheet = Sheet(900, 1270, TEAL)
    sheet.disc(450, 520, 290, (20, 142, 132))
    sheet.shape([(300, 420), (600, 420), (560, 690), (340, 690)], PAPER)
    sheet.line([(598, 460), (690, 470), (680, 590), (575, 610)], PAPER, 26)
    sheet.box(270, 700, 630, 728, PAPER)
    for place, x in enumerate((380, 450, 520)):
        wave = [(x + 16 * math.sin(step / 5 + place), 380 - step * 4) for step in range(36)]
        sheet.line([(px, py) for px, py in wave], AMBER, 10)
    sheet.text(450, 130, "WE REPAIR", 92, PAPER, middle=True)
    sheet.text(450, 560, "bring it\nbefore you\nbin it", 44, TEAL, middle=True)
    sheet.text(450, 900, "Open day", 76, AMBER, middle=True)
    sheet.text(450, 1000, "9 to 17, Harbour Street 14", 44, PAPER, middle=True)
    sheet.text(450, 1100, "Toasters, trousers, bicycles, radios", 34, PAPER, middle=True)
    sheet.text(450, 1160, "Coffee and cake while you wait", 34, PAPER, middle=True)
    return _png(sheet)


def visitors() -> bytes:
    """A chart: how many came to each open day."""
    sheet = Sheet(1200, 680)
    sheet.text(70, 60, "Visitors at our open days", 36)
    counts = [48, 71, 39, 88, 112, 131]
    for value in (0, 50, 100, 150):
        y = 590 - value * 3
        sheet.line([(110, y), (1140, y)], (222, 224, 220), 2)
        sheet.text(60, y, str(value), 22, GREY)
    for place, count in enumerate(counts):
        x = 150 + place * 168
        colour = ROSE if count == min(counts) else TEAL
        sheet.box(x, 590 - count * 3, x + 110, 590, colour)
        sheet.text(x + 55, 568 - count * 3, str(count), 26, INK, middle=True)
        sheet.text(x + 55, 620, f"{place + 1}.", 24, GREY, middle=True)
    return _png(sheet)


def notes() -> bytes:
    """Two pages of notes as a PDF."""
    first = _page(
        "Notes of the planning evening",
        [
            "There: all six of us",
            "",
            "1.  Hall: ours from 9 to 17, key code changes the day before",
            "2.  Tables: as in the plan, sewing and books swapped",
            "3.  Posters: Aylin draws, forty copies in A3",
            "4.  Cake: Kofi, fifty pieces, one of them vegan chocolate",
            "5.  Spare parts: Jonas keeps the list and buys",
            "6.  Bicycles: outside, inside if it rains",
        ],
    )
    second = _page(
        "Who does what",
        [
            "Mira      welcome desk, slips for each repair",
            "Jonas     electronics, brings two power strips",
            "Aylin     sewing, brings the good lamp",
            "Tomas     bicycles, brings both stands",
            "Priya     cash box, numbers for the council",
            "Kofi      coffee, the van, the top shelf",
            "",
            "Next evening to prepare: the day before, from six.",
        ],
    )
    file = BytesIO()
    first.save(file, "PDF", save_all=True, append_images=[second], resolution=96)
    return file.getvalue()


def spare_parts() -> bytes:
    """A table as text."""
    rows = [
        "part,have,need",
        "fuse 1 A,6,10",
        "fuse 2.5 A,3,10",
        "mains cable 2 m,2,4",
        "brake cable,1,4",
        "patches,8,30",
        "needles jeans 100,0,20",
        "capacitor 47 nF 630 V,4,6",
    ]
    return "\n".join(rows).encode() + b"\n"


def cup() -> bytes:
    """The cup of the poster alone: the sign of the group."""
    sheet = Sheet(512, 512, TEAL)
    sheet.disc(256, 270, 190, (20, 142, 132))
    sheet.shape([(160, 210), (340, 210), (318, 380), (182, 380)], PAPER)
    sheet.line([(338, 236), (392, 242), (386, 322), (326, 334)], PAPER, 18)
    sheet.box(140, 388, 360, 406, PAPER)
    for place, x in enumerate((208, 250, 292)):
        wave = [(x + 10 * math.sin(step / 4 + place), 188 - step * 3) for step in range(30)]
        sheet.line([(px, py) for px, py in wave], AMBER, 7)
    return _png(sheet)


def poster_at_night() -> bytes:
    """A second version of the poster, in dark colours."""
    sheet = Sheet(900, 1270, (22, 32, 46))
    sheet.disc(450, 520, 290, (38, 54, 76))
    sheet.shape([(300, 420), (600, 420), (560, 690), (340, 690)], AMBER)
    sheet.line([(598, 460), (690, 470), (680, 590), (575, 610)], AMBER, 26)
    sheet.box(270, 700, 630, 728, AMBER)
    for place, x in enumerate((380, 450, 520)):
        wave = [(x + 16 * math.sin(step / 5 + place), 380 - step * 4) for step in range(36)]
        sheet.line([(px, py) for px, py in wave], ROSE, 10)
    sheet.text(450, 130, "WE REPAIR", 92, PAPER, middle=True)
    sheet.text(450, 900, "Open day", 76, AMBER, middle=True)
    sheet.text(450, 1000, "9 to 17, Harbour Street 14", 44, PAPER, middle=True)
    return _png(sheet)


class Portrait(msgspec.Struct, frozen=True):
    """How someone is drawn."""

    ground: Colour
    skin: Colour
    hair: Colour
    clothes: Colour
    long_hair: bool = False

    def draw(self) -> bytes:
        """A head with hair above shoulders, in flat colours."""
        sheet = Sheet(512, 512, self.ground)
        if self.long_hair:
            sheet.disc(256, 236, 138, self.hair)
            sheet.box(126, 236, 386, 420, self.hair)
        else:
            sheet.disc(256, 206, 122, self.hair)
        sheet.disc(256, 560, 214, self.clothes)
        sheet.box(216, 300, 296, 400, self.skin)
        sheet.disc(256, 244, 104, self.skin)
        sheet.shape([(152, 226), (360, 226), (330, 150), (256, 122), (176, 152)], self.hair)
        for x in (220, 292):
            sheet.disc(x, 256, 9, INK)
        smile = [(216 + step * 4, 296 + 16 * math.sin(step * math.pi / 20)) for step in range(21)]
        sheet.line([(x, y) for x, y in smile], INK, 6)
        return _jpeg(sheet)


PORTRAITS = {
    "mira": Portrait((250, 214, 165), (246, 205, 175), (178, 84, 42), (15, 118, 110), True),
    "jonas": Portrait((178, 208, 224), (240, 196, 164), (94, 72, 54), (48, 74, 110)),
    "aylin": Portrait((232, 196, 208), (222, 172, 136), (40, 30, 30), (150, 62, 96), True),
    "priya": Portrait((206, 222, 190), (176, 122, 84), (26, 22, 26), (196, 110, 36), True),
}

AVATARS: dict[str, Callable[[], bytes]] = {
    f"face-{name}.jpg": portrait.draw for name, portrait in PORTRAITS.items()
}
"""Pictures of people; the others are sent in messages."""

FILES: dict[str, Callable[[], bytes]] = {
    "cup.png": cup,
    "poster-night.png": poster_at_night,
    "voice-message.wav": voice,
    "floor-plan.png": floor_plan,
    "harbour-at-dusk.jpg": harbour,
    "notes-planning-evening.pdf": notes,
    "poster.png": poster,
    "spare-parts.csv": spare_parts,
    "visitors.png": visitors,
}


def _page(title: str, lines: list[str]) -> Image.Image:
    sheet = Sheet(794, 1123, (255, 255, 255))
    sheet.text(70, 110, title, 34)
    sheet.line([(70, 150), (724, 150)], TEAL, 4)
    for place, line in enumerate(lines):
        sheet.text(70, 210 + place * 46, line, 21)
    return sheet.finished()


def _ridge(base: float, height: float, width: float, start: float) -> list[Point]:
    """Return hills from the left edge to the right, down to the water."""
    tops: list[Point] = [
        (x, base - height * (1 + math.sin(x / width + start) + 0.4 * math.sin(x / 61 + start)) / 2)
        for x in range(0, 1601, 10)
    ]
    return [(0, 622), *tops, (1600, 622)]


def _boat(sheet: Sheet, x: float, y: float) -> None:
    dark: Colour = (30, 32, 52)
    sheet.shape([(x - 110, y), (x + 120, y), (x + 84, y + 42), (x - 80, y + 42)], dark)
    sheet.line([(x, y), (x, y - 210)], dark, 6)
    sheet.shape([(x + 8, y - 200), (x + 8, y - 18), (x + 104, y - 18)], (242, 226, 208))
    sheet.shape([(x - 8, y - 180), (x - 8, y - 18), (x - 78, y - 18)], (226, 196, 180))
    sheet.shape(
        [(x - 80, y + 46), (x + 84, y + 46), (x + 40, y + 84), (x - 40, y + 84)], (58, 58, 88)
    )


def _between(one: Colour, other: Colour, part: float) -> Colour:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _scaled(edges: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = edges
    return left * FINER, top * FINER, right * FINER, bottom * FINER


def _png(sheet: Sheet) -> bytes:
    file = BytesIO()
    sheet.finished().save(file, "PNG", optimize=True)
    return file.getvalue()


def _jpeg(sheet: Sheet) -> bytes:
    file = BytesIO()
    sheet.finished().save(file, "JPEG", quality=88)
    return file.getvalue()
