"""Opens a session for who holds a passkey, without a password."""

from dataclasses import replace

from echosphere.accounts import (
    Attempt,
    Authentication,
    Device,
    OwnUser,
    SignedIn,
    StoredPassword,
    announce_new_device,
    clear_failures,
    find_password,
    get_own_user,
    lock_user,
    open_session,
)
from echosphere.core.errors import Invalid, Unauthorized
from echosphere.core.ids import token_hash
from echosphere.database import Command, Database, Transaction
from echosphere.second_factor.passkey_checks import PasskeyChecks
from echosphere.second_factor.passkeys import WRONG_PASSKEY, CheckedPasskey, use_passkey
from echosphere.second_factor.wire import Assertion, AssertionOptions


class PasskeySignIns:
    """Signs in by a passkey that its authenticator has found by itself.

    Whoever asks names no account, so no one learns from the answer which there are.

    Args:
        database: Holds the accounts.
        authentication: Counts attempts and knows devices.
        checks: Checks passkeys.
    """

    def __init__(
        self, database: Database, authentication: Authentication, checks: PasskeyChecks
    ) -> None:
        self._database = database
        self._authentication = authentication
        self._checks = checks

    def options(self, browser: str) -> AssertionOptions:
        """Return what a browser needs to ask for a passkey.

        Args:
            browser: A token that the browser, and no one else, holds.

        Raises:
            Conflict: This server has no passkeys.
        """
        return self._checks.options("sign-in", token_hash(browser))

    async def finish(self, given: Assertion, browser: str, device: Device) -> SignedIn:
        """Sign in who holds a passkey; the authenticator has checked that it is them.

        Raises:
            Unauthorized: The passkey does not fit, or took too long.
            Forbidden: The account is suspended or deactivated.
            TooMany: There were too many failures; `retry_after` says when to try again.
            Conflict: This server has no passkeys.
        """
        if device.kind == "bearer":
            device = replace(device, replaces=None)
        try:
            checked, attempt = await self._checks.check(
                given, "sign-in", token_hash(browser), device=device
            )
            opened = await self._database.write(SignInByPasskey(checked, attempt, device))
        except Invalid:
            raise Unauthorized(WRONG_PASSKEY) from None
        if opened is None:
            raise Unauthorized(WRONG_PASSKEY)
        user, session, stored = opened
        return self._authentication.signed_in(user, session, device, stored.password)


class SignInByPasskey(Command[tuple[OwnUser, str, StoredPassword] | None]):
    """Use up the challenge and open a session; None if the passkey's counter went back.

    Returns:
        The user, the token of the session, and the stored password.
    """

    checked: CheckedPasskey
    attempt: Attempt
    device: Device

    def run(self, transaction: Transaction) -> tuple[OwnUser, str, StoredPassword] | None:
        """Open it."""
        user_id = self.checked.passkey.user_id
        lock_user(transaction, user_id)
        if not use_passkey(transaction, self.checked):
            return None
        stored = find_password(transaction, user_id)
        if stored is None:
            raise Unauthorized(WRONG_PASSKEY)
        clear_failures(transaction, self.attempt)
        session = open_session(transaction, user_id, self.device)
        if not self.attempt.known_device:
            announce_new_device(transaction, user_id, self.device)
        return get_own_user(transaction, user_id), session, stored
