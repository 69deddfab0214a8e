"""Which web pages may act for the people who are signed in here: only our own."""

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from echosphere.settings import Settings


@dataclass(frozen=True, slots=True)
class Origins:
    """The origins that count as our own.

    The configured base URL always does. On a loopback address (or, by an explicit setting, on a
    trusted local network) the address in the `Host` header does too: `localhost` and `127.0.0.1`
    are the same machine. Elsewhere the header is not believed.
    """

    base_url: str
    believe_host: bool = False

    @classmethod
    def of(cls, settings: Settings) -> "Origins":
        """Return the origins of this instance."""
        return cls(settings.base_url, settings.insecure_http)

    def allows(self, origin: str | None, host: str | None) -> bool:
        """Whether a page of this origin may call us, as reached under this `Host`."""
        if not origin:
            return False
        if origin == self.base_url:
            return True
        if not host or self.base_url.startswith("https://"):
            return False
        return origin == f"http://{host}" and (self.believe_host or _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:  # neither a name nor an address: callers write what they like
        return False
