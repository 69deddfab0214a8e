"""What opens an account besides its password: shown to whom a link has let back in."""

import msgspec

from echosphere.accounts import asks_for_factor, require_fresh_proof
from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound
from echosphere.database import Command, Snapshot
from echosphere.openid_connect import SignInService, services_of, unlink
from echosphere.second_factor import (
    Passkey,
    RelyingParty,
    RemoveApp,
    RemovePasskey,
    second_factor_of,
)
from echosphere.settings import Settings


class OtherWaysIn(msgspec.Struct, frozen=True):
    """What opens an account besides its password.

    Attributes:
        app_since: Since when there is an authenticator app, in milliseconds; None without one.
        passkeys: Its passkeys.
        services: The sign-in services that are linked with it.
    """

    app_since: int | None
    passkeys: list[Passkey]
    services: list[SignInService]


def other_ways_in(snapshot: Snapshot, caller: Caller, settings: Settings) -> OtherWaysIn:
    """Return what opens the account of a caller who has just proved who they are.

    Raises:
        ProofNeeded: The caller's last proof is too old.
    """
    require_fresh_proof(snapshot, caller)
    factor = second_factor_of(snapshot, caller, RelyingParty.of(settings.base_url))
    services = services_of(snapshot, settings.openid_providers, caller.user_id)
    linked = [one for one in services if one.linked_at is not None]
    return OtherWaysIn(factor.app_since, factor.passkeys, linked)


def removal_of(settings: Settings, caller: Caller, way: str, which: str) -> Command[None]:
    """Return the command that removes one of them.

    Args:
        settings: What the server asks of whom.
        caller: The owner.
        way: `app`, `passkey` or `service`.
        which: The id of the passkey, or the name of the service.

    Raises:
        NotFound: There is no such way.
    """
    host = RelyingParty.of(settings.base_url).host
    required = asks_for_factor(settings.require_second_factor, caller.role)
    if way == "app":
        return RemoveApp(caller, host, required)
    if way == "passkey":
        return RemovePasskey(caller, which, host, required)
    if way == "service":
        return unlink(settings, caller, which)
    raise NotFound("Sign-in method not found.")
