"""The providers of a server, and what is done with what they answer."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hmac import compare_digest

import msgspec

from echosphere.core.errors import Forbidden, NotFound
from echosphere.core.ids import token_hash
from echosphere.database import Database
from echosphere.openid_connect import claims as read
from echosphere.openid_connect import store
from echosphere.openid_connect.claims import Identity
from echosphere.openid_connect.errors import (
    DECLINED,
    NOT_BEGUN_HERE,
    ProviderDownError,
    ProviderError,
    unacceptable,
    unreachable,
)
from echosphere.openid_connect.flow import LIFETIME, Flow, Flows, Purpose
from echosphere.openid_connect.logout import EndByProvider, end_session_url
from echosphere.openid_connect.provider import Provider
from echosphere.openid_connect.tokens import (
    LEEWAY,
    Expected,
    authenticated_at,
    check_id_token,
    check_logout_token,
    session_id,
)
from echosphere.settings import Settings

log = logging.getLogger(__name__)


class Begun(msgspec.Struct, frozen=True):
    """A sign-in under way: the cookie that keeps it, and where the browser goes."""

    cookie: str
    url: str


class OpenIdConnect:
    """Begins sign-ins at providers and reads their answers.

    Args:
        database: Knows which answers were used, and the time.
        settings: Has the providers.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._base_url = settings.base_url
        self.flows = Flows(settings.secret_key, settings.base_url)
        self._providers = {one.name: Provider(one) for one in settings.openid_providers}

    def provider(self, name: str) -> Provider:
        """Return a provider.

        Raises:
            NotFound: There is none of this name.
        """
        found = self._providers.get(name)
        if found is None:
            raise NotFound("Sign-in service not found.")
        return found

    async def begin(self, name: str, purpose: Purpose, wanted: str, session: str = "") -> Begun:
        """Begin a sign-in.

        Raises:
            Unavailable: The provider does not answer.
            Forbidden: It answers with what cannot be used.
        """
        provider = self.provider(name)
        flow = self.flows.begin(name, purpose, wanted, self._database.clock(), session)
        with told(name):
            metadata = await provider.metadata()
        url = self.flows.authorization_url(flow, provider.configured, metadata)
        return Begun(self.flows.sealed(flow), url)

    def flow(self, name: str, cookie: str, answer: Mapping[str, str]) -> Flow:
        """Return the sign-in that an answer belongs to.

        Raises:
            Forbidden: It was begun in another browser, at another provider, or too long ago.
        """
        flow = self.flows.open(cookie) if cookie else None
        given = answer.get("state", "").encode()
        if (
            flow is None
            or flow.provider != name
            or not flow.is_current(self._database.clock())
            or not compare_digest(given, flow.state.encode())
        ):
            raise Forbidden(NOT_BEGUN_HERE)
        return flow

    async def finish(self, flow: Flow, answer: Mapping[str, str]) -> Identity:
        """Return whom the provider has authenticated; each answer counts once.

        Raises:
            Forbidden: The answer was used, or cannot be accepted.
            Unavailable: The provider does not answer.
        """
        provider = self.provider(flow.provider)
        with told(flow.provider):
            await self._check_issuer(provider, answer)
            once = token_hash(flow.state)
            until = flow.started_at + LIFETIME + 2 * LEEWAY
            if not await self._database.write(store.UseToken(once, until)):
                raise Forbidden(NOT_BEGUN_HERE)
            if "error" in answer or not answer.get("code"):
                log.info("A provider rejected a sign-in: %r", answer.get("error", "")[:100])
                raise Forbidden(DECLINED)
            return await self._identity(provider, flow, answer["code"])

    async def _check_issuer(self, provider: Provider, answer: Mapping[str, str]) -> None:
        """Check who answers, against mix-ups of providers (RFC 9207)."""
        announced = (await provider.metadata()).authorization_response_iss_parameter_supported
        given = answer.get("iss")
        if (given is not None or announced) and given != provider.configured.issuer:
            raise ProviderError(f"the answer is from {str(given)[:200]!r}")

    async def _identity(self, provider: Provider, flow: Flow, code: str) -> Identity:
        own = provider.configured
        redirect_uri = self.flows.redirect_uri(own.name)
        tokens = await provider.redeem(code, self.flows.verifier(flow), redirect_uri)
        claims = await provider.claims(tokens.id_token)
        expected = Expected(own.issuer, own.client_id, self._database.clock())
        check_id_token(claims, expected, self.flows.nonce(flow))
        proved = authenticated_at(claims)
        more = await provider.userinfo(tokens.access_token, claims["sub"])
        everything = more | claims  # what is signed counts more
        email = read.email_of(everything)
        return Identity(
            provider=own.name,
            issuer=own.issuer,
            subject=claims["sub"],
            sid=session_id(claims),
            email=email,
            verified=read.is_verified(everything),
            name=read.name_of(everything, email),
            values=read.values_of(everything, own.role_claim),
            has_factor=read.has_factor(claims, own),
            authenticated_at=proved,
        )

    async def end_sessions(self, name: str, token: str) -> None:
        """End the sessions that a logout token is about.

        Raises:
            NotFound: There is no provider of this name.
            ProviderError: The token is none of this provider's, or was used before.
        """
        provider = self.provider(name)
        claims = await provider.claims(token)
        own = provider.configured
        check_logout_token(claims, Expected(own.issuer, own.client_id, self._database.clock()))
        if not await self._database.write(EndByProvider.of(own.issuer, claims)):
            raise ProviderError("the logout token was used before")

    async def end_session_url(self, name: str) -> str | None:
        """Return where someone signs out at a provider; None if nowhere, or it does not answer."""
        if name not in self._providers:
            return None
        provider = self._providers[name]
        try:
            metadata = await provider.metadata()
        except ProviderError as error:
            log.info(
                "Users cannot be redirected to the provider %s to sign out there: %s", name, error
            )
            return None
        return end_session_url(metadata, provider.configured, f"{self._base_url}/login")

    async def stop(self) -> None:
        """Close the connections."""
        for provider in self._providers.values():
            await provider.stop()


@contextmanager
def told(name: str) -> Iterator[None]:
    """Log for the operator what went wrong, and tell people no more than they can use."""
    try:
        yield
    except ProviderDownError as error:
        log.warning("The OpenID Connect provider %s is not responding: %s", name, error)
        raise unreachable() from error
    except ProviderError as error:
        log.warning("An answer of the OpenID Connect provider %s was rejected: %s", name, error)
        raise unacceptable() from error
