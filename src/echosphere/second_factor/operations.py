"""The operations of the caller's second factors."""

from echosphere.accounts import (
    Attempt,
    Authentication,
    asks_for_factor,
    finish_proof,
    lock_user,
)
from echosphere.api import Declaration, Empty, Operation, delete, get, patch, post, put
from echosphere.core.caller import Caller
from echosphere.core.encryption import Sealer
from echosphere.core.errors import Invalid
from echosphere.core.rate_limits import Rate
from echosphere.database import Command, Database, Transaction
from echosphere.second_factor import change, passkeys, store
from echosphere.second_factor.check_code import use_code
from echosphere.second_factor.encryption import SEALER
from echosphere.second_factor.passkey_checks import PasskeyChecks, passkey_options
from echosphere.second_factor.state import second_factor_of
from echosphere.second_factor.totp import qr_code, setup_uri
from echosphere.second_factor.wire import (
    AddedPasskeyAnswer,
    AppOffer,
    Assertion,
    AssertionOptions,
    CodeCall,
    DeviceCall,
    NewPasskey,
    PasskeyCall,
    PasskeyOptions,
    Prove,
    RecoveryCodes,
    RenamePasskey,
    SecondFactorAnswer,
)
from echosphere.settings import LiveSettings

CHANGE_RATE = Rate("second factors", burst=20, every=30)


class ProveByCode(Command[None]):
    """Use up a code, and store that the caller has proved who they are.

    Raises:
        Invalid: The code is wrong, or has been used.
        Conflict: The secret of the app was sealed with a key that is lost.
    """

    caller: Caller
    attempt: Attempt
    code: str

    def run(self, transaction: Transaction) -> None:
        """Use it up."""
        lock_user(transaction, self.caller.user_id)
        use_code(transaction, SEALER.of(transaction), self.caller.user_id, self.code)
        finish_proof(transaction, self.caller, self.attempt)


class ProveByPasskey(Command[bool]):
    """Use up a passkey, and store that the caller has proved who they are; False if it fails.

    Raises:
        Invalid: The challenge has been used, or the passkey was removed meanwhile.
    """

    caller: Caller
    attempt: Attempt
    checked: passkeys.CheckedPasskey

    def run(self, transaction: Transaction) -> bool:
        """Use it up."""
        lock_user(transaction, self.caller.user_id)
        counts = passkeys.use_passkey(transaction, self.checked)
        if counts:
            finish_proof(transaction, self.caller, self.attempt)
        return counts


class SecondFactorOperations:
    """The operations under `/me/second-factor` and `/me/passkeys`, and the fresh proof for them.

    Args:
        database: Holds the factors.
        authentication: Checks passwords and counts attempts.
        sealer: Seals the secrets of apps.
        checks: Checks passkeys.
        live: Who must have a second factor at this moment.
    """

    def __init__(
        self,
        database: Database,
        authentication: Authentication,
        sealer: Sealer,
        checks: PasskeyChecks,
        live: LiveSettings,
    ) -> None:
        self._checks = checks
        self._live = live
        self._database = database
        self._authentication = authentication
        database.provide(SEALER, sealer)

    def all(self) -> list[Declaration]:
        """Return the operations."""
        base = "/me/second-factor"
        return [
            Operation(self.prove, put("/sessions/current/proof")),
            Operation(self.proof_options, get("/sessions/current/proof")),
            Operation(self.passkey_options, get("/me/passkey-options")),
            Operation(self.add_passkey, post("/me/passkeys"), rate=CHANGE_RATE, status=201),
            Operation(self.rename_passkey, patch("/me/passkeys/<passkey>"), rate=CHANGE_RATE),
            Operation(self.remove_passkey, delete("/me/passkeys/<passkey>")),
            Operation(self.state, get(base)),
            Operation(self.offer_app, post(f"{base}/app"), rate=CHANGE_RATE),
            Operation(self.confirm_app, put(f"{base}/app"), rate=CHANGE_RATE),
            Operation(self.remove_app, delete(f"{base}/app")),
            Operation(self.renew_codes, post(f"{base}/recovery-codes"), rate=CHANGE_RATE),
            Operation(self.forget_devices, delete(f"{base}/devices")),
            Operation(self.forget_device, delete(f"{base}/devices/<device>")),
        ]

    async def prove(self, caller: Caller, call: Prove) -> None:
        """Give a fresh proof of identity."""
        if call.password is not None:
            await self._authentication.prove(caller, call.password)
        elif call.code is not None:
            attempt = await self._authentication.begin_code(caller.user_id)
            await self._database.write(ProveByCode(caller, attempt, call.code))
        elif call.assertion is not None:
            await self._prove_by_passkey(caller, call.assertion)
        else:
            raise Invalid("Enter your password or a code.")

    async def _prove_by_passkey(self, caller: Caller, given: Assertion) -> None:
        checked, attempt = await self._checks.check(
            given, "proof", caller.session_id, user_id=caller.user_id
        )
        if not await self._database.write(ProveByPasskey(caller, attempt, checked)):
            raise Invalid(passkeys.WRONG_PASSKEY)

    async def proof_options(self, caller: Caller, _: Empty) -> AssertionOptions:
        """Begin a fresh proof with a passkey."""
        host = self._checks.party.host
        known = await self._database.read(passkeys.passkeys_for, caller.user_id, host)
        return self._checks.options("proof", caller.session_id, known)

    async def passkey_options(self, caller: Caller, _: Empty) -> PasskeyOptions:
        """Begin to add a passkey; asks for a fresh proof."""
        return await self._database.read(passkey_options, self._checks, caller)

    async def add_passkey(self, caller: Caller, call: NewPasskey) -> AddedPasskeyAnswer:
        """Finish adding a passkey; asks for a fresh proof. Other devices are signed out."""
        made = await self._checks.check_new(call, caller.session_id)
        added = await self._database.write(passkeys.AddPasskey(caller, made))
        return AddedPasskeyAnswer(added.id, added.codes)

    async def rename_passkey(self, caller: Caller, call: RenamePasskey) -> None:
        """Rename a passkey."""
        await self._database.write(passkeys.NamePasskey(caller, call.passkey, call.name))

    async def remove_passkey(self, caller: Caller, call: PasskeyCall) -> None:
        """Remove a passkey; asks for a fresh proof."""
        required = asks_for_factor(self._live.current.require_second_factor, caller.role)
        command = passkeys.RemovePasskey(caller, call.passkey, self._checks.party.host, required)
        await self._database.write(command)

    async def state(self, caller: Caller, _: Empty) -> SecondFactorAnswer:
        """Return the caller's second factors and remembered devices."""
        return await self._database.read(second_factor_of, caller, self._checks.party)

    async def offer_app(self, caller: Caller, _: Empty) -> AppOffer:
        """Begin to set up an authenticator app; asks for a fresh proof."""
        offered = await self._database.write(change.OfferApp(caller))
        uri = setup_uri(offered.secret, offered.email)
        return AppOffer(offered.secret, uri, qr_code(uri))

    async def confirm_app(self, caller: Caller, call: CodeCall) -> RecoveryCodes:
        """Finish setting up the app with its first code; other devices are signed out."""
        codes = await self._database.write(change.ConfirmApp(caller, call.code))
        return RecoveryCodes(codes or [])

    async def remove_app(self, caller: Caller, _: Empty) -> None:
        """Remove the authenticator app; asks for a fresh proof."""
        required = asks_for_factor(self._live.current.require_second_factor, caller.role)
        await self._database.write(change.RemoveApp(caller, self._checks.party.host, required))

    async def renew_codes(self, caller: Caller, _: Empty) -> RecoveryCodes:
        """Create ten new recovery codes; asks for a fresh proof."""
        return RecoveryCodes(await self._database.write(change.RenewRecoveryCodes(caller)))

    async def forget_devices(self, caller: Caller, _: Empty) -> None:
        """Ask for the second factor again on every remembered device."""
        await self._database.write(store.ForgetAllDevices(caller.user_id))

    async def forget_device(self, caller: Caller, call: DeviceCall) -> None:
        """Ask for the second factor again on one remembered device."""
        await self._database.write(change.ForgetDevice(caller, call.device))
