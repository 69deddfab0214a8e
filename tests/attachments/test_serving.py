"""Serving files: ranges and headers."""

import pytest

from echosphere.media.headers import content_disposition
from tests.attachments.conftest import Server
from tests.media import made

BODY = b"0123456789" * 10


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database: access is decided elsewhere, here is what is served after that."""
    return sqlite_url


@pytest.fixture
async def place(server: Server) -> str:
    """The path of a small file."""
    attachment = await server.upload(BODY, "numbers")
    return f"/attachments/{attachment['id']}"


RANGES: dict[str, tuple[int, bytes, str | None]] = {
    "bytes=0-0": (206, BODY[:1], "bytes 0-0/100"),
    "bytes=10-19": (206, BODY[10:20], "bytes 10-19/100"),
    "bytes=90-": (206, BODY[90:], "bytes 90-99/100"),
    "bytes=90-5000": (206, BODY[90:], "bytes 90-99/100"),
    "bytes=-5": (206, BODY[-5:], "bytes 95-99/100"),
    "bytes=-5000": (206, BODY, "bytes 0-99/100"),
    "bytes=100-": (416, b"", "bytes */100"),
    "bytes=9999999999999999999-": (416, b"", "bytes */100"),
    "bytes=-0": (416, b"", "bytes */100"),
    "bytes=0-1,5-6": (200, BODY, None),
    "bytes=9-5": (200, BODY, None),
    "bytes=-": (200, BODY, None),
    "bytes=x": (200, BODY, None),
    "lines=0-1": (200, BODY, None),
    "bytes=" + "9" * 5000 + "-": (200, BODY, None),
}


async def test_a_range_is_answered_as_http_says(server: Server, place: str) -> None:
    for asked, (status, expected, content_range) in RANGES.items():
        answer = await server.as_("member").get(place, headers={"Range": asked})
        assert (answer.status_code, answer.content) == (status, expected), asked
        assert answer.headers.get("content-range") == content_range
        assert answer.headers["accept-ranges"] == "bytes"


async def test_what_a_browser_has_already_is_not_sent_again(server: Server, place: str) -> None:
    member = server.as_("member")
    etag = (await member.get(place)).headers["etag"]
    unchanged = await member.get(place, headers={"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["etag"] == etag
    other = await member.get(place, headers={"If-None-Match": '"another"'})
    assert other.status_code == 200
    same = {"Range": "bytes=0-3", "If-Range": etag}
    assert (await member.get(place, headers=same)).status_code == 206
    for condition in ('"another"', f"W/{etag}", "Wed, 21 Oct 2015 07:28:00 GMT"):
        changed = {"Range": "bytes=0-3", "If-Range": condition}
        assert (await member.get(place, headers=changed)).content == BODY


async def test_head_tells_the_same_without_the_bytes(server: Server, place: str) -> None:
    full = await server.as_("member").get(place)
    head = await server.as_("member").head(place)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-length", "content-type", "content-disposition", "etag"):
        assert head.headers[name] == full.headers[name]


async def test_an_image_is_shown_in_place_and_can_do_nothing(server: Server) -> None:
    attachment = await server.upload(made.picture(), 'my "picture"é.png')
    for path, kind in (("", "image/png"), ("/thumbnail", "image/webp")):
        answer = await server.as_("member").get(f"/attachments/{attachment['id']}{path}")
        assert answer.headers["content-type"] == kind
        assert answer.headers["content-disposition"].startswith("inline;")
        assert answer.headers["cache-control"] == "private, no-cache"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"


async def test_a_file_without_a_thumbnail_says_so(server: Server, place: str) -> None:
    assert (await server.as_("member").get(f"{place}/thumbnail")).status_code == 404


async def test_an_upload_that_is_not_wanted_can_be_taken_back(server: Server, place: str) -> None:
    assert (await server.as_("member").delete(place)).status_code == 204
    assert (await server.as_("member").get(place)).status_code == 404
    assert (await server.as_("member").delete(place)).status_code == 404


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plain.zip", "attachment; filename=\"plain.zip\"; filename*=UTF-8''plain.zip"),
        ("é.zip", "attachment; filename=\"_.zip\"; filename*=UTF-8''%C3%A9.zip"),
        ('a"b\\c%d', "attachment; filename=\"a_b_c_d\"; filename*=UTF-8''a%22b%5Cc%25d"),
    ],
)
def test_a_name_in_a_header_cannot_break_out(name: str, expected: str) -> None:
    assert content_disposition("application/zip", name) == expected
