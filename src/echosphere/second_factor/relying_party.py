"""For which host passkeys of this server count; only the configured base URL says so."""

from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from echosphere.core.errors import Conflict

NoPasskeys = Literal["address", "plain_http"]


class RelyingParty(msgspec.Struct, frozen=True):
    """Whom passkeys are made for, as WebAuthn calls it.

    Attributes:
        origin: The one origin whose pages may ask for them.
        host: The relying party's id: with another one, none of the earlier passkeys fits.
        missing: Why browsers make no passkeys for this server; None if they do.
    """

    origin: str
    host: str
    missing: NoPasskeys | None = None

    @classmethod
    def of(cls, base_url: str) -> "RelyingParty":
        """Return the relying party of a base URL."""
        url = urlsplit(base_url)
        host = (url.hostname or "").rstrip(".")
        return cls(_origin(url.scheme, host, url.port), host, _missing(url.scheme, host))

    def require(self) -> None:
        """Refuse where browsers make no passkeys.

        Raises:
            Conflict: The base URL is an address of numbers, or plain HTTP.
        """
        if self.missing == "address":
            raise Conflict(
                "Passkeys need a domain name, and this server is reached by an IP address."
            )
        if self.missing == "plain_http":
            raise Conflict("Passkeys need HTTPS, and this server is reached without it.")


def passkey_host(base_url: str) -> str | None:
    """Return the host for which passkeys count on a server; None if browsers make none for it."""
    party = RelyingParty.of(base_url)
    return party.host if party.missing is None else None


def _origin(scheme: str, host: str, port: int | None) -> str:
    """Return an origin as browsers write it: without the scheme's own port."""
    usual = {"https": 443, "http": 80}[scheme]
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}" if port in (None, usual) else f"{scheme}://{name}:{port}"


def _missing(scheme: str, host: str) -> NoPasskeys | None:
    try:
        ip_address(host)
    except ValueError:
        local = host == "localhost" or host.endswith(".localhost")
        return None if scheme == "https" or local else "plain_http"
    return "address"
