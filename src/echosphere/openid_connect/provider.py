"""Talks to a provider: what it says of itself, its keys, and its tokens; all of it late and bounded."""

import asyncio
import base64
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeVar
from urllib.parse import quote_plus, urlencode, urlsplit

import msgspec

from echosphere.http_client import HttpClientError, Response, SafeHttpClient, parse_url
from echosphere.openid_connect.discovery import Metadata, discovery_url, read_metadata
from echosphere.openid_connect.errors import ProviderDownError, ProviderError
from echosphere.openid_connect.keys import KeySet, UnknownKeyError, read_keys, verified_claims
from echosphere.settings import OpenIdProvider

MAX_ANSWER = 256 * 1024
SECONDS = 8.0
KEPT_SECONDS = 3_600.0
KEYS_EVERY = 60.0
"""Seconds between two fetches of the keys: tokens with made-up key ids must not cause more."""

JSON = "application/json"

T = TypeVar("T")


class Tokens(msgspec.Struct):
    """The answer of the token endpoint, as far as it is used."""

    id_token: str
    access_token: str = ""


@dataclass(slots=True)
class _Kept:
    """Something that was fetched, and when."""

    value: Any = None
    at: float = 0.0
    fetching: asyncio.Task[Any] | None = None

    def is_fresh(self, now: float, seconds: float) -> bool:
        return self.value is not None and now - self.at < seconds


class Provider:
    """One provider. Nothing is asked of it before someone wants to sign in there.

    Args:
        configured: What the operator wrote of it.
        elapsed: Seconds from a monotonic clock.

    Attributes:
        dated: When its last answer was made, by its own clock, as in the header `Date`.
    """

    def __init__(
        self, configured: OpenIdProvider, elapsed: Callable[[], float] = monotonic
    ) -> None:
        self.configured = configured
        self._elapsed = elapsed
        self._metadata = _Kept()
        self._keys = _Kept()
        self._clients: dict[bool, SafeHttpClient] = {}
        self.dated: str | None = None

    async def metadata(self) -> Metadata:
        """Return what the provider says of itself; it is asked once an hour.

        Raises:
            ProviderError: It does not answer, or with something else.
        """
        issuer = self.configured.issuer

        async def fetch() -> Metadata:
            return read_metadata(issuer, await self._get(discovery_url(issuer)))

        metadata: Metadata = await self._fetched(self._metadata, fetch, KEPT_SECONDS)
        return metadata

    async def claims(self, token: str) -> dict[str, Any]:
        """Return the claims of a token that this provider has signed.

        Raises:
            ProviderError: It has not, or does not answer.
        """
        try:
            return await asyncio.to_thread(verified_claims, token, await self._known_keys())
        except UnknownKeyError:  # they may have been changed
            keys = await self._known_keys(KEYS_EVERY)
            return await asyncio.to_thread(verified_claims, token, keys)

    async def redeem(self, code: str, verifier: str, redirect_uri: str) -> Tokens:
        """Return the tokens of a code (RFC 6749, 4.1.3; RFC 7636).

        Raises:
            ProviderError: The code is not taken, or the provider does not answer.
        """
        metadata, own = await self.metadata(), self.configured
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": JSON}
        if own.client_secret and not metadata.secret_in_body:
            headers["Authorization"] = _basic(own.client_id, own.client_secret)
        else:
            form["client_id"] = own.client_id
            form |= {"client_secret": own.client_secret} if own.client_secret else {}
        body = await self._post(metadata.token_endpoint, urlencode(form).encode(), headers)
        return _read(body, Tokens)

    async def userinfo(self, access_token: str, subject: str) -> dict[str, Any]:
        """Return further claims of a person; none where the provider has no such endpoint.

        Raises:
            ProviderError: They are about someone else (Core, 5.3.2), or there is no answer.
        """
        endpoint = (await self.metadata()).userinfo_endpoint
        if endpoint is None or not access_token.isascii() or not access_token:
            return {}
        headers = {"Authorization": f"Bearer {access_token}"}
        claims = _read(await self._get(endpoint, headers), dict[str, Any])
        if claims.get("sub") != subject:
            raise ProviderError("the userinfo is for a different person")
        return claims

    async def count_keys(self) -> int:
        """Return how many keys the provider shows.

        Raises:
            ProviderError: It does not answer.
        """
        return len((await self._known_keys()).keys)

    async def stop(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            await client.stop()

    async def _known_keys(self, seconds: float = KEPT_SECONDS) -> KeySet:
        async def fetch() -> KeySet:
            return read_keys(await self._get((await self.metadata()).jwks_uri))

        keys: KeySet = await self._fetched(self._keys, fetch, seconds)
        return keys

    async def _fetched(self, kept: _Kept, fetch: Callable[[], Any], seconds: float) -> Any:
        """Return what is kept, fetched again if it is too old.

        Several that wait share one fetch and its failure: a provider that hangs holds no one up twice.
        """
        if kept.is_fresh(self._elapsed(), seconds):
            return kept.value
        if kept.fetching is None:
            kept.fetching = asyncio.create_task(self._refresh(kept, fetch))
        return await asyncio.shield(kept.fetching)

    async def _refresh(self, kept: _Kept, fetch: Callable[[], Any]) -> Any:
        try:
            kept.value, kept.at = await fetch(), self._elapsed()
            return kept.value
        finally:
            kept.fetching = None

    async def _get(self, url: str, headers: Mapping[str, str] | None = None) -> bytes:
        return await self._answer(
            url,
            lambda client: client.get(
                parse_url(url),
                accept=JSON,
                max_bytes=MAX_ANSWER,
                timeout_seconds=SECONDS,
                headers=headers or {},
                redirects=0,
            ),
        )

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        return await self._answer(
            url,
            lambda client: client.post(
                url, body, headers, max_bytes=MAX_ANSWER, timeout_seconds=SECONDS
            ),
        )

    async def _answer(self, url: str, ask: Callable[[SafeHttpClient], Any]) -> bytes:
        try:
            response: Response = await ask(self._client(url))
        except (HttpClientError, OSError) as error:
            raise ProviderDownError(f"{_without_query(url)}: {error}") from error
        if response.status >= 500:
            raise ProviderDownError(f"{_without_query(url)} answered {response.status}")
        if response.status != 200:
            said = response.body[:200].decode("utf-8", "replace")
            raise ProviderError(f"{_without_query(url)} answered {response.status}: {said!r}")
        self.dated = response.headers.get("date")
        return response.body

    def _client(self, url: str) -> SafeHttpClient:
        """Return the client for a URL: only the issuer's own host may have a private address."""
        own = self.configured
        private = own.private_address and urlsplit(url).hostname == urlsplit(own.issuer).hostname
        if private not in self._clients:
            trust = ssl.create_default_context(cafile=own.ca_file) if own.ca_file else None
            self._clients[private] = SafeHttpClient.to_any_port(trust, private=private)
        return self._clients[private]


def _basic(client_id: str, secret: str) -> str:
    """Return the header that proves who asks (RFC 6749, 2.3.1)."""
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}".encode()
    return f"Basic {base64.b64encode(pair).decode()}"


def _read(body: bytes, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise ProviderError(f"an answer cannot be read: {error}") from None


def _without_query(url: str) -> str:
    return url.partition("?")[0][:200]
