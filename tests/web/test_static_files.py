"""The files of the client are compressed at build time and served as the browser accepts them."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from quart import Quart

from echosphere.web.errors import handle_errors
from echosphere.web.pages import STATIC
from echosphere.web.static import serve_static

SCRIPT = b"export const words = 'a script that is worth compressing';\n" * 40
AS_BROTLI = b"the Brotli form"
AS_GZIP = gzip.compress(SCRIPT)


@pytest.fixture
async def browser(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Someone who asks for a folder with one compressed file, one that is not, and a font."""
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "app.js").write_bytes(SCRIPT)
    (folder / "app.js.br").write_bytes(AS_BROTLI)
    (folder / "app.js.gz").write_bytes(AS_GZIP)
    (folder / "plain.css").write_bytes(b"p {}")
    (folder / "letters.woff2").write_bytes(b"wOF2")
    (folder / "backup.gz").write_bytes(b"a file of its own")
    (tmp_path / "secret.txt").write_bytes(b"outside")
    app = Quart("echosphere.web", static_folder=None)
    app.url_map.merge_slashes = False  # as in the product
    handle_errors(app)
    serve_static(app, folder)
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


@pytest.mark.parametrize(
    ("accepted", "encoding", "length"),
    [
        ("br, gzip", "br", len(AS_BROTLI)),
        ("gzip, deflate, br, zstd", "br", len(AS_BROTLI)),
        ("gzip", "gzip", len(AS_GZIP)),
        ("br;q=0, gzip;q=0.5", "gzip", len(AS_GZIP)),
        ("*", "br", len(AS_BROTLI)),
        ("identity", None, len(SCRIPT)),
        ("br;q=0", None, len(SCRIPT)),
        ("", None, len(SCRIPT)),
        ("zstd", None, len(SCRIPT)),
    ],
)
async def test_a_browser_gets_the_best_form_that_it_accepts(
    browser: httpx.AsyncClient, accepted: str, encoding: str | None, length: int
) -> None:
    response = await browser.head("/static/app.js", headers={"accept-encoding": accepted})
    assert response.status_code == 200
    assert response.headers.get("content-encoding") == encoding
    assert response.headers["content-length"] == str(length)
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["vary"].lower() == "accept-encoding"


async def test_what_is_unpacked_is_the_file(browser: httpx.AsyncClient) -> None:
    response = await browser.get("/static/app.js", headers={"accept-encoding": "gzip"})
    assert response.content == SCRIPT


async def test_each_form_is_asked_for_again_by_its_own_tag(browser: httpx.AsyncClient) -> None:
    tags = {}
    for accepted in ("br", "gzip", "identity"):
        headers = {"accept-encoding": accepted}
        first = await browser.head("/static/app.js", headers=headers)
        again = await browser.get(
            "/static/app.js", headers={**headers, "if-none-match": first.headers["etag"]}
        )
        assert again.status_code == 304
        tags[accepted] = first.headers["etag"]
    assert len(set(tags.values())) == 3


async def test_types_do_not_depend_on_the_table_of_the_system(browser: httpx.AsyncClient) -> None:
    font = await browser.get("/static/letters.woff2")
    style = await browser.get("/static/plain.css")
    assert font.headers["content-type"] == "font/woff2"
    assert style.headers["content-type"].startswith("text/css")
    assert "content-encoding" not in style.headers


@pytest.mark.parametrize(
    "path",
    [
        "app.js.br",  # only a form of another file
        "app.js.gz",
        "",
        "nothing.js",
        "a" * 256,
        "a" * 5_000,
        "%00",
        "a%00.js",
        "..%2Fsecret.txt",
        "..%5Csecret.txt",
        "%2E%2E/secret.txt",
        "/etc/passwd",
        "%FF%FE",
        "app.js/",
    ],
)
async def test_what_is_not_a_file_of_the_folder_is_not_found(
    browser: httpx.AsyncClient, path: str
) -> None:
    response = await browser.get(f"/static/{path}", headers={"accept-encoding": "br, gzip"})
    assert response.status_code == 404
    assert b"outside" not in response.content


async def test_a_packed_file_of_its_own_keeps_its_address(browser: httpx.AsyncClient) -> None:
    response = await browser.get("/static/backup.gz")
    assert response.status_code == 200
    assert response.content == b"a file of its own"


def test_the_build_made_both_forms_of_every_script_and_style() -> None:
    files = [path for path in STATIC.rglob("*") if path.suffix in (".js", ".css")]
    large = [path for path in files if path.stat().st_size > 4_000]
    assert large
    missing = [
        path.name
        for path in large
        for ending in (".br", ".gz")
        if not path.with_name(path.name + ending).is_file()
    ]
    assert missing == []
