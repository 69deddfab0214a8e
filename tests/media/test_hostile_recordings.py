"""Files that lie about themselves: they are cleaned or refused, in bounded memory, and no more."""

import random
import tracemalloc
from pathlib import Path

import pytest

from echosphere.media.content_type import HEAD, detect_type
from echosphere.media.sandbox.inspection import UnreadableError
from echosphere.media.sandbox.metadata.in_place import STRIPPERS, strip_in_place
from tests.media import recorded

GIGABYTE = 1024**3
EXTREMES = (b"\0\0\0\0", b"\0\0\0\1", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\x08")
SHAPES = (
    "a.mp4", "parts.mp4", "hours.mov", "a.m4a", "a.heic", "a.avif", "a.webm", "a.mkv", "a.mp3",
    "a.flac", "a.ogg", "a.wav", "a.avi", "a.tiff", "a.jp2",
)  # fmt: skip


def box(kind: bytes, *parts: bytes) -> bytes:
    """A box around others."""
    body = b"".join(parts)
    return (len(body) + 8).to_bytes(4) + kind + body


def broken(content: bytes, chance: random.Random) -> bytes:
    """The same with a few wrong bytes, or without its end."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(8, min(len(changed), 4000))
        changed[place : place + 4] = chance.choice((*EXTREMES, chance.randbytes(4)))
    return bytes(changed[: chance.choice((len(changed), chance.randrange(16, len(changed))))])


@pytest.mark.parametrize("name", SHAPES)
def test_a_broken_file_is_cleaned_or_left_as_it_was(name: str, tmp_path: Path) -> None:
    content = recorded.MAKERS[name](tmp_path / name).read_bytes()
    chance = random.Random(name)
    path = tmp_path / "broken"
    kind = detect_type(content[:HEAD])
    outcomes = set()
    for _ in range(150):
        given = broken(content, chance)
        path.write_bytes(given)
        try:
            strip_in_place(path, kind)
            outcomes.add("cleaned")
            assert path.stat().st_size <= len(given)
        except UnreadableError:
            outcomes.add("refused")
            assert path.read_bytes() == given
    assert "cleaned" in outcomes
    assert kind in STRIPPERS


@pytest.mark.parametrize("wide", [False, True])
def test_a_film_of_a_gigabyte_is_not_loaded(tmp_path: Path, *, wide: bool) -> None:
    film = recorded.recording(tmp_path / "a.mp4", *recorded.H264, *recorded.EVERY_TAG)
    small = film.read_bytes()
    start = small.index(b"moov") - 4
    large = tmp_path / "large.mp4"
    with large.open("wb") as file:
        file.write(small[: small.index(b"ftyp") - 4 + int.from_bytes(small[:4])])
        head = b"\0\0\0\1mdat" + (GIGABYTE + 16).to_bytes(8)
        file.write(head if wide else (GIGABYTE + 8).to_bytes(4) + b"mdat")
        file.seek(GIGABYTE, 1)
        file.write(small[start:])
        file.write(box(b"uuid", b"x" * 16, recorded.SECRET.encode()))
    size = large.stat().st_size
    tracemalloc.start()
    facts = strip_in_place(large, "video/mp4")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (facts.type, facts.width, facts.height) == ("video/mp4", 96, 64)
    assert peak < 8 * 1024 * 1024
    assert large.stat().st_size == size
    with large.open("rb") as file:
        file.seek(GIGABYTE)
        assert recorded.SECRET.encode() not in file.read()


FTYP = box(b"ftyp", b"isom\0\0\0\0")
ENDLESS = box(b"free") * 600_000
DEEP = b""
for _ in range(2_000):
    DEEP = box(b"moov", DEEP)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (FTYP + ENDLESS, "video/mp4"),
        (FTYP + box(b"moov", ENDLESS), "video/mp4"),
        (FTYP + DEEP, "video/mp4"),
        (FTYP + b"\0\0\0\1moov\xff\xff\xff\xff\xff\xff\xff\xff", "video/mp4"),
        (b"OggS\0\2" + bytes(20) + b"\0", "audio/ogg"),
        (b"II*\0\x08\0\0\0\0\0\x08\0\0\0", "image/tiff"),
        (b"fLaC\x04\xff\xff\xff", "audio/flac"),
        (b"\x1aE\xdf\xa3\x80\x18S\x80g\x01\xff\xff\xff\xff\xff\xff\xff\xec\xff", "video/webm"),
    ],
    ids=["endless", "endless inside", "deep", "longer than all", "empty", "circle", "flac", "open"],
)
def test_a_bomb_is_refused(content: bytes, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(content)
    with pytest.raises(UnreadableError):
        strip_in_place(path, kind)
    assert path.read_bytes() == content


def test_pictures_that_claim_to_lie_everywhere_do_not_make_it_write_for_hours(
    tmp_path: Path,
) -> None:
    count = 20_000
    infos = b"".join(box(b"infe", b"\2\0\0\0", n.to_bytes(2), b"\0\0mime\0") for n in range(count))
    places = b"".join(n.to_bytes(2) + b"\0\0\0\1\0\0\0\0\x7f\0\0\0" for n in range(count))
    meta = box(
        b"meta",
        bytes(4),
        box(b"hdlr", bytes(8), b"pict", bytes(13)),
        box(b"iinf", bytes(4), count.to_bytes(2), infos),
        box(b"iloc", bytes(4), b"\x44\0", count.to_bytes(2), places),
    )
    path = tmp_path / "bomb.heic"
    path.write_bytes(box(b"ftyp", b"heic\0\0\0\0") + meta + box(b"mdat", bytes(4_000_000)))
    size = path.stat().st_size
    assert strip_in_place(path, "image/heic").type == "image/heic"
    assert path.stat().st_size == size
