"""The sign-in services of a server as one person has linked them, and how one is unlinked."""

from collections.abc import Iterable

from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound
from echosphere.database import Snapshot
from echosphere.openid_connect import store
from echosphere.openid_connect.link import NOT_LINKED, UnlinkProvider, WaysIn
from echosphere.openid_connect.wire import SignInService
from echosphere.second_factor import passkey_host
from echosphere.settings import OpenIdProvider, Settings


def services_of(
    snapshot: Snapshot, providers: Iterable[OpenIdProvider], user_id: str
) -> list[SignInService]:
    """Return all sign-in services of a server, with when a user linked them."""
    linked = {one.issuer: one for one in store.identities_of(snapshot, user_id)}
    return [
        SignInService(
            one.name,
            one.label,
            linked[one.issuer].created_at if one.issuer in linked else None,
            linked[one.issuer].used_at if one.issuer in linked else None,
        )
        for one in providers
    ]


def unlink(settings: Settings, caller: Caller, service: str) -> UnlinkProvider:
    """Return the command that unlinks a sign-in service, by its name.

    Raises:
        NotFound: There is no such service.
    """
    provider = next((one for one in settings.openid_providers if one.name == service), None)
    if provider is None:
        raise NotFound(NOT_LINKED)
    return UnlinkProvider(caller, provider.name, provider.issuer, ways_in(settings))


def ways_in(settings: Settings) -> WaysIn:
    """Return by what people sign in on a server."""
    issuers = tuple(one.issuer for one in settings.openid_providers)
    return WaysIn(settings.local_passwords, passkey_host(settings.base_url), issuers)
