"""Files do not reveal where, when and with what they were made; they look and sound the same."""

import re
from pathlib import Path

import pytest

from tests.attachments.conftest import Server
from tests.media import made, recorded

PLACES = re.compile(r"gps|location|make|model|artist|creator|author|comment|serial|software", re.I)
TIMES = re.compile(r"date|time", re.I)
LENGTHS = re.compile(
    r"timescale|timecodescale|poster|preview|selection|current|duration|codec|coding|frame", re.I
)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database: what happens here happens before anything is stored in it."""
    return sqlite_url


async def _served(server: Server, path: Path, folder: Path, **query: str) -> Path:
    answer = await server.as_("member").post(
        "/attachments", files={"file": (path.name, path.read_bytes())}, params=query
    )
    assert answer.status_code == 201, answer.text
    attachment = answer.json()["attachment"]
    body = await server.as_("member").get(f"/attachments/{attachment['id']}")
    assert attachment["size"] == len(body.content)
    kept = folder / f"kept-{path.name}"
    kept.write_bytes(body.content)
    return kept


def _personal(told: dict[str, str]) -> dict[str, str]:
    """Return what is said of places, people, devices and hours; a time of zero says nothing."""
    found = {}
    for name, value in told.items():
        what = name.rpartition(":")[2]
        is_time = TIMES.search(what) and not LENGTHS.search(what) and re.search(r"[1-9]", value)
        if (PLACES.search(what) and value != "A singer") or is_time:
            found[name] = value
    return found


@pytest.mark.parametrize("name", recorded.MAKERS)
async def test_a_file_tells_nothing_and_plays_as_before(
    server: Server, name: str, tmp_path: Path
) -> None:
    original = recorded.MAKERS[name](tmp_path / name)
    content = original.read_bytes()
    assert recorded.SECRET.encode() in content
    kept = await _served(server, original, tmp_path)
    cleaned = kept.read_bytes()
    assert _personal(recorded.told_by(kept)) == {}
    for secret in (recorded.SECRET, recorded.PLACE, "2021-03-04", "2021:03:04"):
        assert secret.encode() not in cleaned
    assert recorded.decoded(kept) == recorded.decoded(original)


@pytest.mark.parametrize("name", ["song.mp3", "song.flac", "song.ogg", "song.opus", "song.m4a"])
async def test_a_song_keeps_its_name_and_a_recording_without_a_performer_does_not(
    server: Server, name: str, tmp_path: Path
) -> None:
    title = ("-metadata", "title=A song", "-metadata:s:0", "title=A song")
    singer = ("-metadata", "artist=A singer")
    song = recorded.recording(tmp_path / name, *title, *singer, inputs=recorded.SOUND)
    kept = await _served(server, song, tmp_path)
    told = {key.rpartition(":")[2]: value for key, value in recorded.told_by(kept).items()}
    assert (told.get("Title"), told.get("Artist")) == ("A song", "A singer")
    assert recorded.SECRET.encode() not in kept.read_bytes()
    memo = recorded.recording(tmp_path / f"memo-{name}", *title, inputs=recorded.SOUND)
    assert b"A song" in memo.read_bytes()
    assert b"A song" not in (await _served(server, memo, tmp_path)).read_bytes()


TURNED = ("-metadata:s:v:0", "rotate=90")
FACTS = {
    "film.mp4": (recorded.H264, "video/mp4", 96, 64, True),
    "sound.mp4": (("-map", "1", "-c:a", "aac"), "audio/mp4", None, None, True),
    "film.3gp": (recorded.H264, "video/3gpp", 96, 64, True),
    "film.mov": (recorded.H264, "video/quicktime", 96, 64, True),
    "iso3.mp4": ((*recorded.H264, "-brand", "iso3"), "video/mp4", 96, 64, True),
    "odd.mp4": ((*recorded.H264, "-brand", "XAVC"), "video/mp4", 96, 64, True),
    "film.m4a": ((*recorded.H264, "-f", "mp4", "-brand", "M4A "), "video/mp4", 96, 64, True),
    "parts.mp4": (
        (*recorded.H264, "-movflags", "frag_keyframe+empty_moov"), "video/mp4", 96, 64, False,
    ),
    "film.webm": (("-c:v", "libvpx", "-c:a", "libopus"), "video/webm", 96, 64, True),
    "sound.webm": (("-map", "1", "-c:a", "libopus"), "audio/webm", None, None, True),
    "sound.mkv": (("-map", "1", "-c:a", "flac"), "audio/x-matroska", None, None, True),
    "film.mkv": (("-c:v", "mpeg4", "-c:a", "flac"), "video/x-matroska", 96, 64, True),
    "film.avi": (("-c:v", "mpeg4"), "video/x-msvideo", 96, 64, True),
    "film.ogv": (("-c:v", "libtheora"), "video/ogg", None, None, False),
}  # fmt: skip


@pytest.mark.parametrize("name", FACTS)
async def test_tracks_tell_what_a_file_is_whatever_it_is_called(
    server: Server, name: str, tmp_path: Path
) -> None:
    options, kind, width, height, has_length = FACTS[name]
    file = recorded.recording(tmp_path / name, *options)
    attachment = await server.upload(file.read_bytes(), "a file without an ending")
    assert (attachment["type"], attachment["width"], attachment["height"]) == (kind, width, height)
    assert (900 < attachment["duration"] < 1200) if has_length else attachment["duration"] is None
    assert attachment["thumbnail_url"] is None


async def test_a_film_that_was_turned_has_the_size_at_which_it_is_shown(
    server: Server, tmp_path: Path
) -> None:
    lying = recorded.recording(tmp_path / "lying.mp4", *recorded.H264)
    upright = tmp_path / "upright.mp4"
    turned = ("-c", "copy", "-metadata:s:v:0", "rotate=90")
    recorded.run(recorded.tool("ffmpeg"), "-v", "error", "-i", lying, *turned, upright)
    attachment = await server.upload(upright.read_bytes())
    assert (attachment["width"], attachment["height"]) == (64, 96)


def _box(kind: bytes, body: bytes = b"") -> bytes:
    return (len(body) + 8).to_bytes(4) + kind + body


CANNOT_BE_CLEANED = {
    "no list of tracks": _box(b"ftyp", b"isom\0\0\0\0"),
    "a track without a description": _box(b"ftyp", b"isom\0\0\0\0")
    + _box(b"moov", _box(b"trak", _box(b"mdia"))),
    "a list that is packed": _box(b"ftyp", b"qt  \0\0\0\0") + _box(b"moov", _box(b"cmov")),
    "a box that lies about its length": _box(b"ftyp", b"isom\0\0\0\0")
    + _box(b"moov", b"\0\1\0\0trak"),
    "a picture that is none": b"GIF89a<html>",
    "half a picture": made.picture("PNG")[:90],
    "an iPhone picture without items": _box(b"ftyp", b"heic\0\0\0\0") + _box(b"meta", b"\0\0\0\0"),
    "a film of Windows": b"0&\xb2u\x8ef\xcf\x11" + bytes(40),
    "a film of a camcorder": (b"G" + bytes(187)) * 9,
    "the negative of a camera": b"II*\0\x08\0\0\0\x01\0\x12\xc6\x01\0\4\0\0\0\1\4\0\0\0\0\0\0",
    "an old sound": b"FORM\0\0\0\4AIFFCOMM",
    "a sound without its comments": b"OggS\0\2" + bytes(8) + b"serl" + bytes(8) + b"\1\x08OpusHead",
}


@pytest.mark.parametrize("what", CANNOT_BE_CLEANED)
async def test_what_cannot_be_cleaned_is_refused_and_may_be_sent_as_it_is(
    server: Server, what: str
) -> None:
    body = CANNOT_BE_CLEANED[what]
    refused = await server.refused_or_taken(body)
    assert refused.status_code == 400
    assert refused.json()["detail"].startswith("This file may reveal where, when and with what")
    assert list(refused.json()["fields"]) == ["as_it_is"]
    assert server.stored() == []
    taken = await server.as_("member").post(
        "/attachments", files={"file": ("a file", body)}, params={"as_it_is": "true"}
    )
    assert taken.status_code == 201
    served = await server.as_("member").get(f"/attachments/{taken.json()['attachment']['id']}")
    assert served.content == body


async def test_what_can_be_cleaned_is_cleaned_whatever_is_asked(
    server: Server, tmp_path: Path
) -> None:
    film = recorded.recording(tmp_path / "a.mp4", *recorded.H264)
    kept = await _served(server, film, tmp_path, as_it_is="true")
    assert recorded.SECRET.encode() not in kept.read_bytes()
