"""The operations of second factors."""

from echosphere.accounts import Authentication
from echosphere.api import Declaration, Operation, put
from echosphere.core.caller import Caller
from echosphere.second_factor.wire import Prove


class SecondFactorOperations:
    """The operations with which callers prove who they are.

    Args:
        authentication: Checks passwords.
    """

    def __init__(self, authentication: Authentication) -> None:
        self._authentication = authentication

    def all(self) -> list[Declaration]:
        """Return the operations."""
        return [Operation(self.prove, put("/sessions/current/proof"))]

    async def prove(self, caller: Caller, call: Prove) -> None:
        """Prove again who one is, for what asks for a fresh proof."""
        await self._authentication.prove(caller, call.password)
