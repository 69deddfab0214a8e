"""A sign-in under way at a provider: what the browser keeps of it, and what only the server knows.

Nothing is stored while it is under way: a signed cookie holds it. What must stay secret is derived from
the server's secret, and a table of used states lets each come back once.
"""

import base64
import hashlib
import hmac
from typing import Literal
from urllib.parse import urlencode, urlsplit, urlunsplit

import msgspec

from echosphere.core.clock import MINUTE
from echosphere.core.ids import derive_token, new_token
from echosphere.openid_connect.discovery import Metadata
from echosphere.openid_connect.tokens import LEEWAY
from echosphere.settings import OpenIdProvider

LIFETIME = 10 * MINUTE
Purpose = Literal["sign-in", "link", "prove"]


class Flow(msgspec.Struct, frozen=True):
    """A sign-in under way.

    Attributes:
        provider: The provider's name.
        purpose: What for.
        state: Comes back with the answer.
        wanted: The path to which it leads.
        started_at: Milliseconds since 1970 UTC.
        session: The session that links or proves; "" to sign in.
    """

    provider: str
    purpose: Purpose
    state: str
    wanted: str
    started_at: int
    session: str = ""

    def is_current(self, now: int) -> bool:
        """Whether it has not taken too long."""
        return -LEEWAY <= now - self.started_at < LIFETIME


class Flows:
    """Begins sign-ins and recognises those that it began.

    Args:
        secret: The server's secret key.
        base_url: Where the provider sends people back to.
    """

    def __init__(self, secret: str, base_url: str) -> None:
        self._secret = secret
        self._base_url = base_url

    def begin(
        self, provider: str, purpose: Purpose, wanted: str, now: int, session: str = ""
    ) -> Flow:
        """Return a new sign-in."""
        return Flow(provider, purpose, new_token(), wanted, now, session)

    def nonce(self, flow: Flow) -> str:
        """Return what the ID token must contain, so that no other token does."""
        return derive_token(self._secret, "openid nonce", flow.provider, flow.state)

    def verifier(self, flow: Flow) -> str:
        """Return the secret with which the code is redeemed (RFC 7636)."""
        return derive_token(self._secret, "openid verifier", flow.provider, flow.state)

    def redirect_uri(self, provider: str) -> str:
        """Return where a provider sends people back to: each to a path of its own."""
        return f"{self._base_url}/login/openid/{provider}/callback"

    def authorization_url(self, flow: Flow, provider: OpenIdProvider, metadata: Metadata) -> str:
        """Return the URL at the provider (OpenID Connect Core, 3.1.2.1)."""
        asked = {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": self.redirect_uri(provider.name),
            "scope": " ".join(provider.scopes),
            "state": flow.state,
            "nonce": self.nonce(flow),
            "code_challenge": challenge_of(self.verifier(flow)),
            "code_challenge_method": "S256",
        }
        if provider.factor_acr:
            asked["acr_values"] = " ".join(provider.factor_acr)
        if flow.purpose == "prove":
            asked |= {"prompt": "login", "max_age": "0"}
        return with_query(metadata.authorization_endpoint, asked)

    def sealed(self, flow: Flow) -> str:
        """Return the value of the cookie."""
        content = base64.urlsafe_b64encode(msgspec.json.encode(flow)).rstrip(b"=").decode()
        return f"{content}.{self._signature(content)}"

    def open(self, cookie: str) -> Flow | None:
        """Return the sign-in of a cookie; None if we did not make it."""
        content, _, signature = cookie.partition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(content).encode()):
            return None
        raw = base64.urlsafe_b64decode(content + "=" * (-len(content) % 4))
        return msgspec.json.decode(raw, type=Flow)

    def _signature(self, content: str) -> str:
        return derive_token(self._secret, "openid flow", content, "")


def challenge_of(verifier: str) -> str:
    """Return what the provider is told of a verifier first (RFC 7636, 4.2)."""

    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def with_query(url: str, more: dict[str, str]) -> str:
    """Return a URL with further parameters; those that it has stay."""
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, urlencode(more))))
    return urlunsplit(parts._replace(query=query))
