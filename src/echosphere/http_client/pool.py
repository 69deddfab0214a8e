"""Connections to checked addresses. Loaded with the first request: httpcore takes a while."""

import ssl
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import certifi
import httpcore

from echosphere.http_client.errors import (
    ForbiddenAddressError,
    HttpClientError,
    ResponseTooLargeError,
)
from echosphere.http_client.response import Resolver, Response
from echosphere.http_client.unpack import read_packed, read_plain
from echosphere.http_client.urls import DEFAULT_PORTS, TargetUrl

MAX_CONNECTIONS = 48
"""More than the slots of all fair queues together, so that no request spends its time waiting for
a connection."""

KEEPALIVE_SECONDS = 20.0


def load_certificates() -> ssl.SSLContext:
    """Return a TLS context that trusts the certificates of certifi; it reads a large file."""
    return ssl.create_default_context(cafile=certifi.where())


class PinnedPool:
    """Sends requests over connections to checked addresses.

    Args:
        trust: The TLS context.
        is_allowed: Whether an address may be connected to.
        resolve: Resolves host names.
    """

    def __init__(
        self, trust: ssl.SSLContext, is_allowed: Callable[[str], bool], resolve: Resolver
    ) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trust,
            max_connections=MAX_CONNECTIONS,
            max_keepalive_connections=MAX_CONNECTIONS // 2,  # push services are reused
            keepalive_expiry=KEEPALIVE_SECONDS,
            network_backend=_PinnedBackend(is_allowed, resolve),
        )

    async def request(
        self,
        method: str,
        url: TargetUrl,
        headers: Mapping[str, str],
        body: bytes,
        max_bytes: int,
        *,
        truncate: bool,
        unpack: bool,
    ) -> Response:
        """Send one request and read at most `max_bytes` of the body.

        Raises:
            HttpClientError: There is no usable response.
        """
        encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
        raw_url = httpcore.URL(
            scheme=url.scheme.encode(),
            host=url.host.encode(),
            port=None if url.port == DEFAULT_PORTS[url.scheme] else url.port,
            target=url.target.encode(),
        )
        try:
            async with self._pool.stream(
                method, raw_url, headers=encoded, content=body or None
            ) as response:
                return await _read(url, response, max_bytes, truncate=truncate, unpack=unpack)
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
            raise HttpClientError(f"{type(error).__name__}: {error}") from error

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.aclose()


async def _read(
    url: TargetUrl, response: httpcore.Response, max_bytes: int, *, truncate: bool, unpack: bool
) -> Response:
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
    }
    coding = headers.get("content-encoding", "").strip().lower() or "identity"
    if coding != "identity" and not unpack:
        raise HttpClientError("the body is compressed although we did not allow it")
    length = headers.get("content-length", "")
    if not truncate and length.isdigit() and int(length) > max_bytes:
        raise ResponseTooLargeError(f"{length} bytes")
    chunks = response.aiter_stream()
    if coding == "identity":
        body = await read_plain(chunks, max_bytes)
    else:
        body = await read_packed(chunks, coding, max_bytes)
    if not (truncate or body.is_complete):
        raise ResponseTooLargeError(f"more than {max_bytes} bytes")
    return Response(url, response.status, headers, body.content, body.is_complete, body.is_readable)


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
