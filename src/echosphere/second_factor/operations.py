"""The operations of the caller's second factors."""

from echosphere.accounts import Authentication, asks_for_factor, finish_proof
from echosphere.api import Declaration, Empty, Operation, delete, get, post, put
from echosphere.core.caller import Caller
from echosphere.core.errors import Invalid
from echosphere.core.rate_limits import Rate
from echosphere.database import Database, Transaction
from echosphere.second_factor import change, store
from echosphere.second_factor.check_code import use_code
from echosphere.second_factor.encryption import Sealer
from echosphere.second_factor.state import second_factor_of
from echosphere.second_factor.totp import qr_code, setup_uri
from echosphere.second_factor.wire import (
    AppOffer,
    CodeCall,
    DeviceCall,
    Prove,
    RecoveryCodes,
    SecondFactorAnswer,
)

CHANGE_RATE = Rate("second factors", burst=20, every=30)


class SecondFactorOperations:
    """The operations under `/me/second-factor`, and the fresh proof that they ask for.

    Args:
        database: Holds the factors.
        authentication: Checks passwords and counts attempts.
        sealer: Seals the secrets of apps.
        asked: Who must have a second factor: `nobody`, `administrators` or `everybody`.
    """

    def __init__(
        self,
        database: Database,
        authentication: Authentication,
        sealer: Sealer,
        asked: str = "nobody",
    ) -> None:
        self._asked = asked
        self._database = database
        self._authentication = authentication
        self._sealer = sealer

    def all(self) -> list[Declaration]:
        """Return the operations."""
        base = "/me/second-factor"
        return [
            Operation(self.prove, put("/sessions/current/proof")),
            Operation(self.state, get(base)),
            Operation(self.offer_app, post(f"{base}/app"), rate=CHANGE_RATE),
            Operation(self.confirm_app, put(f"{base}/app"), rate=CHANGE_RATE),
            Operation(self.remove_app, delete(f"{base}/app")),
            Operation(self.renew_codes, post(f"{base}/recovery-codes"), rate=CHANGE_RATE),
            Operation(self.forget_devices, delete(f"{base}/devices")),
            Operation(self.forget_device, delete(f"{base}/devices/<device>")),
        ]

    async def prove(self, caller: Caller, call: Prove) -> None:
        """Prove again who one is, for what asks for a fresh proof."""
        if call.password is not None:
            await self._authentication.prove(caller, call.password)
        elif call.code is not None:
            attempt = await self._authentication.begin_code(caller.user_id)
            code = call.code

            def prove_by_code(transaction: Transaction) -> None:
                use_code(transaction, self._sealer, caller.user_id, code)
                finish_proof(transaction, caller, attempt)

            await self._database.write(prove_by_code)
        else:
            raise Invalid("Enter your password or a code.")

    async def state(self, caller: Caller, _: Empty) -> SecondFactorAnswer:
        """Return the caller's second factors and remembered devices."""
        return await self._database.read(second_factor_of, caller)

    async def offer_app(self, caller: Caller, _: Empty) -> AppOffer:
        """Begin to set up an authenticator app; asks for a fresh proof."""
        offered = await self._database.write(change.offer_app, self._sealer, caller)
        uri = setup_uri(offered.secret, offered.email)
        return AppOffer(offered.secret, uri, qr_code(uri))

    async def confirm_app(self, caller: Caller, call: CodeCall) -> RecoveryCodes:
        """Finish setting up the app by its first code; other devices are signed out."""
        codes = await self._database.write(change.confirm_app, self._sealer, caller, call.code)
        return RecoveryCodes(codes or [])

    async def remove_app(self, caller: Caller, _: Empty) -> None:
        """Sign in without the app from now on; asks for a fresh proof."""
        required = asks_for_factor(self._asked, caller.role)
        await self._database.write(change.remove_app, caller, required)

    async def renew_codes(self, caller: Caller, _: Empty) -> RecoveryCodes:
        """Make ten new recovery codes; asks for a fresh proof."""
        return RecoveryCodes(await self._database.write(change.renew_recovery_codes, caller))

    async def forget_devices(self, caller: Caller, _: Empty) -> None:
        """Ask for the second factor again on every remembered device."""
        await self._database.write(store.delete_remembered, caller.user_id)

    async def forget_device(self, caller: Caller, call: DeviceCall) -> None:
        """Ask for the second factor again on one remembered device."""
        await self._database.write(change.forget_device, caller, call.device)
