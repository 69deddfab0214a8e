"""The only HTTP client: addresses are checked and pinned; time, size and redirects are bounded."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from echosphere.core import tracing
from echosphere.http_client.addresses import is_public_address
from echosphere.http_client.errors import ForbiddenAddressError, HttpClientError, TimedOutError
from echosphere.http_client.response import Resolver, Response
from echosphere.http_client.urls import DEFAULT_PORTS, TargetUrl, parse_url, resolve_reference

if TYPE_CHECKING:
    from echosphere.http_client.pool import PinnedPool

MAX_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# A slow name server may take several times as long as our timeout, and a thread cannot be
# cancelled: the pool is large enough that some are left. The loop's own threads stay free.
RESOLVER_THREADS = ThreadPoolExecutor(64, thread_name_prefix="names")

# A small compressed body may unpack to any size.
DEFAULT_HEADERS = {"User-Agent": "EchoSphere", "Accept-Encoding": "identity"}


async def resolve_with_system(host: str, port: int) -> Sequence[str]:
    """Resolve a host with the system's resolver, which also understands odd address notations."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.run_in_executor(
            RESOLVER_THREADS, socket.getaddrinfo, host, port, socket.AF_UNSPEC, socket.SOCK_STREAM
        )
    except (OSError, UnicodeError) as error:
        raise HttpClientError(f"the host name cannot be resolved: {error}") from error
    return [str(address[0]) for *_, address in found]


class SafeHttpClient:
    """Sends requests to URLs that users supplied (protection against SSRF).

    A host is resolved once, all of its addresses are checked, and the connection goes to one of
    the checked addresses, so DNS rebinding has no effect. `Host` and the TLS server name stay the
    host's name.

    Args:
        is_allowed: Whether an address may be connected to.
        ports: The allowed ports; None allows all.
        resolve: Resolves host names.
        trust: The TLS context; None trusts the certificates of certifi.
    """

    def __init__(
        self,
        is_allowed: Callable[[str], bool] = is_public_address,
        ports: frozenset[int] | None = frozenset(DEFAULT_PORTS.values()),
        resolve: Resolver = resolve_with_system,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._ports = ports
        self._trust = trust
        self._is_allowed = is_allowed
        self._resolve = resolve
        self._pool: PinnedPool | None = None

    @classmethod
    def unrestricted(cls) -> "SafeHttpClient":
        """Return a client that connects to every address and port; for development only."""
        return cls(is_allowed=lambda _address: True, ports=None)

    @classmethod
    def reaching(cls, *, private: bool) -> "SafeHttpClient":
        """Return an unrestricted client, or one for the public internet."""
        return cls.unrestricted() if private else cls()

    @classmethod
    def to_any_port(cls, trust: ssl.SSLContext | None, *, private: bool) -> "SafeHttpClient":
        """Return a client for URLs of the operator: on any port, and to private addresses if asked."""
        if private:
            return cls(is_allowed=lambda _address: True, ports=None, trust=trust)
        return cls(ports=None, trust=trust)

    async def get(
        self,
        url: TargetUrl,
        *,
        accept: str,
        max_bytes: int,
        timeout_seconds: float,
        truncate: bool = False,
        headers: Mapping[str, str] | None = None,
        redirects: int = MAX_REDIRECTS,
    ) -> Response:
        """Send a GET request and follow redirects, each checked like the first URL.

        Args:
            url: Where to send it.
            accept: The `Accept` header.
            max_bytes: Limit of the body.
            timeout_seconds: Limit for the whole exchange, redirects included.
            truncate: Whether a longer body is truncated instead of refused.
            headers: Further headers, which redirects get as well.
            redirects: How many redirects are followed.

        Raises:
            HttpClientError: There is no usable response.
        """
        given = {"Accept": accept, **(headers or {})}
        async with _time_limit(timeout_seconds):
            for _ in range(redirects + 1):
                response = await self._request("GET", url, given, b"", max_bytes, truncate=truncate)
                if response.status not in REDIRECTS or "location" not in response.headers:
                    return response
                url = resolve_reference(url, response.headers["location"])
            raise HttpClientError("too many redirects")

    async def post(
        self,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
        *,
        max_bytes: int,
        timeout_seconds: float,
    ) -> Response:
        """Send a POST request; redirects are not followed, a longer response body is truncated.

        What was done is done, however its answer is packed: a body that is compressed against our
        request is unpacked within the same limit, and one that cannot be is no failure.

        Raises:
            HttpClientError: There is no response.
        """
        async with _time_limit(timeout_seconds):
            return await self._request(
                "POST", parse_url(url), headers, body, max_bytes, truncate=True, unpack=True
            )

    async def stop(self) -> None:
        """Close all connections."""
        if self._pool is not None:
            await self._pool.close()

    def _require_allowed_port(self, url: TargetUrl) -> None:
        if self._ports is not None and url.port not in self._ports:
            raise ForbiddenAddressError(f"port {url.port}")

    async def _request(
        self,
        method: str,
        url: TargetUrl,
        headers: Mapping[str, str],
        body: bytes,
        max_bytes: int,
        *,
        truncate: bool,
        unpack: bool = False,
    ) -> Response:
        self._require_allowed_port(url)
        all_headers = {"Host": url.authority, **DEFAULT_HEADERS, **headers}
        pool = await self._connections()
        # Neither whom we ask nor that this is part of a trace is anyone else's business.
        with tracing.span("request", {"http.request.method": method}, kind="client"):
            return await pool.request(
                method, url, all_headers, body, max_bytes, truncate=truncate, unpack=unpack
            )

    async def _connections(self) -> "PinnedPool":
        """Create the pool on first use, in a thread: its modules and certificates take a while."""
        if self._pool is None:
            pool = await asyncio.to_thread(_open_pool, self._trust, self._is_allowed, self._resolve)
            self._pool = self._pool or pool  # another request may have been quicker
        return self._pool


def _open_pool(
    trust: ssl.SSLContext | None, is_allowed: Callable[[str], bool], resolve: Resolver
) -> "PinnedPool":
    from echosphere.http_client.pool import (  # noqa: PLC0415 - 50 ms that a start need not wait
        PinnedPool,
        load_certificates,
    )

    return PinnedPool(trust or load_certificates(), is_allowed, resolve)


@asynccontextmanager
async def _time_limit(seconds: float) -> AsyncIterator[None]:
    """Raise TimedOutError when the block takes too long."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise TimedOutError("it took too long") from None
