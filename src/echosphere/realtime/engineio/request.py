"""A request of a client to connect: path, query, headers and peer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_HEADER_BYTES = 16 * 1024
MAX_QUERY_FIELDS = 32


class MalformedRequest(ValueError):  # noqa: N818
    """A request with too many query fields or too long headers."""


class Request:
    """One handshake (or polling) request, the same for both transports.

    `headers` maps lower-case names to values; repeated headers are joined by a comma.
    `peer` is the address at the other end of the TCP connection, which may be a proxy.
    `secure` tells whether that connection was TLS.
    """

    __slots__ = ("headers", "method", "path", "peer", "query", "secure")

    def __init__(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        *,
        peer: str,
        secure: bool,
    ) -> None:
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.peer = peer
        self.secure = secure

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.path} from {self.peer}>"

    @property
    def origin(self) -> str | None:
        return self.headers.get("origin")

    def cookie(self, name: str) -> str | None:
        """The value of the first cookie of this name, or None."""
        for pair in self.headers.get("cookie", "").split(";"):
            key, found, value = pair.strip().partition("=")
            if found and key == name:
                return value.strip('"')
        return None


def request_from_scope(scope: Mapping[str, Any]) -> Request:
    """Parse an ASGI HTTP scope; raises MalformedRequest."""
    client = scope.get("client")
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
    return Request(
        scope["method"],
        scope["path"],
        _query(scope.get("query_string", b"").decode("latin-1")),
        _headers(pairs),
        peer=client[0] if client else "",
        secure=scope.get("scheme") == "https",
    )


def request_from_upgrade(
    target: str, pairs: Iterable[tuple[str, str]], *, peer: str, secure: bool
) -> Request:
    """Parse a WebSocket upgrade request; raises MalformedRequest."""
    path, _, query = target.partition("?")
    return Request("GET", path, _query(query), _headers(pairs), peer=peer, secure=secure)


def same_origin(origin: str | None, request: Request) -> bool:
    """The default origin rule: no Origin at all (not a browser), or one of our own host."""
    if origin is None:
        return True
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        return False
    return bool(host) and host.lower() == request.headers.get("host", "").lower()


def _query(text: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_QUERY_FIELDS)
    except ValueError as error:
        raise MalformedRequest("too many query fields") from error
    fields: dict[str, str] = {}
    for name, value in pairs:
        fields.setdefault(name, value)
    return fields


def _headers(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    size = 0
    for raw_name, value in pairs:
        size += len(raw_name) + len(value) + 4
        # Header names repeat on every connection: interning keeps idle connections small.
        name = sys.intern(raw_name.lower())
        separator = "; " if name == "cookie" else ", "
        headers[name] = f"{headers[name]}{separator}{value}" if name in headers else value
    if size > MAX_HEADER_BYTES:
        raise MalformedRequest("the headers are too long")
    return headers
