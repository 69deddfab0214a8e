"""The route that finishes a sign-in, and sets cookies."""

from quart import Response, request
from quart.typing import ResponseTypes

from echosphere.accounts import AccountsApi, SignedInAnswer
from echosphere.core.clock import SECOND
from echosphere.core.errors import Invalid
from echosphere.core.rate_limits import Rate, RateLimiter, address_key
from echosphere.second_factor.finish_sign_in import Finished, SecondSteps
from echosphere.second_factor.hold import REMEMBERED_FOR
from echosphere.second_factor.wire import Assertion, AssertionOptions, FinishSignIn, PendingCall
from echosphere.web import Api, Json

CODES = Rate("codes of an address", burst=60, every=2)
"""Failures of an account are throttled more strictly, in the database."""


class SecondFactorApi:
    """Serves `POST /sessions/second-factor`, and what a passkey needs for it.

    Args:
        steps: Finishes sign-ins.
        accounts: Has the cookies.
        rate_limiter: Limits attempts by address.
    """

    def __init__(
        self, steps: SecondSteps, accounts: AccountsApi, rate_limiter: RateLimiter
    ) -> None:
        self._steps = steps
        self._accounts = accounts
        self._rate_limiter = rate_limiter

    def serve(self, api: Api) -> None:
        """Add the routes."""
        api.post(
            "/sessions/second-factor/passkey",
            self.passkey_options,
            body=PendingCall,
            answer=AssertionOptions,
            anonymous=True,
        )
        api.post(
            "/sessions/second-factor",
            self.finish,
            body=FinishSignIn,
            answer=SignedInAnswer,
            status=201,
            anonymous=True,
        )

    async def finish(self, given: FinishSignIn) -> Response:
        """Finish a sign-in by a code or a passkey; who asked for a bearer token gets one."""
        proof = given.code if given.assertion is None else given.assertion
        if proof is None:
            raise Invalid("Enter a code, or use a passkey.")
        finished = await self.run(given.pending, proof, remember=given.remember)
        if finished.kind == "bearer":
            signed_in = finished.signed_in
            return Json.of(SignedInAnswer(signed_in.user, signed_in.token), 201)
        response = self._accounts.with_cookies(finished.signed_in, 201)
        self.remember(response, finished)
        return response

    async def passkey_options(self, given: PendingCall) -> AssertionOptions:
        """Begin to finish a sign-in by a passkey."""
        return await self._steps.passkey_options(given.pending)

    async def run(self, pending: str, proof: str | Assertion, *, remember: bool) -> Finished:
        """Finish the sign-in of a token on the device of the current request."""
        self._rate_limiter.take(CODES, address_key(request.remote_addr or ""))
        device = self._accounts.cookie.device(request)
        return await self._steps.finish(pending, proof, device, remember=remember)

    def remember(self, response: ResponseTypes, finished: Finished) -> None:
        """Set the cookie of a browser that is to be remembered."""
        if finished.remembered is not None:
            cookie = self._accounts.cookie
            cookie.set_remembered(response, finished.remembered, REMEMBERED_FOR // SECOND)
