"""The only way from the server to places that people name: checked, pinned, bounded."""

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

from echosphere.outside.addresses import is_outside
from echosphere.outside.errors import ForbiddenPlaceError, OutsideError, TooMuchError
from echosphere.outside.places import PORTS, Place, joined, place_of

MAX_REDIRECTS = 3
MOVED = frozenset({301, 302, 303, 307, 308})
AT_ONCE = 48
"""Connections that are open at the same time: more than all who use this together have turns, so
that nobody's time passes while they wait for one."""

KEPT_OPEN = 20.0
"""Seconds for which an idle connection is kept."""

# Strangers' name servers may be slow for several times as long as we wait, and a thread cannot be
# told to give up: there are so many that some are left. The loop's own threads have other work.
NAMES = ThreadPoolExecutor(64, thread_name_prefix="names")

# Compressed answers would have to be unpacked: a small one may unpack to anything.
ALWAYS = {"User-Agent": "EchoSphere", "Accept-Encoding": "identity"}

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a host, in the order in which to try them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Attributes:
        place: Where it came from, after redirects.
        headers: Names in lower case; of repeated ones the last.
        is_whole: Whether the body is complete; False when it was cut off at the limit.
    """

    place: Place
    status: int
    headers: Mapping[str, str]
    body: bytes
    is_whole: bool = True


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """Ask the system, which also understands every odd notation of an address."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.run_in_executor(
            NAMES, socket.getaddrinfo, host, port, socket.AF_UNSPEC, socket.SOCK_STREAM
        )
    except (OSError, UnicodeError) as error:
        raise OutsideError(f"the name is not known: {error}") from error
    return [str(address[0]) for *_, address in found]


class Outside:
    """Makes requests to places that people named.

    A host is resolved once, every address it has is checked, and the connection goes to one of
    those that were checked: a name that means something else a moment later changes nothing. What
    is sent (`Host`, the name in the TLS greeting) stays the host's name.

    Args:
        allowed: Whether we may connect to an address.
        ports: The only ports to connect to; None for any.
        resolve: Asks for the addresses of a host.
        trust: The certificates that are believed.
    """

    def __init__(
        self,
        allowed: Callable[[str], bool] = is_outside,
        ports: frozenset[int] | None = frozenset(PORTS.values()),
        resolve: Resolve = resolve_by_system,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._ports = ports
        self._trust = trust
        self._network = _Pinned(allowed, resolve)
        self._pool: httpcore.AsyncConnectionPool | None = None

    @classmethod
    def anywhere(cls) -> "Outside":
        """Return a way to every address, this machine included; for development only."""
        return cls(allowed=lambda _address: True, ports=None)

    async def get(
        self, place: Place, *, accept: str, most: int, seconds: float, cut: bool = False
    ) -> Answer:
        """Fetch something, following redirects, each of which is checked like the first place.

        Args:
            place: Where from.
            accept: The types that are wanted.
            most: Bytes of the body.
            seconds: For everything together.
            cut: Whether a longer body is cut off instead of refused.

        Raises:
            OutsideError: Nothing usable came back.
        """
        async with _in_time(seconds):
            for _ in range(MAX_REDIRECTS + 1):
                answer = await self._request("GET", place, {"Accept": accept}, b"", most, cut=cut)
                if answer.status not in MOVED or "location" not in answer.headers:
                    return answer
                place = joined(place, answer.headers["location"])
            raise OutsideError("too many redirects")

    async def post(
        self, url: str, body: bytes, headers: Mapping[str, str], *, most: int, seconds: float
    ) -> Answer:
        """Send something; redirects are not followed.

        Raises:
            OutsideError: No answer.
        """
        async with _in_time(seconds):
            return await self._request("POST", place_of(url), headers, body, most, cut=True)

    async def stop(self) -> None:
        """Close what is open."""
        if self._pool is not None:
            await self._pool.aclose()

    def check_port(self, place: Place) -> None:
        """Refuse a port that we do not connect to.

        Raises:
            ForbiddenPlaceError: It is another one.
        """
        if self._ports is not None and place.port not in self._ports:
            raise ForbiddenPlaceError(f"port {place.port}")

    async def _request(
        self,
        method: str,
        place: Place,
        headers: Mapping[str, str],
        body: bytes,
        most: int,
        *,
        cut: bool,
    ) -> Answer:
        self.check_port(place)
        sent = {"Host": place.authority, **ALWAYS, **headers}
        url = httpcore.URL(
            scheme=place.scheme.encode(),
            host=place.host.encode(),
            port=None if place.port == PORTS[place.scheme] else place.port,
            target=place.target.encode(),
        )
        given = [(name.encode(), value.encode()) for name, value in sent.items()]
        pool = await self._connections()
        try:
            async with pool.stream(method, url, headers=given, content=body or None) as response:
                return await _read(place, response, most, cut=cut)
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
            raise OutsideError(f"{type(error).__name__}: {error}") from error

    async def _connections(self) -> httpcore.AsyncConnectionPool:
        """Certificates are read when they are needed, and not on the loop: it takes a while."""
        if self._trust is None:
            self._trust = await asyncio.to_thread(
                ssl.create_default_context, cafile=certifi.where()
            )
        if self._pool is None:
            self._pool = httpcore.AsyncConnectionPool(
                ssl_context=self._trust,
                max_connections=AT_ONCE,
                max_keepalive_connections=AT_ONCE // 2,  # push services are asked again and again
                keepalive_expiry=KEPT_OPEN,
                network_backend=self._network,
            )
        return self._pool


async def _read(place: Place, response: httpcore.Response, most: int, *, cut: bool) -> Answer:
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
    }
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise OutsideError("compressed, which was not asked for")
    length = headers.get("content-length", "")
    if not cut and length.isdigit() and int(length) > most:
        raise TooMuchError(f"{length} bytes")
    body = bytearray()
    async for piece in response.aiter_stream():
        body += piece
        if len(body) > most:
            if not cut:
                raise TooMuchError(f"more than {most} bytes")
            return Answer(place, response.status, headers, bytes(body[:most]), is_whole=False)
    return Answer(place, response.status, headers, bytes(body))


class _Pinned(httpcore.AsyncNetworkBackend):
    """Connects to addresses that were checked, and to nothing else."""

    def __init__(self, allowed: Callable[[str], bool], resolve: Resolve) -> None:
        self._allowed = allowed
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
            if not self._allowed(address):
                raise ForbiddenPlaceError("an address that is not outside")
        problem: Exception = OutsideError("the name has no address")
        for address in addresses:
            try:
                return await self._network.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
        raise problem


@asynccontextmanager
async def _in_time(seconds: float) -> AsyncIterator[None]:
    """What takes too long has not come back, like all else that did not."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise OutsideError("it took too long") from None
