"""Where events may be sent: over HTTPS to public addresses, and where the operator allows it."""

from collections.abc import Collection, Mapping
from ipaddress import ip_address

from echosphere.core.errors import Invalid
from echosphere.database import Provided
from echosphere.http_client import (
    HttpClientError,
    Response,
    SafeHttpClient,
    is_public_address,
    parse_url,
)
from echosphere.settings import IpNetwork

MAX_ANSWER = 64 * 1024
"""Bytes that are read: a reply, with escapes, may be longer than a message."""

TIMEOUT = 10.0
"""Seconds."""

NOT_A_URL = "must be an https:// address without a user name or password"
NOT_PLAIN = "must start with https://, because events contain people's messages"
NOT_PUBLIC = (
    "leads to an address that is not public. The server's operator can allow it with "
    "ECHOSPHERE_ENDPOINT_NETWORKS"
)


class Targets:
    """Sends requests to endpoints, and knows which addresses they may have.

    Args:
        networks: Addresses that the operator allows, on any port and without HTTPS.
        private: Whether all others are allowed like that, too; for development only.
    """

    def __init__(
        self,
        networks: Collection[IpNetwork],
        *,
        private: bool = False,
    ) -> None:
        self._networks = networks
        self._private = private
        self._secure = SafeHttpClient(self._may_encrypted, ports=None)
        self._plain = SafeHttpClient(self._is_listed, ports=None)

    def require_allowed(self, url: str) -> None:
        """Refuse what can be seen to lead nowhere allowed; names are resolved when something is sent.

        Raises:
            Invalid: It is no address, not encrypted, or not public.
        """
        try:
            target = parse_url(url)
        except HttpClientError:
            raise _refused(NOT_A_URL) from None
        if target.scheme == "http" and not (self._networks or self._private):
            raise _refused(NOT_PLAIN)
        allowed = self._may_encrypted if target.scheme == "https" else self._is_listed
        if _is_address(target.host) and not allowed(target.host):
            raise _refused(NOT_PUBLIC if target.scheme == "https" else NOT_PLAIN)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Response:
        """Send an event; redirects are not followed.

        Raises:
            HttpClientError: There is no response.
        """
        client = self._secure if url.lower().startswith("https:") else self._plain
        return await client.post(url, body, headers, max_bytes=MAX_ANSWER, timeout_seconds=TIMEOUT)

    async def stop(self) -> None:
        """Close all connections."""
        await self._secure.stop()
        await self._plain.stop()

    def _may_encrypted(self, address: str) -> bool:
        return is_public_address(address) or self._is_listed(address)

    def _is_listed(self, address: str) -> bool:
        if self._private:
            return True
        if not _is_address(address):  # a link-local one with a zone
            return False
        return any(ip_address(address) in network for network in self._networks)


TARGETS: Provided[Targets] = Provided("where events may be sent")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _refused(problem: str) -> Invalid:
    return Invalid(f"The field 'url' {problem}.", fields={"url": problem})
