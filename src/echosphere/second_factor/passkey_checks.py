"""Asks for passkeys and checks what comes back, for each door that takes one."""

import asyncio
from collections.abc import Iterable

from echosphere.accounts import (
    Attempt,
    Authentication,
    Device,
    get_own_user,
    require_fresh_proof,
)
from echosphere.core.caller import Caller
from echosphere.core.errors import Invalid
from echosphere.database import Database, Snapshot
from echosphere.second_factor import store
from echosphere.second_factor.challenges import (
    Challenges,
    ChallengeUse,
    Purpose,
    encode_bytes,
)
from echosphere.second_factor.passkeys import (
    ALREADY_USED,
    WRONG_PASSKEY,
    CheckedPasskey,
    MadePasskey,
)
from echosphere.second_factor.relying_party import RelyingParty
from echosphere.second_factor.signatures import challenge_in, check_assertion, check_registration
from echosphere.second_factor.store import StoredPasskey
from echosphere.second_factor.wire import (
    Assertion,
    AssertionOptions,
    KnownPasskey,
    NewPasskey,
    PasskeyOptions,
)


class PasskeyChecks:
    """Makes challenges and checks the signatures under them.

    Args:
        database: Holds the passkeys.
        authentication: Counts attempts.
        party: For whom passkeys count.
        secret: The instance's secret, which proves that a challenge is ours.
    """

    def __init__(
        self,
        database: Database,
        authentication: Authentication,
        party: RelyingParty,
        secret: str,
    ) -> None:
        self.party = party
        self._database = database
        self._authentication = authentication
        self._challenges = Challenges(secret)

    def challenge(self, purpose: Purpose, subject: str) -> str:
        """Return a challenge for a session, a sign-in under way, or a browser.

        Raises:
            Conflict: This server has no passkeys.
        """
        self.party.require()
        return self._challenges.issue(purpose, subject, self._database.clock())

    def options(
        self, purpose: Purpose, subject: str, known: Iterable[StoredPasskey] = ()
    ) -> AssertionOptions:
        """Return what a browser needs to have a passkey sign.

        Raises:
            Conflict: This server has no passkeys.
        """
        return AssertionOptions(
            challenge=self.challenge(purpose, subject),
            rp_id=self.party.host,
            passkeys=[known_passkey(one) for one in known],
            user_verification="preferred" if purpose == "factor" else "required",
        )

    async def check_new(self, given: NewPasskey, subject: str) -> MadePasskey:
        """Check a passkey that was made.

        Raises:
            Invalid: It does not fit, or took too long.
        """
        use = self._recognize(given.client_data, "register", subject)
        made = await asyncio.to_thread(check_registration, given, self.party)
        if made is None:
            raise Invalid(WRONG_PASSKEY)
        return MadePasskey(use, made, given.name, given.transports, self.party.host)

    async def check(
        self,
        given: Assertion,
        purpose: Purpose,
        subject: str,
        *,
        user_id: str | None = None,
        device: Device | None = None,
    ) -> tuple[CheckedPasskey, Attempt]:
        """Check the signature of a passkey, and count the attempt.

        Args:
            given: What the browser sent.
            purpose: What it is for.
            subject: The session, sign-in or browser that was asked.
            user_id: Whose passkey it must be; anyone's if None.
            device: Where it is used, if it is to sign in.

        Raises:
            Invalid: It does not fit, or took too long.
            TooMany: There were too many failures; `retry_after` says when to try again.
        """
        use = self._recognize(given.client_data, purpose, subject)
        passkey = await self._database.read(store.find_passkey, given.credential)
        if passkey is None or not self._may_be(passkey, given, user_id):
            raise Invalid(WRONG_PASSKEY)
        attempt = await self._authentication.begin_code(passkey.user_id, device)
        signed = await asyncio.to_thread(
            check_assertion,
            given,
            self.party,
            passkey.public_key,
            user_verified=purpose != "factor",
        )
        if signed is None:
            raise Invalid(WRONG_PASSKEY)
        return CheckedPasskey(passkey, use, signed), attempt

    def _recognize(self, client_data: str, purpose: Purpose, subject: str) -> ChallengeUse:
        self.party.require()
        challenge, now = challenge_in(client_data), self._database.clock()
        use = self._challenges.recognize(challenge, purpose, subject, now)
        if use is None:
            raise Invalid(ALREADY_USED)
        return use

    def _may_be(self, passkey: StoredPasskey, given: Assertion, user_id: str | None) -> bool:
        """Whether a passkey is for this host, and of whom it must be and says that it is."""
        named = given.user_handle in ("", user_handle(passkey.user_id))
        return named and passkey.host == self.party.host and user_id in (None, passkey.user_id)


def known_passkey(passkey: StoredPasskey) -> KnownPasskey:
    """Return a passkey as browsers are told of it, to find it."""
    return KnownPasskey(passkey.credential, list(passkey.transports))


def user_handle(user_id: str) -> str:
    """Return what authenticators keep of whose a passkey is: the opaque id, nothing personal."""
    return encode_bytes(user_id.encode())


def passkey_options(snapshot: Snapshot, checks: PasskeyChecks, caller: Caller) -> PasskeyOptions:
    """Return what a browser needs to make a passkey for the caller.

    Raises:
        ProofNeeded: The caller's last proof is too old.
        Conflict: This server has no passkeys.
    """
    require_fresh_proof(snapshot, caller)
    user = get_own_user(snapshot, caller.user_id)
    return PasskeyOptions(
        challenge=checks.challenge("register", caller.session_id),
        rp_id=checks.party.host,
        user_handle=user_handle(user.id),
        email=user.email,
        display_name=user.name,
        known=[known_passkey(one) for one in store.passkeys_of(snapshot, user.id)],
    )
