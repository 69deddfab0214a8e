"""Requests to addresses that people name: never private ones, never other than those checked."""

import asyncio
import datetime as dt
import gzip
import ssl
import threading
from collections.abc import AsyncIterator, Sequence
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from echosphere.http_client import (
    ForbiddenAddressError,
    HttpClientError,
    Response,
    ResponseTooLargeError,
    SafeHttpClient,
    is_public_address,
    parse_url,
)
from echosphere.http_client.client import resolve_with_system
from tests.link_previews.site import Site, answer

INNER = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.1", "192.0.0.192", "192.0.2.5", "198.18.0.1",
    "198.51.100.1", "203.0.113.9", "192.88.99.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:7f00:1", "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1",
    "2002:c0a8:101::", "2001:0:53aa:64c:0:5efe:7f00:1", "2001:db8::1", "fc00::1", "fd12::1",
    "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "4000::1", "100::1",
    "2606:4700::5efe:7f00:1", "2606:4700::200:5efe:a00:1", "", "localhost", "1.2.3",
]  # fmt: skip
OUTER = [
    "8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001:80e::200e",
    "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
]  # fmt: skip

NOTATIONS = [
    "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/",
    "http://0177.0.0.1/", "http://0x7f.1/", "http://localhost/", "http://LOCALHOST./",
    "http://127.0.0.1./", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
    "http://[0:0:0:0:0:ffff:7f00:1]/", "http://\uff11\uff12\uff17.\uff10.\uff10.\uff11/", "http://0/", "http://0.0.0.0/",
    "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[fe80::1]/",
    "http://[::ffff:0:127.0.0.1]/", "http://[64:ff9b::127.0.0.1]/", "http://[2002:7f00:1::]/",
    "http://127\u30020\u30020\u30021/", "http://\u2460\u2461\u2466.\u24ea.\u24ea.\u2460/",
    "http://127.0.0.1\\@8.8.8.8/", "http://127.0.0.1#@8.8.8.8/", "http://127.0.0.1?@8.8.8.8/",
    "https://127.0.0.1:80/", "http://127.0.0.1:443/", "http://017700000001/", "http://0000/",
    "http://localho\u017ft/", "http://lo\u200dcalhost/", "http://127.0.0.1\u00ad/", "http://[::]:80/",
    "http://4294967295/", "http://127.000.000.001/", "http://[64:ff9b::a9fe:a9fe]/",
]  # fmt: skip


@pytest.mark.parametrize("address", INNER)
def test_an_inner_address_is_not_outside_however_it_is_written(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize("address", OUTER)
def test_an_address_on_the_internet_is_outside(address: str) -> None:
    assert is_public_address(address)


async def get(
    outside: SafeHttpClient, url: str, max_bytes: int = 1_000, *, truncate: bool = False
) -> Response:
    return await outside.get(
        parse_url(url), accept="*/*", max_bytes=max_bytes, timeout_seconds=5, truncate=truncate
    )


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A web site on this machine."""
    async with Site() as site:
        yield site


@pytest.fixture
async def unrestricted() -> AsyncIterator[SafeHttpClient]:
    """A way out that may also lead to this machine."""
    outside = SafeHttpClient.unrestricted()
    yield outside
    await outside.stop()


@pytest.mark.parametrize("url", NOTATIONS)
async def test_no_notation_of_an_inner_address_is_visited(url: str) -> None:
    outside = SafeHttpClient()
    with pytest.raises(HttpClientError):
        await get(outside, url)
    await outside.stop()


async def test_the_same_address_is_visited_when_it_may_be(
    site: Site, unrestricted: SafeHttpClient
) -> None:
    """So that the refusals above are refusals, and not a broken client."""
    site.says("/", "hello")
    for host in (
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "[::ffff:127.0.0.1]",
        "\uff11\uff12\uff17.\uff10.\uff10.\uff11",
    ):
        assert (await get(unrestricted, f"http://{host}:{site.port}/")).body == b"hello"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "//example.org/",
        "javascript:alert(1)", "http://", "http://user@example.org/", "http://a:b@example.org/",
        "http://example.org/ with blanks", "http://exa\nmple.org/", "http://example.org:99999/",
        "http://[::1/", "http://[fe80::1%25eth0]/", "http://exa%6dple.org/",
        "http://example.org/" + "a" * 3_000,
    ],
)  # fmt: skip
def test_other_schemes_names_of_users_and_nonsense_are_no_places(url: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        parse_url(url)


@pytest.mark.parametrize("port", [22, 25, 5432, 6379, 8080, 0])
async def test_other_ports_are_not_visited(port: int) -> None:
    outside = SafeHttpClient(is_allowed=lambda _: True)
    with pytest.raises(ForbiddenAddressError, match="port"):
        await get(outside, f"http://127.0.0.1:{port}/")
    await outside.stop()


async def test_names_are_looked_up_apart_from_other_work() -> None:
    """Slow name servers hold up nothing else, and nothing else holds up this."""
    released, loop = threading.Event(), asyncio.get_running_loop()
    waiting = [loop.run_in_executor(None, released.wait) for _ in range(64)]
    assert await resolve_with_system("127.0.0.1", 80) == ["127.0.0.1"]
    assert not any(one.done() for one in waiting)
    released.set()
    await asyncio.gather(*waiting)


async def test_a_name_with_one_inner_address_among_others_is_not_visited() -> None:
    async def both(_host: str, _port: int) -> Sequence[str]:
        return ["93.184.216.34", "127.0.0.1"]

    outside = SafeHttpClient(resolve=both)
    with pytest.raises(ForbiddenAddressError):
        await get(outside, "http://two.example/")
    await outside.stop()


async def test_a_name_that_means_something_else_a_moment_later_changes_nothing(site: Site) -> None:
    """It is asked for once; the connection goes to the address that was checked."""
    site.says("/", "checked")
    asked: list[str] = []

    async def changing(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    checked: list[str] = []

    def allowed(address: str) -> bool:
        checked.append(address)
        return address == "127.0.0.1"

    outside = SafeHttpClient(allowed, None, changing)
    found = await get(outside, f"http://rebinding.example:{site.port}/")
    assert found.body == b"checked"
    assert (asked, checked) == (["rebinding.example"], ["127.0.0.1"])
    assert site.asked[0].headers["host"] == f"rebinding.example:{site.port}"
    with pytest.raises(ForbiddenAddressError):  # a new connection, a new look: now it is inner
        await get(outside, f"http://rebinding.example:{site.port}/")
    await outside.stop()


@pytest.mark.parametrize(
    "to",
    ["http://10.0.0.1/", "http://[::ffff:10.0.0.1]/", "//10.0.0.1/", "file:///etc/passwd",
     "http://user@127.0.0.1/"],
)  # fmt: skip
async def test_a_redirect_inward_is_not_followed(site: Site, to: str) -> None:
    outside = SafeHttpClient(lambda address: address == "127.0.0.1", None)
    with pytest.raises(ForbiddenAddressError):
        await get(outside, site.moves("/", to))
    await outside.stop()


async def test_three_redirects_are_followed_and_no_more(
    site: Site, unrestricted: SafeHttpClient
) -> None:
    site.moves("/1", "/2", 301)
    site.moves("/2", "3", 307)
    site.moves("/3", f"{site.address}/4", 308)
    site.says("/4", "there")
    assert (await get(unrestricted, f"{site.address}/1")).body == b"there"
    site.moves("/0", "/1")
    with pytest.raises(HttpClientError, match="redirects"):
        await get(unrestricted, f"{site.address}/0")


async def test_more_than_was_asked_for_is_refused_or_cut_off(
    site: Site, unrestricted: SafeHttpClient
) -> None:
    url = site.says("/", b"x" * 5_000)
    with pytest.raises(ResponseTooLargeError):
        await get(unrestricted, url)
    truncate = await get(unrestricted, url, truncate=True)
    assert (len(truncate.body), truncate.is_complete) == (1_000, False)


async def test_a_body_without_end_is_given_up(site: Site, unrestricted: SafeHttpClient) -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 So\r\nConnection: close\r\n\r\n")
        while True:
            writer.write(b"x" * 100_000)
            await writer.drain()

    site.answers["/"] = endless
    with pytest.raises(ResponseTooLargeError):
        await get(unrestricted, f"{site.address}/")


async def test_a_slow_answer_is_given_up(site: Site, unrestricted: SafeHttpClient) -> None:
    async def slow(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 So\r\n")
        while True:
            writer.write(b"X: x\r\n")
            await writer.drain()
            await asyncio.sleep(0.02)

    site.answers["/"] = slow
    with pytest.raises(HttpClientError):
        await unrestricted.get(
            parse_url(f"{site.address}/"), accept="*/*", max_bytes=10, timeout_seconds=0.3
        )


@pytest.mark.parametrize(
    "given",
    [
        b"", b"\r\n\r\n", b"nonsense", b"HTTP/1.1 200 So\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 So\r\nContent-Length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 So\r\n" + b"A: " + b"x" * 200_000 + b"\r\n\r\n",
        answer(200, b"\x1f\x8b", {"Content-Encoding": "gzip"}),
    ],
    ids=["nothing", "blank", "nonsense", "negative", "short", "long header", "compressed"],
)  # fmt: skip
async def test_a_broken_answer_is_no_answer(
    site: Site, unrestricted: SafeHttpClient, given: bytes
) -> None:
    site.answers["/"] = given
    with pytest.raises(HttpClientError):
        await get(unrestricted, f"{site.address}/")


@pytest.mark.parametrize(
    ("packed", "body", "is_complete", "is_readable"),
    [
        (gzip.compress(b"done"), b"done", True, True),
        (gzip.compress(b"x" * 1_000), b"x" * 1_000, True, True),
        (gzip.compress(b"x" * 50_000_000), b"x" * 1_000, False, True),
        (b"\x1f\x8b", b"", True, False),
    ],
    ids=["short", "up to the limit", "a bomb", "broken"],
)
async def test_the_answer_to_a_post_is_unpacked_within_its_limit(
    site: Site,
    unrestricted: SafeHttpClient,
    packed: bytes,
    body: bytes,
    is_complete: bool,
    is_readable: bool,
) -> None:
    site.answers["/"] = answer(200, packed, {"Content-Encoding": "gzip"})
    url = f"{site.address}/"
    given = await unrestricted.post(url, b"{}", {}, max_bytes=1_000, timeout_seconds=5.0)
    assert (given.status, given.body) == (200, body)
    assert (given.is_complete, given.is_readable) == (is_complete, is_readable)
    assert site.asked[0].headers["accept-encoding"] == "identity"


async def test_nothing_is_told_of_us_but_that_we_are(
    site: Site, unrestricted: SafeHttpClient
) -> None:
    await get(unrestricted, site.says("/", "hello"))
    assert set(site.asked[0].headers) == {"host", "user-agent", "accept-encoding", "accept"}


async def test_over_tls_the_name_in_the_greeting_and_in_the_certificate_is_the_hosts(
    tmp_path: Path,
) -> None:
    names: list[str | None] = []
    authority, server = certificates(tmp_path, "secure.example")
    server.sni_callback = lambda _socket, name, _context: names.append(name)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer(200, b"secret", {}))
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=server)
    port = listening.sockets[0].getsockname()[1]

    async def here(_host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    outside = SafeHttpClient(lambda _: True, None, here, authority)
    assert (await get(outside, f"https://secure.example:{port}/")).body == b"secret"
    with pytest.raises(HttpClientError):  # the certificate is not this one's
        await get(outside, f"https://other.example:{port}/")
    assert names == ["secure.example", "other.example"]
    await outside.stop()
    listening.close()


def certificates(folder: Path, host: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return a context that trusts a certificate for a host, and one that has it."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    file = folder / "certificate.pem"
    pem = certificate.public_bytes(Encoding.PEM)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(pem + private)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return ssl.create_default_context(cadata=pem.decode()), server


def test_the_addresses_of_these_tests_are_what_they_seem() -> None:
    outer = [one for one in OUTER if ":" not in one]
    assert all(ip_address(one).is_global for one in outer)
