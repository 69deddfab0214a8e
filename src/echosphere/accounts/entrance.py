"""Where people come in: joins the use cases with the hashing of passwords, for every door."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from echosphere.accounts import store
from echosphere.accounts.account import collect
from echosphere.accounts.change_password import change_password
from echosphere.accounts.close_account import close_account
from echosphere.accounts.email import accepted_email
from echosphere.accounts.hashing import Passwords
from echosphere.accounts.known_device import recognised, remembered
from echosphere.accounts.password import accepted_password, normalised_password
from echosphere.accounts.profile import Concerned
from echosphere.accounts.session import Device
from echosphere.accounts.sign_in import (
    WRONG,
    Attempt,
    DeviceOf,
    begin_proof,
    begin_sign_in,
    finish_sign_in,
    give_back,
)
from echosphere.accounts.sign_up import (
    NewAccount,
    Registration,
    address_taken,
    new_account,
    registration_of,
    sign_up,
)
from echosphere.accounts.store import Secret
from echosphere.accounts.wire import ChangePassword, CloseAccount, OwnUser, SignIn, SignUp
from echosphere.core.caller import Caller
from echosphere.core.errors import (
    Forbidden,
    Invalid,
    TooMany,
    Unauthorized,
    Unavailable,
    too_many_requests,
)
from echosphere.core.ids import derive_token
from echosphere.core.rate_limits import Rate, RateLimiter, address_key, per_hour
from echosphere.database import Database, Snapshot, find_created
from echosphere.settings import Settings

SIGN_INS = Rate("sign-in", burst=60, every=2)
"""Right or wrong, each costs a hash; failures are counted more strictly, in the database."""

TOO_MANY_ACCOUNTS = "Too many accounts were made from here."
CLOSED_DOOR = "This server takes no registrations. Ask its operator for an account."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in now.

    Attributes:
        user: Who it is.
        token: That of the session.
        is_new: Whether the account was made just now.
        kept: What the device keeps of those who signed in on it.
    """

    user: OwnUser
    token: str
    is_new: bool = False
    kept: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many people may register by one invitation, wherever they are.

    Attributes:
        invite: Which one.
        people: How many within an hour.
    """

    invite: str
    people: int


FindAllowance = Callable[[Snapshot, str], Allowance | None]
"""Returns what the holder of an invitation's secret may do; None for one that is worth nothing."""


def no_allowance(_snapshot: Snapshot, _secret: str) -> Allowance | None:
    """Find no invitation, where there are none."""
    return None


class Entrance:
    """Registers people, signs them in and lets them prove who they are.

    Args:
        database: Where the accounts are.
        passwords: Hashes passwords off the loop.
        rate_limiter: Counts registrations and sign-ins per address.
        settings: Whether registration is open, and whether failures count.
        on_close: What other features do when an account is closed, in the same transaction.
        find_allowance: Finds what an invitation allows.
    """

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        rate_limiter: RateLimiter,
        settings: Settings,
        *,
        on_close: Sequence[Concerned] = (),
        find_allowance: FindAllowance = no_allowance,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._rate_limiter = rate_limiter
        self._on_close = on_close
        self._find_allowance = find_allowance
        self._per_address = per_hour("registrations of an address", settings.registrations_per_hour)
        self._counted = settings.rate_limits
        self._secret = settings.secret_key
        self._server = urlsplit(settings.base_url).hostname or ""
        self.is_open = settings.registration

    async def sign_up(self, given: SignUp, device: Device) -> SignedIn:
        """Register a person and sign them in.

        A repeat with the same key, address and password gets the first answer: the same person,
        and the same session as long as it lives.

        Raises:
            Forbidden: Registration is closed.
            Invalid: A field breaks a rule.
            Conflict: The address has an account already.
            TooMany: Too many registrations from this address.
            Unavailable: Too many passwords wait to be hashed.
        """
        if not self.is_open:
            raise Forbidden(CLOSED_DOOR)
        account = await asyncio.to_thread(  # estimating a password takes too long for the loop
            new_account,
            email=given.email,
            name=given.name,
            password=given.password,
            server=self._server,
        )
        wish, token = registration_of(account.email, given.key), None
        if given.key is not None:
            token = derive_token(self._secret, "session", account.email, given.key)
            if await self._database.read(find_created, wish) is not None:
                return await self._repeated(account, device, token)
        await self._take_turn(device.address, given.invite)
        hashed = await self._passwords.hash(account.password)
        registration = Registration(account, hashed, wish, token)
        made = await self._database.write(sign_up, registration, device)
        if made is None:
            return await self._repeated(account, device, token)
        user, token_made = made
        kept = remembered(self._secret, device.kept, user.id, hashed)
        return SignedIn(user, token_made, is_new=True, kept=kept)

    async def _take_turn(self, address: str, invite: str | None) -> None:
        """Count a registration for the invitation that it comes by, else for the address."""
        allowed = None
        if invite is not None:
            allowed = await self._database.read(self._find_allowance, invite)
        if allowed is not None:
            with suppress(TooMany):
                rate = per_hour("registrations by an invitation", allowed.people)
                self._rate_limiter.take(rate, allowed.invite)
                return
        try:
            self._rate_limiter.take(self._per_address, address_key(address))
        except TooMany as refusal:
            raise too_many_requests(TOO_MANY_ACCOUNTS, refusal.retry_after or 1) from None

    async def _repeated(self, account: NewAccount, device: Device, token: str | None) -> SignedIn:
        """Answer a registration that was done before; a wrong password learns what anybody would."""
        try:
            return await self._enter(account.email, account.password, device, token)
        except Unauthorized:
            raise address_taken() from None

    async def sign_in(self, given: SignIn, device: Device) -> SignedIn:
        """Sign a person in.

        An unknown address costs the same work and gets the same answer as a wrong password.

        Raises:
            Invalid: Not an e-mail address, or an endless password.
            Unauthorized: The address or the password is wrong.
            TooMany: Too many failures; `retry_after` says when to try again.
            Unavailable: Too many passwords wait to be hashed.
        """
        accepted = collect(
            {
                "email": lambda: accepted_email(given.email),
                "password": lambda: normalised_password(given.password),
            }
        )
        return await self._enter(accepted["email"], accepted["password"], device, None)

    async def _enter(
        self, email: str, password: str, device: Device, known_token: str | None
    ) -> SignedIn:
        address = address_key(device.address)
        self._rate_limiter.take(SIGN_INS, address)
        attempt = await self._database.write(
            begin_sign_in, email, address, self._device_of(device), self._counted
        )
        stored = await self._proved(attempt, password)
        new_hash = None
        if self._passwords.is_outdated(stored):
            new_hash = await self._passwords.hash(password)
        user, token = await self._database.write(
            finish_sign_in, attempt, new_hash, device, known_token
        )
        kept = remembered(self._secret, device.kept, user.id, new_hash or stored)
        return SignedIn(user, token, kept=kept)

    def _device_of(self, device: Device) -> DeviceOf:
        def find(secret: Secret) -> str | None:
            return recognised(self._secret, device.kept, secret.user, secret.password)

        return find

    async def change_password(self, caller: Caller, given: ChangePassword) -> None:
        """Change the caller's password and sign their other devices out.

        Raises:
            Invalid: The new password breaks a rule, or the current one is wrong.
            TooMany: Too many wrong current passwords.
            Unavailable: Too many passwords wait to be hashed.
        """
        own = await self._database.read(store.get_own_user, caller.user_id)
        new = await asyncio.to_thread(self._new_password, given.new, own)
        attempt = await self._proof(caller, "current", given.current)
        new_hash = await self._passwords.hash(new)
        await self._database.write(change_password, caller, attempt, new_hash)

    def _new_password(self, given: str, own: OwnUser) -> str:
        rule = {
            "new": lambda: accepted_password(
                given, name=own.name, email=own.email, server=self._server
            )
        }
        return collect(rule)["new"]

    async def close_account(self, caller: Caller, given: CloseAccount) -> None:
        """Close the caller's account for good.

        Raises:
            Invalid: The password is wrong.
            TooMany: Too many wrong passwords.
            Unavailable: Too many passwords wait to be hashed.
        """
        attempt = await self._proof(caller, "password", given.password)
        await self._database.write(close_account, caller, attempt, self._on_close)

    async def _proof(self, caller: Caller, field: str, given: str) -> Attempt:
        password = collect({field: lambda: normalised_password(given)})[field]
        attempt = await self._database.write(begin_proof, caller.user_id, self._counted)
        try:
            await self._proved(attempt, password)
        except Unauthorized:
            sentence = "This is not your current password."
            raise Invalid(sentence, fields={field: sentence}) from None
        return attempt

    async def _proved(self, attempt: Attempt, password: str) -> str:
        """Return the stored password that the given one matches."""
        attempt.require_turn()
        secret = attempt.secret
        stored = None if secret is None else secret.password
        try:
            matches = await self._passwords.matches(stored, password)
        except Unavailable:
            await self._database.write(give_back, attempt)
            raise
        if not matches or stored is None:
            raise Unauthorized(WRONG)
        return stored
