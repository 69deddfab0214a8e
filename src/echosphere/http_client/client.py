"""The only HTTP client: addresses are checked and pinned; time, size and redirects are bounded."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import certifi
import httpcore

from echosphere.http_client.addresses import is_public_address
from echosphere.http_client.errors import (
    ForbiddenAddressError,
    HttpClientError,
    ResponseTooLargeError,
)
from echosphere.http_client.urls import DEFAULT_PORTS, TargetUrl, parse_url, resolve_reference

MAX_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_CONNECTIONS = 48
"""More than the slots of all fair queues together, so that no request spends its time waiting for
a connection."""

KEEPALIVE_SECONDS = 20.0

# A slow name server may take several times as long as our timeout, and a thread cannot be
# cancelled: the pool is large enough that some are left. The loop's own threads stay free.
RESOLVER_THREADS = ThreadPoolExecutor(64, thread_name_prefix="names")

# A small compressed body may unpack to any size.
DEFAULT_HEADERS = {"User-Agent": "EchoSphere", "Accept-Encoding": "identity"}

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a host and port, in the order in which to try them."""


@dataclass(frozen=True, slots=True)
class Response:
    """A response whose body was read.

    Attributes:
        url: Where it came from, after redirects.
        headers: Names in lower case; of repeated headers the last value.
        is_complete: False when the body was truncated at the limit.
    """

    url: TargetUrl
    status: int
    headers: Mapping[str, str]
    body: bytes
    is_complete: bool = True


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
        self._network = _PinnedBackend(is_allowed, resolve)
        self._pool: httpcore.AsyncConnectionPool | None = None

    @classmethod
    def unrestricted(cls) -> "SafeHttpClient":
        """Return a client that connects to every address and port; for development only."""
        return cls(is_allowed=lambda _address: True, ports=None)

    async def get(
        self,
        url: TargetUrl,
        *,
        accept: str,
        max_bytes: int,
        timeout_seconds: float,
        truncate: bool = False,
    ) -> Response:
        """Send a GET request and follow redirects, each checked like the first URL.

        Args:
            url: Where to send it.
            accept: The `Accept` header.
            max_bytes: Limit of the body.
            timeout_seconds: Limit for the whole exchange, redirects included.
            truncate: Whether a longer body is truncated instead of refused.

        Raises:
            HttpClientError: There is no usable response.
        """
        headers = {"Accept": accept}
        async with _time_limit(timeout_seconds):
            for _ in range(MAX_REDIRECTS + 1):
                response = await self._request(
                    "GET", url, headers, b"", max_bytes, truncate=truncate
                )
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

        Raises:
            HttpClientError: There is no response.
        """
        async with _time_limit(timeout_seconds):
            return await self._request(
                "POST", parse_url(url), headers, body, max_bytes, truncate=True
            )

    async def stop(self) -> None:
        """Close all connections."""
        if self._pool is not None:
            await self._pool.aclose()

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
    ) -> Response:
        self._require_allowed_port(url)
        all_headers = {"Host": url.authority, **DEFAULT_HEADERS, **headers}
        encoded = [(name.encode(), value.encode()) for name, value in all_headers.items()]
        raw_url = httpcore.URL(
            scheme=url.scheme.encode(),
            host=url.host.encode(),
            port=None if url.port == DEFAULT_PORTS[url.scheme] else url.port,
            target=url.target.encode(),
        )
        pool = await self._connections()
        try:
            async with pool.stream(
                method, raw_url, headers=encoded, content=body or None
            ) as response:
                return await _read(url, response, max_bytes, truncate=truncate)
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
            raise HttpClientError(f"{type(error).__name__}: {error}") from error

    async def _connections(self) -> httpcore.AsyncConnectionPool:
        """Create the pool on first use: loading the certificates takes a while, in a thread."""
        if self._trust is None:
            self._trust = await asyncio.to_thread(
                ssl.create_default_context, cafile=certifi.where()
            )
        if self._pool is None:
            self._pool = httpcore.AsyncConnectionPool(
                ssl_context=self._trust,
                max_connections=MAX_CONNECTIONS,
                max_keepalive_connections=MAX_CONNECTIONS // 2,  # push services are reused
                keepalive_expiry=KEEPALIVE_SECONDS,
                network_backend=self._network,
            )
        return self._pool


async def _read(
    url: TargetUrl, response: httpcore.Response, max_bytes: int, *, truncate: bool
) -> Response:
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
    }
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise HttpClientError("the body is compressed against our request")
    length = headers.get("content-length", "")
    if not truncate and length.isdigit() and int(length) > max_bytes:
        raise ResponseTooLargeError(f"{length} bytes")
    body = bytearray()
    async for chunk in response.aiter_stream():
        body += chunk
        if len(body) > max_bytes:
            if not truncate:
                raise ResponseTooLargeError(f"more than {max_bytes} bytes")
            truncated = bytes(body[:max_bytes])
            return Response(url, response.status, headers, truncated, is_complete=False)
    return Response(url, response.status, headers, bytes(body))


class _PinnedBackend(httpcore.AsyncNetworkBackend):
    """Connects only to addresses that it has checked itself."""

    def __init__(self, is_allowed: Callable[[str], bool], resolve: Resolver) -> None:
        self._is_allowed = is_allowed
        self._resolve = resolve
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._resolve(host, port)
        for address in addresses:
            if not self._is_allowed(address):
                raise ForbiddenAddressError("the host has a private address")
        failure: Exception = HttpClientError("the host has no address")
        for address in addresses:
            try:
                return await self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


@asynccontextmanager
async def _time_limit(seconds: float) -> AsyncIterator[None]:
    """Raise HttpClientError when the block takes too long."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise HttpClientError("it took too long") from None
