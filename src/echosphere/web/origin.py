"""The origins whose pages may send requests with a user's cookie."""

from ipaddress import ip_address
from urllib.parse import urlsplit

import msgspec

from echosphere.settings import Settings


class Origins(msgspec.Struct, frozen=True):
    """The allowed origins.

    The configured base URL is always allowed. On a loopback address (or, with a setting, on a trusted
    local network) so is the address in the `Host` header: `localhost` and `127.0.0.1` are the same
    machine. Elsewhere the header is not trusted.
    """

    base_url: str
    trust_host: bool = False

    @classmethod
    def of(cls, settings: Settings) -> "Origins":
        """Return the origins that the settings allow."""
        return cls(settings.base_url, settings.insecure_http)

    def allows(self, origin: str | None, host: str | None) -> bool:
        """Whether a page of this origin may send a request with this `Host` header."""
        if not origin:
            return False
        if origin == self.base_url:
            return True
        if not host or self.base_url.startswith("https://"):
            return False
        return origin == f"http://{host}" and (self.trust_host or _is_loopback(host))

    def is_other_address(self, origin: str | None, host: str | None) -> bool:
        """Whether a page of this server, opened at another address than the base URL, sends this."""
        return bool(host) and origin in (f"http://{host}", f"https://{host}")


def _is_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:  # clients may send any text
        return False
