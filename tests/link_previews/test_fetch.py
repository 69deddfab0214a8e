"""What is seen where a link leads: pages and pictures of a site of the test's own."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from echosphere.core.errors import Unavailable
from echosphere.http_client import SafeHttpClient
from echosphere.link_previews.fetch import PreviewFetcher
from echosphere.link_previews.preview import FetchedPreview
from echosphere.media import InspectedFile, SandboxPool
from tests.link_previews.site import Site

PAGE = """<!doctype html><html><head><meta charset="utf-8">
<title>Plain &amp; simple</title>
<meta property="og:title" content="A garden &mdash; &#x202E;in spring">
<meta name="description" content="plain">
<meta property="og:description" content="What grows,
 and what does not.">
<meta property="og:image" content="/pictures/garden.png">
<meta property="og:site_name" content="Somebody Else's Bank">
</head><body><title>Not this</title></body></html>"""


def picture(kind: str = "PNG", size: tuple[int, int] = (1440, 720)) -> bytes:
    """Return a picture that carries a secret in its metadata."""
    file = io.BytesIO()
    image = Image.new("RGB", size, "green")
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    image.save(file, kind, exif=exif)
    return file.getvalue()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A web site on this machine."""
    async with Site() as site:
        yield site


@pytest.fixture
async def sandbox() -> AsyncIterator[SandboxPool]:
    """The processes that look into strangers' files."""
    sandbox = SandboxPool(timeout_seconds=20)
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def fetcher(sandbox: SandboxPool, tmp_path: Path) -> AsyncIterator[PreviewFetcher]:
    """Looks, also at this machine."""
    http_client = SafeHttpClient.unrestricted()
    yield PreviewFetcher(http_client, sandbox, tmp_path)
    await http_client.stop()
    assert list(tmp_path.iterdir()) == []  # nothing is left behind


async def test_a_page_says_its_title_description_and_picture(
    site: Site, fetcher: PreviewFetcher
) -> None:
    url = site.says("/garden", PAGE)
    site.says("/pictures/garden.png", picture(), "image/png")
    found = await fetcher.fetch(url)
    assert found is not None
    assert found.image is not None
    assert (found.url, found.title, found.description, found.site) == (
        url,
        "A garden — in spring",
        "What grows, and what does not.",
        "127.0.0.1",
    )
    assert (found.image.width, found.image.height) == (720, 360)
    shown = Image.open(io.BytesIO(found.image.content))
    assert (shown.format, shown.size) == ("WEBP", (720, 360))
    assert b"secret" not in found.image.content


async def test_a_page_with_a_title_alone_is_enough(site: Site, fetcher: PreviewFetcher) -> None:
    found = await fetcher.fetch(site.says("/", "<title>Just\n this</title>"))
    assert found is not None
    assert (found.title, found.description, found.image) == ("Just this", "", None)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("<title>Grüße</title>".encode("iso-8859-1"), "text/html; charset=ISO-8859-1"),
        ('<meta charset="windows-1252"><title>Grüße</title>'.encode("cp1252"), "text/html"),
        ("<title>Grüße</title>".encode("utf-16"), "text/html"),
        ("<title>Grüße</title>".encode(), "text/html"),
        ("<title>Grüße</title>".encode(), "text/html; charset=unicode_escape"),
        ("<title>Grüße</title>".encode(), 'text/html; charset="utf-8"; x=y'),
    ],
)
async def test_pages_are_read_in_the_encoding_they_are_in(
    site: Site, fetcher: PreviewFetcher, content: bytes, kind: str
) -> None:
    found = await fetcher.fetch(site.says("/", content, kind))
    assert found is not None
    assert found.title == "Grüße"


async def test_a_link_to_a_picture_shows_the_picture(site: Site, fetcher: PreviewFetcher) -> None:
    found = await fetcher.fetch(site.says("/a%20cat.jpg?size=1", picture("JPEG"), "image/jpeg"))
    assert found is not None
    assert found.title == "a cat.jpg"
    assert found.image is not None


async def test_a_drawing_on_nothing_gets_a_ground_on_which_it_is_seen(
    site: Site, fetcher: PreviewFetcher
) -> None:
    drawing = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    drawing.paste("black", (0, 0, 100, 200))
    out = io.BytesIO()
    drawing.save(out, "PNG")
    found = await fetcher.fetch(site.says("/ink.png", out.getvalue(), "image/png"))
    assert found is not None
    assert found.image is not None
    shown = Image.open(io.BytesIO(found.image.content))
    assert shown.mode == "RGB"
    assert max(shown.getpixel((20, 100))) < 20  # type: ignore[arg-type]
    assert min(shown.getpixel((180, 100))) > 235  # type: ignore[arg-type]


async def test_the_beginning_of_a_long_page_is_enough(site: Site, fetcher: PreviewFetcher) -> None:
    long = "<title>Long</title></head><body>" + "x" * 3_000_000
    found = await fetcher.fetch(site.says("/", long))
    assert found is not None
    assert found.title == "Long"


async def seen_without_picture(
    site: Site, fetcher: PreviewFetcher, content: bytes, kind: str
) -> FetchedPreview:
    site.says("/p", content, kind)
    page = '<title>T</title><meta property="og:image" content="/p">'
    found = await fetcher.fetch(site.says("/", page))
    assert found is not None
    assert found.image is None
    return found


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "image/svg+xml"),
        (b"<script>alert(1)</script>", "image/png"),
        (b"\x89PNG\r\n\x1a\n and then nonsense", "image/png"),
        (b"%PDF-1.7", "image/png"),
        (b"\xff\xd8\xff" + b"x" * (5 * 1024 * 1024), "image/jpeg"),
    ],
    ids=["svg", "script", "broken", "document", "too large"],
)
async def test_files_that_are_not_pictures_are_left_out_and_the_rest_is_shown(
    site: Site, fetcher: PreviewFetcher, content: bytes, kind: str
) -> None:
    assert (await seen_without_picture(site, fetcher, content, kind)).title == "T"


async def test_a_picture_of_too_many_pixels_is_left_out(
    site: Site, fetcher: PreviewFetcher
) -> None:
    huge = picture("PNG", (6_000, 6_000))
    assert (await seen_without_picture(site, fetcher, huge, "image/png")).title == "T"


@pytest.mark.parametrize(
    "place", ["file:///etc/passwd", "http://user@127.0.0.1/", "data:image/png;base64,AAAA", "//"]
)
async def test_a_picture_elsewhere_than_on_the_web_is_not_fetched(
    site: Site, fetcher: PreviewFetcher, place: str
) -> None:
    page = f'<title>T</title><meta property="og:image" content="{place}">'
    found = await fetcher.fetch(site.says("/", page))
    assert found is not None
    assert found.image is None


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<html><body>nothing of itself</body></html>", "text/html"),
        ("", "text/html"),
        ("<title>T</title>", "text/plain"),
        ("<title>T</title>", "application/octet-stream"),
        ('{"title": "T"}', "application/json"),
        ("<title></title>", "text/html"),
        ("<!--" + "<" * 100_000, "text/html"),
        ("\0\1\2" * 1_000, "text/html"),
    ],
)
async def test_there_is_no_preview_of_what_says_nothing(
    site: Site, fetcher: PreviewFetcher, body: str, kind: str
) -> None:
    assert await fetcher.fetch(site.says("/", body, kind)) is None


async def test_an_error_page_gives_no_preview(site: Site, fetcher: PreviewFetcher) -> None:
    assert await fetcher.fetch(f"{site.address}/missing") is None


async def test_a_page_that_is_made_to_take_for_ever_is_given_up(
    site: Site, tmp_path: Path, sandbox: SandboxPool
) -> None:
    """Whoever looks into it is another process, which is ended; the next page is read as ever."""
    http_client = SafeHttpClient.unrestricted()
    fetcher = PreviewFetcher(http_client, sandbox, tmp_path, timeout_seconds=3.0)
    hostile = "<!DOCTYPE " + "<![CDATA[" * 100_000
    await fetcher.fetch(site.says("/hostile", hostile))
    found = await fetcher.fetch(site.says("/kind", "<title>Kind</title>"))
    assert found is not None
    await http_client.stop()


async def test_a_site_that_never_answers_is_given_up(
    site: Site, tmp_path: Path, sandbox: SandboxPool
) -> None:
    http_client = SafeHttpClient.unrestricted()
    site.answers["/"] = lambda _writer: asyncio.sleep(60)
    assert (
        await PreviewFetcher(http_client, sandbox, tmp_path, timeout_seconds=0.3).fetch(
            f"{site.address}/"
        )
        is None
    )
    await http_client.stop()


async def test_a_link_is_looked_at_once_a_day_and_a_failure_again_after_minutes(
    site: Site, tmp_path: Path, sandbox: SandboxPool
) -> None:
    seconds = [0.0]
    http_client = SafeHttpClient.unrestricted()
    fetcher = PreviewFetcher(http_client, sandbox, tmp_path, clock=lambda: seconds[0])
    good, bad = site.says("/good", "<title>T</title>"), f"{site.address}/bad"
    for _ in range(3):
        await fetcher.fetch(good)
        await fetcher.fetch(bad)
    assert sorted(one.path for one in site.asked) == ["/bad", "/good"]
    seconds[0] += 60 * 60
    await fetcher.fetch(good)
    await fetcher.fetch(bad)
    assert [one.path for one in site.asked[2:]] == ["/bad"]
    seconds[0] += 24 * 60 * 60
    await fetcher.fetch(good)
    assert site.asked[-1].path == "/good"
    await http_client.stop()


class Busy(SandboxPool):
    """Has no process free for pictures at first; pages are smaller."""

    busy = True

    async def inspect(
        self, path: Path, content_type: str, *, opaque: bool = False
    ) -> InspectedFile | None:
        """Wait for ever, as behind many other files, or look."""
        if self.busy:
            await asyncio.sleep(3_600)
        return await super().inspect(path, content_type, opaque=opaque)


async def test_a_picture_that_there_was_no_time_for_is_looked_at_again_soon(
    site: Site, tmp_path: Path
) -> None:
    seconds, http_client, busy = [0.0], SafeHttpClient.unrestricted(), Busy(timeout_seconds=20)
    site.says("/p", picture(), "image/png")
    url = site.says("/", '<title>T</title><meta property="og:image" content="/p">')
    fetcher = PreviewFetcher(
        http_client, busy, tmp_path, clock=lambda: seconds[0], timeout_seconds=4.0
    )
    found = await fetcher.fetch(url)
    assert found is not None
    assert (found.title, found.image, found.is_image_pending) == ("T", None, True)
    with pytest.raises(Unavailable):
        await fetcher.fetch(f"{site.address}/p")
    busy.busy = False
    assert await fetcher.fetch(url) == found
    seconds[0] += 30
    again = await fetcher.fetch(url)
    assert again is not None
    assert again.image is not None
    assert not again.is_image_pending
    alone = await fetcher.fetch(f"{site.address}/p")
    assert alone is not None
    assert alone.image is not None
    assert list(tmp_path.iterdir()) == []
    await http_client.stop()
    await busy.stop()


async def test_inner_addresses_are_not_looked_at(
    site: Site, tmp_path: Path, sandbox: SandboxPool
) -> None:
    site.says("/", "<title>Router</title>")
    http_client = SafeHttpClient(ports=None)
    assert await PreviewFetcher(http_client, sandbox, tmp_path).fetch(f"{site.address}/") is None
    assert site.asked == []
    await http_client.stop()
