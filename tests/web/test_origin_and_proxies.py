"""Which pages can act for people, and who is at the other end."""

from ipaddress import ip_network
from typing import Any

import pytest

from echosphere.web import Origins
from echosphere.web.current_user import bearer_token, session_cookie_name
from echosphere.web.proxies import ProxyHeaders, client_address

LOCAL = Origins("http://127.0.0.1:5000")
PUBLIC = Origins("https://chat.example.org")
PROXIES = (ip_network("10.0.0.0/8"), ip_network("::1/128"))


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        ("http://127.0.0.1:5000", None, True),
        ("http://127.0.0.1:5000", "anything", True),
        ("http://localhost:5000", "localhost:5000", True),
        ("http://[::1]:5000", "[::1]:5000", True),
        ("http://127.8.8.8", "127.8.8.8", True),
        (None, "localhost:5000", False),
        ("", "localhost:5000", False),
        ("null", "localhost:5000", False),
        ("http://localhost:5001", "localhost:5000", False),
        ("https://localhost:5000", "localhost:5000", False),
        ("http://evil.example", "evil.example", False),
        ("http://localhost.evil.example", "localhost.evil.example", False),
        ("http://192.168.0.7:5000", "192.168.0.7:5000", False),
        ("http://127.0.0.1:5000/", "127.0.0.1:5000", False),
        ("http://[", "[", False),
        ("http://[::1", "[::1", False),
    ],
)
def test_on_this_machine_its_own_names_are_our_pages(
    origin: str | None, host: str | None, allowed: bool
) -> None:
    assert LOCAL.allows(origin, host) is allowed


def test_in_public_only_the_configured_address_counts() -> None:
    assert PUBLIC.allows("https://chat.example.org", None)
    for origin, host in (
        ("https://evil.example", "evil.example"),
        ("http://chat.example.org", "chat.example.org"),
        ("http://localhost", "localhost"),
        ("https://chat.example.org:444", "chat.example.org"),
    ):
        assert not PUBLIC.allows(origin, host)
    trusted = Origins("http://chat.home.arpa", trust_host=True)
    assert trusted.allows("http://192.168.0.7:5000", "192.168.0.7:5000")
    assert not trusted.allows("http://evil.example", "192.168.0.7:5000")


@pytest.mark.parametrize(
    ("origin", "host", "other"),
    [
        ("http://192.168.0.7:5000", "192.168.0.7:5000", True),
        ("https://chat.home.arpa", "chat.home.arpa", True),
        ("http://evil.example", "chat.example.org", False),
        ("http://", "", False),
        ("http://None", None, False),
        (None, "chat.example.org", False),
    ],
)
def test_a_page_that_was_opened_at_another_address_is_known_as_such(
    origin: str | None, host: str | None, other: bool
) -> None:
    assert PUBLIC.is_other_address(origin, host) is other


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("192.0.2.1", "198.51.100.9", "192.0.2.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.9", "198.51.100.9"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.9", "198.51.100.9"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.9, 10.2.3.4", "198.51.100.9"),
        ("10.0.0.1", "10.9.9.9, 10.2.3.4", "10.9.9.9"),
        ("10.0.0.1", "garbage", "10.0.0.1"),
        ("10.0.0.1", "1.1.1.1, garbage", "10.0.0.1"),
        ("10.0.0.1", ",, ,", "10.0.0.1"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:10.0.0.1", "198.51.100.9", "198.51.100.9"),
        ("", "198.51.100.9", ""),
    ],
)
def test_forwarded_addresses_count_as_far_as_our_proxies_vouch(
    peer: str, forwarded: str, found: str
) -> None:
    assert client_address(peer, {"x-forwarded-for": forwarded}, PROXIES) == found


@pytest.mark.parametrize(
    ("peer", "scheme", "expected"),
    [
        ("10.0.0.1", b"https", ("198.51.100.9", "https")),
        ("10.0.0.1", b"javascript", ("198.51.100.9", "http")),
        ("192.0.2.1", b"https", ("192.0.2.1", "http")),
    ],
)
async def test_the_parts_see_the_client_behind_a_proxy(
    peer: str, scheme: bytes, expected: tuple[str, str]
) -> None:
    seen: list[Any] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append((scope["client"][0], scope["scheme"]))

    scope = {
        "type": "http",
        "client": (peer, 1),
        "scheme": "http",
        "headers": [
            (b"x-forwarded-for", b"1.1.1.1"),
            (b"X-Forwarded-For", b"198.51.100.9"),
            (b"x-forwarded-proto", scheme),
        ],
    }
    await ProxyHeaders(app, PROXIES)(scope, None, None)
    assert seen == [expected]


async def test_the_log_names_a_proxy_near_by_that_is_not_trusted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        pass

    served = ProxyHeaders(app, PROXIES)
    forwarded = [(b"x-forwarded-for", b"198.51.100.9")]
    for peer, headers in (
        ("10.0.0.1", forwarded),  # trusted
        ("8.8.8.8", forwarded),  # a stranger, who may send anything
        ("192.168.7.7", []),  # no proxy
        ("192.168.7.8", forwarded),
        ("192.168.7.8", forwarded),
        ("", forwarded),
    ):
        await served({"type": "http", "client": (peer, 1), "scheme": "http", "headers": headers}, None, None)  # fmt: skip
    [told] = [record.getMessage() for record in caplog.records]
    assert "192.168.7.8" in told
    assert "ECHOSPHERE_TRUSTED_PROXIES" in told


def test_a_bearer_token_is_read_in_one_way_only() -> None:
    for given, token in (
        ("Bearer abc", "abc"),
        ("bearer abc", "abc"),
        ("Bearer  abc ", "abc"),
        ("Bearer", None),
        ("Bearer ", None),
        ("Basic abc", None),
        ("abc", None),
        ("", None),
    ):
        assert bearer_token({"authorization": given}) == token
    assert bearer_token({}) is None


def test_the_cookies_name_keeps_other_hosts_out_on_https() -> None:
    assert session_cookie_name(secure=True) == "__Host-echosphere_session"
    assert session_cookie_name(secure=False) == "echosphere_session"
