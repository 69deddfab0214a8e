"""Registers and authenticates users: combines the use cases with password hashing."""

import logging
from contextlib import suppress
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from echosphere.accounts import store
from echosphere.accounts.account import validate
from echosphere.accounts.change_password import StoreNewPassword
from echosphere.accounts.close_account import CloseOwnAccount
from echosphere.accounts.email import normalize_email, redact_email
from echosphere.accounts.fresh_proof import FinishProof
from echosphere.accounts.hashing import PasswordHasher
from echosphere.accounts.known_device import add_known_device, find_known_device
from echosphere.accounts.password import normalize_password
from echosphere.accounts.register import (
    ADMIT,
    REQUIRE_ADDRESS,
    NewAccount,
    Register,
    Registration,
    Waiting,
    email_taken,
    new_account,
    registration_key,
)
from echosphere.accounts.registration_policy import RegistrationPolicy
from echosphere.accounts.session import Device
from echosphere.accounts.sign_in import (
    FIND_KNOWN_DEVICE,
    FIND_WAITING,
    HOLD_SIGN_IN,
    WRONG,
    Attempt,
    BeginCodeAttempt,
    BeginReauthentication,
    BeginSignIn,
    FinishSignIn,
    HoldSignIn,
    PendingSignIn,
    ReleaseAttempt,
    hold_nothing,
)
from echosphere.accounts.store import StoredPassword
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
from echosphere.database import Database, find_created
from echosphere.settings import LiveSettings

SIGN_INS = Rate("sign-in", burst=60, every=2)
"""Every attempt costs a hash; failures are throttled more strictly, in the database."""

MAX_LOGGED = 60
"""Characters of a redacted address in the log: whoever tries chooses what stands there."""

log = logging.getLogger(__name__)

TOO_MANY_ACCOUNTS = "Too many accounts were created from your network."
PASSWORDS_OFF = "This server does not accept passwords. Continue with one of its sign-in services."
WAITING = "An administrator has not approved your account yet. Try again later."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The result of registering or signing in.

    Attributes:
        user: The account.
        token: The session's token.
        is_new: Whether the account was created by this call.
        device_cookie: The new value of the cookie of known devices.
    """

    user: OwnUser
    token: str
    is_new: bool = False
    device_cookie: str = field(default="", repr=False)


class Authentication:
    """Registers users, signs them in and checks the passwords of signed-in users.

    Args:
        database: Holds the accounts.
        password_hasher: Hashes passwords in threads.
        rate_limiter: Limits registrations and sign-ins by address.
        settings: Whether passwords are taken, and failures throttled.
        admission: Decides who may register.
        hold: Whether an account needs a second factor to sign in.
    """

    def __init__(
        self,
        database: Database,
        password_hasher: PasswordHasher,
        rate_limiter: RateLimiter,
        settings: LiveSettings,
        admission: RegistrationPolicy,
        *,
        hold: HoldSignIn = hold_nothing,
    ) -> None:
        self._database = database
        database.provide(ADMIT, admission.admit)
        database.provide(REQUIRE_ADDRESS, admission.require_address)
        database.provide(FIND_WAITING, admission.find_waiting)
        database.provide(FIND_KNOWN_DEVICE, self._find_known_device)
        database.provide(HOLD_SIGN_IN, hold)
        self._password_hasher = password_hasher
        self._rate_limiter = rate_limiter
        self.admission = admission
        self._settings = settings
        self._throttled = settings.start.rate_limits
        self._secret = settings.start.secret_key
        self._server = urlsplit(settings.start.base_url).hostname or ""

    @property
    def passwords(self) -> bool:
        """Whether the server takes passwords at this moment."""
        return self._settings.current.local_passwords

    async def register(self, given: SignUp, device: Device) -> SignedIn | None:
        """Register a user and sign them in.

        A repeat with the same key, address and password gets the same account and, while it is
        active, the same session.

        Returns:
            None if the registration waits for an administrator.

        Raises:
            Forbidden: They may not register, or a repeat still waits.
            Gone: The invite was used up by others at the same moment.
            Invalid: A field breaks a rule.
            Conflict: The e-mail address has an account already.
            TooMany: Too many registrations from this network address.
            Unavailable: Too many passwords wait to be hashed, or none can be estimated.
        """
        self.require_passwords()
        known = {"name": given.name, "email": given.email, "server": self._server}
        guessable = await self._password_hasher.is_guessable(given.password, **known)
        account = new_account(password=given.password, **known, guessable=guessable)
        creation, token = registration_key(account.email, given.key), None
        if given.key is not None:
            token = derive_token(self._secret, "session", account.email, given.key)
            if await self._database.read(find_created, creation) is not None:
                return await self._answer_repeat(account, device, token)
        await self._database.read(self.admission.check, account.email, given.invite)
        await self.count_registration(device.address, given.invite)
        hashed = await self._password_hasher.hash(account.password)
        without = replace(account, password="")
        registration = Registration(without, hashed, creation, token, given.invite)
        made = await self._database.write(Register(registration, device))
        if made is None:
            return await self._answer_repeat(account, device, token)
        if isinstance(made, Waiting):
            return None
        user, token_made = made
        device_cookie = add_known_device(self._secret, device.device_cookie, user.id, hashed)
        return SignedIn(user, token_made, is_new=True, device_cookie=device_cookie)

    async def count_registration(self, address: str, invite: str | None) -> None:
        """Count a registration for the invite if it has an allowance left, else for the address.

        Raises:
            TooMany: Too many were made from this network address.
        """
        allowed = None
        if invite is not None:
            allowed = await self._database.read(self.admission.find_allowance, invite)
        if allowed is not None:
            with suppress(TooMany):
                rate = per_hour("registrations by an invitation", allowed.per_hour)
                self._rate_limiter.take(rate, allowed.invite)
                return
        count = self._settings.current.registrations_per_hour
        try:
            rate = per_hour("registrations of an address", count)
            self._rate_limiter.take(rate, address_key(address))
        except TooMany as refusal:
            raise too_many_requests(TOO_MANY_ACCOUNTS, refusal.retry_after or 1) from None

    async def _answer_repeat(
        self, account: NewAccount, device: Device, token: str | None
    ) -> SignedIn:
        """Answer a repeated registration; with a wrong password, as if the key were new."""
        try:
            again = await self._authenticate(account.email, account.password, device, token)
        except Unauthorized:
            raise email_taken() from None
        if isinstance(again, PendingSignIn):
            raise email_taken()
        return again

    async def sign_in(self, given: SignIn, device: Device) -> SignedIn | PendingSignIn:
        """Sign a user in, or up to the second factor if the account needs one.

        An unknown address takes as long and gets the same answer as a wrong password.

        Raises:
            Invalid: Not an e-mail address, or too long a password.
            Unauthorized: The address or the password is wrong.
            Forbidden: The registration waits for an administrator.
            TooMany: Too many failures; `retry_after` says when to try again.
            Unavailable: Too many passwords wait to be hashed.
        """
        self.require_passwords()
        accepted = validate(
            {
                "email": lambda: normalize_email(given.email),
                "password": lambda: normalize_password(given.password),
            }
        )
        return await self._authenticate(accepted["email"], accepted["password"], device, None)

    async def _authenticate(
        self, email: str, password: str, device: Device, known_token: str | None
    ) -> SignedIn | PendingSignIn:
        address = address_key(device.address)
        self._rate_limiter.take(SIGN_INS, address)
        attempt = await self._database.write(
            BeginSignIn(email, address, device.device_cookie, self._throttled)
        )
        try:
            stored = await self._check_password(attempt, password)
        except Unauthorized:
            log.info("Sign-in failed: %s", redact_email(email)[:MAX_LOGGED])
            raise
        if attempt.secret is not None and attempt.secret.waiting:
            await self._database.write(ReleaseAttempt(attempt))
            raise Forbidden(WAITING)
        new_hash = None
        if self._password_hasher.is_outdated(stored):
            new_hash = await self._password_hasher.hash(password)
        opened = await self._database.write(FinishSignIn(attempt, new_hash, device, known_token))
        if isinstance(opened, PendingSignIn):
            return opened
        user, token = opened
        return self.signed_in(user, token, device, new_hash or stored)

    def signed_in(self, user: OwnUser, token: str, device: Device, stored: str) -> SignedIn:
        """Return the result of a sign-in, with the device among the known ones.

        Args:
            user: The account.
            token: The token of its new session.
            device: The device.
            stored: The stored form of the account's password.
        """
        device_cookie = add_known_device(self._secret, device.device_cookie, user.id, stored)
        return SignedIn(user, token, device_cookie=device_cookie)

    async def begin_code(self, user_id: str, device: Device | None = None) -> Attempt:
        """Count an attempt at a second factor before it is checked.

        Raises:
            TooMany: There were too many failures; `retry_after` says when to try again.
        """
        cookie = "" if device is None else device.device_cookie
        attempt = await self._database.write(BeginCodeAttempt(user_id, cookie, self._throttled))
        attempt.require_not_throttled()
        return attempt

    def _find_known_device(self, cookie: str, stored: StoredPassword) -> str | None:
        return find_known_device(self._secret, cookie, stored.user_id, stored.password)

    async def change_password(self, caller: Caller, given: ChangePassword) -> None:
        """Change the caller's password and sign their other devices out.

        Raises:
            Invalid: The new password breaks a rule, or the current one is wrong.
            TooMany: Too many wrong current passwords.
            Unavailable: Too many passwords wait to be hashed, or none can be estimated.
        """
        self.require_passwords()
        own = await self._database.read(store.get_own_user, caller.user_id)
        new = await self._password_hasher.require_strong(
            "new", given.new, name=own.name, email=own.email, server=self._server
        )
        attempt = await self.attempt(caller, "current", given.current)
        new_hash = await self._password_hasher.hash(new)
        await self._database.write(StoreNewPassword(caller, attempt, new_hash))

    async def prove(self, caller: Caller, password: str) -> None:
        """Store that the caller has proved with the password who they are.

        Raises:
            Invalid: The password is wrong.
            TooMany: Too many wrong passwords.
            Unavailable: Too many passwords wait to be hashed.
        """
        attempt = await self.reauthenticate(caller, "password", password)
        await self._database.write(FinishProof(caller, attempt))

    async def close_account(self, caller: Caller, given: CloseAccount) -> None:
        """Close the caller's account for good.

        Raises:
            Invalid: The password is wrong.
            TooMany: Too many wrong passwords.
            Unavailable: Too many passwords wait to be hashed.
        """
        attempt = await self.attempt(caller, "password", given.password)
        close = CloseOwnAccount(caller, attempt, self.passwords, given.delete_messages)
        await self._database.write(close)

    async def attempt(self, caller: Caller, field: str, given: str | None) -> Attempt | None:
        """Check a password if one is given; `accept_proof` takes what comes back.

        Raises:
            Invalid: The password is wrong.
            TooMany: Too many wrong passwords.
            Unavailable: Too many passwords wait to be hashed.
            Forbidden: The server takes no passwords.
        """
        return None if given is None else await self.reauthenticate(caller, field, given)

    def require_passwords(self) -> None:
        """Refuse where people sign in at a sign-in service only.

        Raises:
            Forbidden: The server takes no passwords.
        """
        if not self.passwords:
            raise Forbidden(PASSWORDS_OFF)

    async def reauthenticate(self, caller: Caller, field: str, given: str) -> Attempt:
        """Check the caller's password and return the proof.

        Raises:
            Invalid: The password is wrong; the problem is that of `field`.
            TooMany: Too many wrong passwords.
            Unavailable: Too many passwords wait to be hashed.
            Forbidden: The server takes no passwords.
        """
        self.require_passwords()
        password = validate({field: lambda: normalize_password(given)})[field]
        attempt = await self._database.write(BeginReauthentication(caller.user_id, self._throttled))
        try:
            await self._check_password(attempt, password)
        except Unauthorized:
            sentence = "This is not your current password."
            raise Invalid(sentence, fields={field: sentence}) from None
        return attempt

    async def _check_password(self, attempt: Attempt, password: str) -> str:
        """Check the password of an attempt and return its stored form."""
        attempt.require_not_throttled()
        secret = attempt.secret
        stored = None if secret is None else secret.password
        try:
            matches = await self._password_hasher.matches(stored, password)
        except Unavailable:
            await self._database.write(ReleaseAttempt(attempt))
            raise
        if not matches or stored is None:
            raise Unauthorized(WRONG)
        return stored
