"""Parses a URL that a user supplied and refuses what must not be requested."""

from urllib.parse import quote, urljoin, urlsplit

import msgspec

from echosphere.http_client.errors import ForbiddenAddressError

MAX_URL = 2_000
DEFAULT_PORTS = {"http": 80, "https": 443}
_UNESCAPED = "/%:=&?~#+!$,;'@()*[]-._"


class TargetUrl(msgspec.Struct, frozen=True):
    """A parsed absolute URL.

    Attributes:
        host: The name or address as it was written, in ASCII.
        target: Path and query.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and port as in the `Host` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        """The whole URL."""
        return self.origin + self.target


def parse_url(url: str) -> TargetUrl:
    """Parse an absolute URL.

    Raises:
        ForbiddenAddressError: It is not HTTP(S), is malformed or too long, has no host, or
            contains credentials.
    """
    if len(url) > MAX_URL or any(ord(character) <= 0x20 for character in url):
        raise ForbiddenAddressError("the URL is too long or contains whitespace")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:  # includes UnicodeError
        raise ForbiddenAddressError("not a URL") from None
    if parts.scheme not in DEFAULT_PORTS or not name or "%" in name:
        raise ForbiddenAddressError("not an http or https URL with a host")
    if parts.username is not None or parts.password is not None:
        raise ForbiddenAddressError("the URL contains credentials")
    target = quote(parts.path or "/", safe=_UNESCAPED)
    if parts.query:
        target += "?" + quote(parts.query, safe=_UNESCAPED)
    default = DEFAULT_PORTS[parts.scheme]
    return TargetUrl(parts.scheme, name, default if port is None else port, target)


def resolve_reference(base: TargetUrl, reference: str) -> TargetUrl:
    """Resolve a redirect's or a page's reference against the URL it was found at.

    Raises:
        ForbiddenAddressError: As for `parse_url`.
    """
    try:
        return parse_url(urljoin(base.url, reference.strip()))
    except ValueError:
        raise ForbiddenAddressError("not a URL") from None
