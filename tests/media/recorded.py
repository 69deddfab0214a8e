"""Makes films, sounds and pictures as devices write them: full of places, times and names."""

import io
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image

from tests.conftest import missing
from tests.media import made

SECRET = "Zyxgeheim"
"""Stands in every text that a device wrote."""

PLACE = "48.1234"
TAGS = (
    f"location=+{PLACE}+011.5678/", f"comment={SECRET}", f"make={SECRET}", f"title={SECRET}",
    f"com.apple.quicktime.make={SECRET}", "creation_time=2021-03-04T05:06:07Z",
    f"encoder={SECRET}",
)  # fmt: skip
FILM = ("-f", "lavfi", "-i", "testsrc=size=96x64:rate=10:duration=1")
SOUND = ("-f", "lavfi", "-i", "sine=frequency=440:duration=1")
H264 = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "-map", "0", "-map", "1")
EVERY_TAG = ("-movflags", "+use_metadata_tags")


def tool(name: str) -> str:
    """Return where a program is; without it the test skips, and fails where everything is there."""
    found = shutil.which(name)
    if found is None:
        missing(name)
    assert found is not None
    return found


def run(*command: str | Path) -> bytes:
    """Run a program that must succeed, and return what it printed."""
    ended = subprocess.run(command, check=False, capture_output=True, timeout=120)
    assert ended.returncode == 0, ended.stderr.decode(errors="replace")[-2000:]
    return ended.stdout


def recording(path: Path, *options: str | Path, inputs: tuple[str, ...] = (*FILM, *SOUND)) -> Path:
    """Make a film or a sound with ffmpeg, with everything that a device may say of itself."""
    tags = [part for tag in TAGS for part in ("-metadata", tag)]
    streams = ("-metadata:s:0", f"title={SECRET}", "-metadata:s:0", f"handler_name={SECRET}")
    run(tool("ffmpeg"), "-v", "error", "-y", *inputs, *tags, *streams, *options, path)
    return path


def with_tags(path: Path, *tags: str) -> Path:
    """Let exiftool write what phones write and ffmpeg does not."""
    run(tool("exiftool"), "-q", "-overwrite_original", *tags, path)
    return path


PHONE = (
    f"-XMP:Creator={SECRET}", f"-XMP:GPSLatitude={PLACE}", f"-Keys:GPSCoordinates={PLACE}, 11, 5",
    f"-Keys:Make={SECRET}", f"-UserData:Model={SECRET}", "-CreateDate=2021:03:04 05:06:07",
    "-TrackCreateDate=2021:03:04 05:06:07", "-MediaCreateDate=2021:03:04 05:06:07",
)  # fmt: skip
CAMERA = (
    f"-EXIF:Make={SECRET}", f"-EXIF:GPSLatitude={PLACE}", "-EXIF:GPSLatitudeRef=N",
    f"-XMP:Creator={SECRET}", "-EXIF:DateTimeOriginal=2021:03:04 05:06:07",
)  # fmt: skip


def picture(path: Path, kind: str, **options: Any) -> Path:
    """Make a picture with Pillow, with all that a camera says of it."""
    pillow_heif.register_heif_opener()
    image = Image.new("RGB", (96, 64), "red")
    image.paste("blue", (48, 0, 96, 64))
    image.save(path, kind, **options)
    return with_tags(path, *CAMERA)


def _mp3(path: Path) -> Path:
    cover = path.with_suffix(".jpg")
    cover.write_bytes(made.picture("JPEG"))
    options = ("-map", "0", "-map", "1", "-c:v", "copy", "-write_id3v1", "1")
    named = ("-metadata", "artist=A singer", "-metadata", "title=A song")
    return recording(path, *options, *named, inputs=(*SOUND, "-i", str(cover)))


def _mkv(path: Path) -> Path:
    note = path.with_suffix(".txt")
    note.write_text(SECRET)
    attached = ("-attach", str(note), "-metadata:s:t", "mimetype=text/plain")
    return recording(path, *H264, *attached)


def _with_trailer(path: Path) -> Path:
    path.write_bytes(path.read_bytes() + f"{SECRET} {PLACE}".encode() * 9)
    return path


MAKERS: dict[str, Callable[[Path], Path]] = {
    "a.mp4": lambda path: with_tags(recording(path, *H264), *PHONE),
    "tags.mp4": lambda path: recording(path, *H264, *EVERY_TAG),
    "front.mp4": lambda path: recording(path, *H264, "-movflags", "+faststart+use_metadata_tags"),
    "parts.mp4": lambda path: recording(
        path, *H264, "-movflags", "frag_keyframe+empty_moov+use_metadata_tags", "-g", "3"
    ),
    "trailer.mp4": lambda path: _with_trailer(recording(path, *H264)),
    "hours.mov": lambda path: with_tags(
        recording(path, *H264, *EVERY_TAG, "-timecode", "01:02:03:04"), *PHONE
    ),
    "a.3gp": lambda path: recording(path, *H264),
    "a.m4a": lambda path: with_tags(
        recording(path, "-c:a", "aac", inputs=SOUND), f"-UserData:Comment={SECRET}"
    ),
    "a.webm": lambda path: recording(path, "-c:v", "libvpx", "-c:a", "libopus"),
    "a.mkv": _mkv,
    "a.mp3": _mp3,
    "a.flac": lambda path: recording(path, inputs=SOUND),
    "a.ogg": lambda path: recording(path, "-c:a", "libvorbis", inputs=SOUND),
    "a.opus": lambda path: recording(path, "-c:a", "libopus", inputs=SOUND),
    "a.ogv": lambda path: recording(path, "-c:v", "libtheora", "-c:a", "libvorbis"),
    "a.wav": lambda path: recording(path, "-write_bext", "1", inputs=SOUND),
    "a.avi": lambda path: recording(path, "-c:v", "mpeg4", "-c:a", "libmp3lame"),
    "a.heic": lambda path: picture(path, "HEIF"),
    "a.avif": lambda path: picture(path, "AVIF"),
    "a.tiff": lambda path: picture(path, "TIFF", compression="raw"),
    "a.jp2": lambda path: picture(path, "JPEG2000"),
    "a.jpg": lambda path: picture(path, "JPEG"),
    "a.png": lambda path: picture(path, "PNG"),
    "a.webp": lambda path: picture(path, "WEBP", lossless=True),
    "a.gif": lambda path: with_tags(
        made_gif(path), f"-XMP:Creator={SECRET}", f"-Comment={SECRET}", f"-XMP:GPSLatitude={PLACE}"
    ),
}
"""Every format that we know, by the name of a file."""


def made_gif(path: Path) -> Path:
    """Make a picture that moves."""
    path.write_bytes(made.animation(3))
    return path


def told_by(path: Path) -> dict[str, str]:
    """Return what exiftool reads in a file, deep inside too."""
    printed = run(
        tool("exiftool"), "-ee", "-a", "-G1", "-n", "-j", "-api", "LargeFileSupport=1", path
    )
    found: list[dict[str, object]] = json.loads(printed)
    own = ("System:", "ExifTool:", "SourceFile")
    return {name: str(value) for name, value in found[0].items() if not name.startswith(own)}


def decoded(path: Path) -> str:
    """Return a hash of every picture and every sound of a file, as a player gets them."""
    if path.suffix in (".heic", ".avif", ".tiff", ".jp2", ".png", ".webp", ".jpg", ".gif"):
        pillow_heif.register_heif_opener()
        with Image.open(io.BytesIO(path.read_bytes())) as image:
            return f"{image.size} {hash(image.convert('RGB').tobytes())}"
    # The cover of a song is gone, if a camera took it.
    streams = ("-map", "0:a") if path.suffix == ".mp3" else ("-map", "0:v?", "-map", "0:a?")
    return run(
        tool("ffmpeg"), "-v", "error", "-i", path, *streams, "-f", "streamhash", "-"
    ).decode()
