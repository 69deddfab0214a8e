"""What a stranger's URL names, taken apart and refused if we would not go there anyway."""

from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from echosphere.outside.errors import ForbiddenPlaceError

MAX_URL = 2_000
PORTS = {"http": 80, "https": 443}
_PLAIN = "/%:=&?~#+!$,;'@()*[]-._"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request goes.

    Attributes:
        host: A name or an address as it was written, in ASCII.
        target: Path and query.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and port as the header `Host` says them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """The URL without its path."""
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        """The whole URL."""
        return self.origin + self.target


def place_of(url: str) -> Place:
    """Return what an absolute URL names.

    Raises:
        ForbiddenPlaceError: Not HTTP, no host, a user's name in it, or too long.
    """
    if len(url) > MAX_URL or any(ord(character) <= 0x20 for character in url):
        raise ForbiddenPlaceError("too long, or with blanks in it")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:  # UnicodeError is one too
        raise ForbiddenPlaceError("not a URL") from None
    if parts.scheme not in PORTS or not name or "%" in name:
        raise ForbiddenPlaceError("only http and https lead outside")
    if parts.username is not None or parts.password is not None:
        raise ForbiddenPlaceError("it carries a user's name")
    target = quote(parts.path or "/", safe=_PLAIN)
    if parts.query:
        target += "?" + quote(parts.query, safe=_PLAIN)
    return Place(parts.scheme, name, PORTS[parts.scheme] if port is None else port, target)


def joined(place: Place, location: str) -> Place:
    """Return what a reference in the answer from a place names.

    Raises:
        ForbiddenPlaceError: As `place_of`.
    """
    try:
        return place_of(urljoin(place.url, location.strip()))
    except ValueError:
        raise ForbiddenPlaceError("not a URL") from None
