"""The client's address behind proxies: forwarded headers are trusted from configured ones only."""

import logging
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Any

from echosphere.core.asgi import AsgiApp, Scope
from echosphere.settings import IpNetwork

OF_PROXIES = (b"x-request-id", b"traceparent")
"""What names a request in the log, and a span as its parent: only proxies may choose them."""


FORWARDED_FOR = b"x-forwarded-for"

MAX_NAMED = 16
"""Proxies that are not trusted and that the log names, each once."""

log = logging.getLogger(__name__)


def client_address(peer: str, headers: Mapping[str, str], proxies: Sequence[IpNetwork]) -> str:
    """Return the client's address.

    `X-Forwarded-For` is read from the right: each entry was added by the hop to its right, and is
    trusted only if that hop is a configured proxy.
    """
    address = peer
    hops = [hop.strip() for hop in headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    while hops and _is_within(address, proxies):
        address = hops.pop()
    return address if address == peer or _is_address(address) else peer


def _is_within(address: str, networks: Sequence[IpNetwork]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return any((mapped or parsed) in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_near(address: str) -> bool:
    """Whether an address is of this machine or of a private network."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return (getattr(parsed, "ipv4_mapped", None) or parsed).is_private


class ProxyHeaders:
    """ASGI middleware that sets the client's address and scheme from a proxy's headers.

    `X-Request-ID` and `traceparent` too are trusted from proxies only.
    """

    def __init__(self, app: AsgiApp, proxies: Sequence[IpNetwork]) -> None:
        self._app = app
        self._proxies = proxies
        self._named: set[str] = set()

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            peer, port = scope.get("client") or ("", 0)
            if not _is_within(peer, self._proxies):
                self._name_proxy(peer, scope)
                scope = _without_names(scope)
            else:
                headers = _headers(scope)
                address = client_address(peer, headers, self._proxies)
                scheme = headers.get("x-forwarded-proto", scope["scheme"])
                scheme = scheme if scheme in ("http", "https") else scope["scheme"]
                scope = {**scope, "client": (address, port), "scheme": scheme}
        await self._app(scope, receive, send)

    def _name_proxy(self, peer: str, scope: Scope) -> None:
        """Tell the operator of what seems to be their proxy, and is not trusted.

        Strangers can send the header as well, but not from this machine or its network.
        """
        if len(self._named) >= MAX_NAMED or peer in self._named or not _is_near(peer):
            return
        if any(name.lower() == FORWARDED_FOR for name, _ in scope["headers"]):
            self._named.add(peer)
            log.warning(
                "Requests from %s have an X-Forwarded-For header. If that is your proxy, list "
                "it in ECHOSPHERE_TRUSTED_PROXIES. Until then, all clients behind it count as "
                "one address",
                peer,
            )


def _without_names(scope: Scope) -> Scope:
    """Remove by what only proxies may name requests."""
    headers = scope["headers"]
    if not any(name in OF_PROXIES for name, _ in headers):
        return scope
    return {**scope, "headers": [header for header in headers if header[0] not in OF_PROXIES]}


def _headers(scope: Scope) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        text = value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found
