"""The operations of how the caller signs in."""

from echosphere.api import Declaration, Empty, Operation, delete, get
from echosphere.core.caller import Caller
from echosphere.core.errors import NotFound
from echosphere.database import Database, Snapshot
from echosphere.openid_connect import store
from echosphere.openid_connect.link import UnlinkProvider, has_password
from echosphere.openid_connect.wire import ServiceCall, SignInService, SignInServices
from echosphere.settings import Settings


class OpenIdOperations:
    """The operations under `/me/sign-in-services`.

    Args:
        database: Holds who is linked.
        settings: Has the providers, and whether passwords are taken.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._passwords = settings.local_passwords
        self._providers = {one.name: one for one in settings.openid_providers}

    def all(self) -> list[Declaration]:
        """Return the operations."""
        base = "/me/sign-in-services"
        return [
            Operation(self.services, get(base)),
            Operation(self.unlink, delete(f"{base}/<service>")),
        ]

    async def services(self, caller: Caller, _: Empty) -> SignInServices:
        """List the sign-in services of this server, and which the caller is linked with."""
        return await self._database.read(self._services, caller)

    async def unlink(self, caller: Caller, call: ServiceCall) -> None:
        """Sign in by a sign-in service no longer; asks for a fresh proof."""
        provider = self._providers.get(call.service)
        if provider is None:
            raise NotFound("You are not linked with this sign-in service.")
        await self._database.write(
            UnlinkProvider(caller, provider.name, provider.issuer, self._passwords)
        )

    def _services(self, snapshot: Snapshot, caller: Caller) -> SignInServices:
        linked = {one.issuer: one for one in store.identities_of(snapshot, caller.user_id)}
        services = [
            SignInService(
                one.name,
                one.label,
                linked[one.issuer].created_at if one.issuer in linked else None,
                linked[one.issuer].used_at if one.issuer in linked else None,
            )
            for one in self._providers.values()
        ]
        own = has_password(snapshot, caller.user_id)
        return SignInServices(services, self._passwords, own)
