"""The operations of how the caller signs in."""

from echosphere.api import Declaration, Empty, Operation, delete, get
from echosphere.core.caller import Caller
from echosphere.database import Database, Snapshot
from echosphere.openid_connect.link import has_password
from echosphere.openid_connect.services import services_of, unlink
from echosphere.openid_connect.wire import ServiceCall, SignInServices
from echosphere.settings import LiveSettings


class OpenIdOperations:
    """The operations under `/me/sign-in-services`.

    Args:
        database: Holds who is linked.
        live: Has the providers, and whether passwords are taken at this moment.
    """

    def __init__(self, database: Database, live: LiveSettings) -> None:
        self._database = database
        self._live = live

    def all(self) -> list[Declaration]:
        """Return the operations."""
        base = "/me/sign-in-services"
        return [
            Operation(self.services, get(base)),
            Operation(self.unlink, delete(f"{base}/<service>")),
        ]

    async def services(self, caller: Caller, _: Empty) -> SignInServices:
        """List the sign-in services of this server, and those linked to the caller's account."""
        return await self._database.read(self._services, caller)

    async def unlink(self, caller: Caller, call: ServiceCall) -> None:
        """Unlink a sign-in service; asks for a fresh proof."""
        await self._database.write(unlink(self._live.current, caller, call.service))

    def _services(self, snapshot: Snapshot, caller: Caller) -> SignInServices:
        settings = self._live.current
        services = services_of(snapshot, settings.openid_providers, caller.user_id)
        own = has_password(snapshot, caller.user_id)
        return SignInServices(services, settings.local_passwords, own)
