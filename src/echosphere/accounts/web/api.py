"""What sets or clears the cookie of a session, over REST."""

from quart import Response, request

from echosphere.accounts.authentication import Authentication, SignedIn
from echosphere.accounts.hashing import PasswordHasher
from echosphere.accounts.registration_policy import RegistrationPolicy
from echosphere.accounts.sessions import EndSession
from echosphere.accounts.sign_in import HoldSignIn, PendingSignIn, hold_nothing
from echosphere.accounts.web.cookie import SessionCookie
from echosphere.accounts.wire import (
    CloseAccount,
    PendingAnswer,
    SignedInAnswer,
    SignIn,
    SignUp,
    WaitingAnswer,
)
from echosphere.core.caller import Caller
from echosphere.core.rate_limits import RateLimiter
from echosphere.database import Database
from echosphere.settings import LiveSettings
from echosphere.web import Api, Json


class AccountsApi:
    """The REST routes that set or clear the session cookie.

    Args:
        database: Holds the accounts.
        password_hasher: Hashes passwords in threads.
        rate_limiter: Limits registrations and sign-ins.
        settings: Whether the cookie is for HTTPS only, and what registering needs.
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
        self.database = database
        self.authentication = Authentication(
            database,
            password_hasher,
            rate_limiter,
            settings,
            admission,
            hold=hold,
        )
        self.cookie = SessionCookie.of(settings.start)

    def serve(self, api: Api) -> None:
        """Add the routes."""
        api.post(
            "/accounts",
            self.register,
            body=SignUp,
            answer=SignedInAnswer,
            status=201,
            may_exist=True,
            waiting=WaitingAnswer,
            anonymous=True,
        )
        api.post(
            "/sessions",
            self.sign_in,
            body=SignIn,
            answer=SignedInAnswer,
            status=201,
            anonymous=True,
        )
        api.delete("/sessions/current", self.sign_out, status=204)
        api.delete("/me", self.close_account, body=CloseAccount, status=204)

    async def register(self, given: SignUp) -> Response:
        """Register and be signed in with a session cookie, or wait for an administrator."""
        signed_in = await self.authentication.register(given, self.cookie.device(request))
        if signed_in is None:
            return Json.of(WaitingAnswer(), 202)
        return self.with_cookies(signed_in, 201 if signed_in.is_new else 200)

    async def sign_in(self, given: SignIn) -> Response:
        """Sign in, with a session cookie or, for programs, a bearer token."""
        device = self.cookie.device(request, bearer=given.bearer)
        signed_in = await self.authentication.sign_in(given, device)
        if isinstance(signed_in, PendingSignIn):
            return Json.of(PendingAnswer(signed_in.token), 202)
        if given.bearer:
            return Json.of(SignedInAnswer(signed_in.user, signed_in.token), 201)
        return self.with_cookies(signed_in, 201)

    async def sign_out(self, caller: Caller) -> Response:
        """Sign this device out."""
        await self.database.write(EndSession(caller.user_id, caller.session_id, "here"))
        response = Response(status=204)
        self.cookie.clear(response)
        return response

    async def close_account(self, caller: Caller, given: CloseAccount) -> Response:
        """Close the caller's account for good."""
        await self.authentication.close_account(caller, given)
        response = Response(status=204)
        self.cookie.clear(response)
        return response

    def with_cookies(self, signed_in: SignedIn, status: int) -> Response:
        """Return the answer to a browser that is signed in now."""
        response = Json.of(SignedInAnswer(signed_in.user), status)
        self.cookie.set(response, signed_in.token)
        self.cookie.set_device(response, signed_in.device_cookie)
        return response
